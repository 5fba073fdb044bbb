/**
 * @file Runs of real machines that were recorded and are kept with the page, in recorded/: read when they are first wanted.
 */
import { signal } from '@preact/signals';
import { sha256Of } from '../base/checksum.ts';
import { fail, messageOf } from '../base/errors.ts';
import { parseIndex, parseRecorded, resultsFileName } from '../remote/recorded.ts';
import { maxResultBytes } from '../remote/transport.ts';
import type { RecordedRemote } from './remote-kinds.ts';

/** `undefined` until they have been read. */
export const recorded = signal<readonly RecordedRemote[] | undefined>(undefined);

/** Why some of them cannot be shown, one text each. */
export const recordedErrors = signal<readonly string[]>([]);

/** Reads index and records once. Never rejects. */
export async function loadRecorded(): Promise<void> {
  if (recorded.value) return;
  const errors: string[] = [];
  const keep = (error: unknown): undefined => void errors.push(messageOf(error));
  const files = (await fetchFile('index.json').then(textOf).then(parseIndex).catch(keep))?.runs ?? [];
  const read = async (file: string): Promise<RecordedRemote> => ({
    kind: 'recorded',
    file,
    run: parseRecorded(await textOf(await fetchFile(file))),
  });
  const remotes = await Promise.all(files.map((file) => read(file).catch(keep)));
  recorded.value = remotes.filter((remote) => remote !== undefined);
  recordedErrors.value = errors;
}

/** Whether a run is of the program with that text. */
export function isOf(text: string, { run }: RecordedRemote): boolean {
  return run.provenance.source === text;
}

/** The tensors of a recorded run; rejects where they are not those that were recorded. */
export async function resultsOf({ file, run }: RecordedRemote): Promise<Uint8Array> {
  const name = resultsFileName(file);
  const results = new Uint8Array(await (await fetchFile(name)).arrayBuffer());
  if ((await sha256Of(results)) !== run.provenance.results_sha256)
    fail(`recorded: ${name} is not what was recorded; its checksum differs`);
  return results;
}

async function fetchFile(name: string): Promise<Response> {
  const response = await fetch(`recorded/${name}`, { cache: 'no-cache' });
  if (!response.ok) fail(`recorded: ${name} is not there (status ${response.status})`);
  if (Number(response.headers.get('content-length')) > maxResultBytes)
    fail(`recorded: ${name} is larger than ${maxResultBytes} bytes`);
  return response;
}

const textOf = (response: Response): Promise<string> => response.text();
