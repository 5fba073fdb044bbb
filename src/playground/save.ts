/**
 * @file Gives the visitor a file.
 */

/** Saves bytes under a name, as a download does. */
export function saveFile(name: string, bytes: Uint8Array, type: string): void {
  const url = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The download has begun by the next task; the bytes are not needed by then.
  setTimeout(() => URL.revokeObjectURL(url));
}

/** A name as part of a file's name. */
export function plainName(name: string): string {
  return (
    name
      .replaceAll(/[^A-Za-z0-9]+/g, '_')
      .replaceAll(/^_+|_+$/g, '')
      .slice(0, 60) || 'model'
  );
}
