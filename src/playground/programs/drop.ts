/**
 * @file A program's file, dropped anywhere on the page.
 */
import { addFile } from './program.ts';

/** Opens a file that is dropped, until `signal` aborts. Dialogs take files of their own. */
export function takeDroppedFiles(signal: AbortSignal): void {
  const isOurs = (event: DragEvent): boolean =>
    (event.dataTransfer?.types.includes('Files') ?? false) && !(event.target as Element).closest('dialog');
  // In the capture phase, since the editor would put the file's name into the text.
  const options = { capture: true, signal };
  addEventListener('dragover', (event) => isOurs(event) && event.preventDefault(), options);
  addEventListener(
    'drop',
    (event) => {
      const file = event.dataTransfer?.files[0];
      if (!file || !isOurs(event)) return;
      event.preventDefault();
      event.stopPropagation();
      void addFile(file);
    },
    options,
  );
}
