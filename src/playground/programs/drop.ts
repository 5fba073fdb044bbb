/**
 * @file Files that come to the page without a dialog: programs and images, dropped anywhere; images, pasted.
 */
import { showPane } from '../bench/arrangement.ts';
import { isImageFile, takeImage } from '../input-image.ts';
import { addFile } from './program.ts';

/** Opens what is dropped or pasted, until `signal` aborts. Dialogs take files of their own. */
export function takeDroppedFiles(signal: AbortSignal): void {
  const isOurs = (event: Event, data: DataTransfer | null): boolean =>
    (data?.types.includes('Files') ?? false) && !(event.target as Element).closest('dialog, [data-drops]');
  // In the capture phase, since the editor would put the file's name into the text.
  const options = { capture: true, signal };
  addEventListener('dragover', (event) => isOurs(event, event.dataTransfer) && event.preventDefault(), options);
  addEventListener(
    'drop',
    (event) => {
      const file = event.dataTransfer?.files[0];
      if (!file || !isOurs(event, event.dataTransfer)) return;
      event.preventDefault();
      event.stopPropagation();
      if (isImageFile(file)) void showImage(file);
      else void addFile(file);
    },
    options,
  );
  addEventListener(
    'paste',
    (event) => {
      const data = event.clipboardData;
      const file = [...(data?.files ?? [])].find(isImageFile);
      // A copied table is a text with an image of it; the text is meant.
      if (!file || !isOurs(event, data) || data!.types.includes('text/plain')) return;
      event.preventDefault();
      event.stopPropagation();
      void showImage(file);
    },
    options,
  );
}

/** Takes an image, and brings forward what became of it. */
async function showImage(file: File): Promise<void> {
  await takeImage(file);
  showPane('output');
}
