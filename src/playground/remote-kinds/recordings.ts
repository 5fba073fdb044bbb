/**
 * @file Runs of real machines that were recorded and are kept with the page, in recorded/: read when they are first
 * wanted. Each is a remote whose results are here already.
 */
import { signal } from '@preact/signals';
import { sha256Of } from '../../base/checksum.ts';
import { fail, messageOf } from '../../base/errors.ts';
import { parseIndex, parseRecorded, resultsFileName } from '../../remote/recorded-run.ts';
import { maxResultBytes } from '../../remote/transport.ts';
import type { RecordedRun } from '../../remote/recorded-run.ts';
import { say } from '../language.ts';
import { text } from '../programs/program.ts';
import { lastRun } from '../state.ts';
import type { PageRemote } from './kind.ts';
import { reportText } from './kind.ts';

/** `undefined` until they have been read. */
export const recorded = signal<readonly PageRemote[] | undefined>(undefined);

/** Why some of them cannot be shown, one text each. */
export const recordedErrors = signal<readonly string[]>([]);

/** Reads index and records once. Never rejects. */
export async function loadRecorded(): Promise<void> {
  if (recorded.value) return;
  const errors: string[] = [];
  const keep = (error: unknown): undefined => void errors.push(messageOf(error));
  const files = (await fetchFile('index.json').then(textOf).then(parseIndex).catch(keep))?.runs ?? [];
  const read = async (file: string): Promise<PageRemote> =>
    recordedRemote(file, parseRecorded(await textOf(await fetchFile(file))));
  const remotes = await Promise.all(files.map((file) => read(file).catch(keep)));
  recorded.value = remotes.filter((remote) => remote !== undefined);
  recordedErrors.value = errors;
}

function recordedRemote(file: string, record: RecordedRun): PageRemote {
  const { report, provenance } = record;
  return {
    key: `recorded ${file}`,
    name: say({
      en: `recorded: ${report.model} on ${report.device.name}, ${provenance.recorded.slice(0, 16).replace('T', ' ')}`,
      zh: `录制：${report.device.name} 上的 ${report.model}，${provenance.recorded.slice(0, 16).replace('T', ' ')}`,
    }),
    get about() {
      return `${reportText(report)}${isOf(text.value, record) ? '' : say({ en: '; not the program in the editor', zh: '；不是编辑器中的程序' })}`;
    },
    origin: say({ en: `recorded ${provenance.recorded}`, zh: `录制于 ${provenance.recorded}` }),
    repeatable: false,
    report,
    record,
    // The record's program need not be printed by this very version, if only weights, inputs and the visitor's program
    // are the same.
    async run({ program, tensors }) {
      const sameProgram =
        isOf(lastRun.value?.text ?? '', record) ||
        provenance.program_sha256 === (await sha256Of(new TextEncoder().encode(program)));
      if (!sameProgram || provenance.tensors_sha256 !== (await sha256Of(tensors)))
        fail(
          say({
            en: `recorded: that run of ${report.model} had another program, weights or inputs than the last run; load its program and compare again`,
            zh: `录制：${report.model} 那次运行的程序、权重或输入与上次运行不同；请载入它的程序再对比`,
          }),
        );
      return { report, results: await resultsOf(file, record) };
    },
  };
}

/** Whether a run is of the program with that text. */
export const isOf = (text: string, { provenance }: RecordedRun): boolean => provenance.source === text;

/** The tensors of a recorded run; rejects where they are not those that were recorded. */
async function resultsOf(file: string, { provenance }: RecordedRun): Promise<Uint8Array> {
  const name = resultsFileName(file);
  const results = new Uint8Array(await (await fetchFile(name)).arrayBuffer());
  if ((await sha256Of(results)) !== provenance.results_sha256)
    fail(
      say({
        en: `recorded: ${name} is not what was recorded; its checksum differs`,
        zh: `录制：${name} 与录制时不同，校验和不一致`,
      }),
    );
  return results;
}

async function fetchFile(name: string): Promise<Response> {
  const response = await fetch(`recorded/${name}`, { cache: 'no-cache' });
  if (!response.ok)
    fail(
      say({
        en: `recorded: ${name} is not there (status ${response.status})`,
        zh: `录制：没有 ${name}（状态 ${response.status}）`,
      }),
    );
  if (Number(response.headers.get('content-length')) > maxResultBytes)
    fail(
      say({
        en: `recorded: ${name} is larger than ${maxResultBytes} bytes`,
        zh: `录制：${name} 大于 ${maxResultBytes} 字节`,
      }),
    );
  return response;
}

const textOf = (response: Response): Promise<string> => response.text();
