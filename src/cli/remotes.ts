/**
 * @file Remotes by their addresses on the command line: what carries a job there, and where tokens come from.
 */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, messageOf } from '../base/errors.ts';
import type { RemoteAccess } from '../remote/node/access.ts';
import { transportTo } from '../remote/node/access.ts';
import { addressKinds } from '../remote/node/kinds/index.ts';
import type { ComparedRemote } from '../compare/with-remotes.ts';
import { protocolOf, readAddress } from '../remote/address.ts';
import type { DroppedFile } from '../remote/file.ts';
import { fileResults, unpackResults } from '../remote/file.ts';
import { jobFiles } from '../remote/job.ts';
import { progressText } from '../remote/transport.ts';
import { askSecret } from './ask.ts';

/** What `--help` says of addresses and secrets. */
export const remoteHelp = addressKinds
  .flatMap(({ form, about, hints = [] }) => [`${form}: ${about}`, ...hints.map((hint) => `  ${hint}`)])
  .map((line, i) => `${(i === 0 ? '  --remote ADDRESS' : '').padEnd(20)}${line}`)
  .join('\n');

/** One remote by its address, with what is known of its secrets. */
export function namedAt(text: string): RemoteAccess {
  return { ...readAddress(text, tokensOf([text])[0]), passphrase };
}

/** WUDNN_PASSPHRASE first; then somebody at the terminal is asked. */
async function passphrase(file: string, attempt: number): Promise<string | undefined> {
  const given = process.env['WUDNN_PASSPHRASE'];
  if (attempt === 1 && given) return given;
  return askSecret(`${attempt === 1 ? '' : 'Wrong passphrase. '}Passphrase of ${file}: `);
}

/**
 * Remotes for a comparison, among them `file:PATH`: results that were made by hand. Throws where an address is none, or
 * one is given twice.
 */
export function comparedAt(texts: readonly string[]): ComparedRemote[] {
  const tokens = tokensOf(texts);
  const remotes = texts.map((text, i) =>
    isFile(text) ? madeByHand(text.slice('file:'.length)) : runThere(text, tokens[i]),
  );
  const twice = remotes.find(({ name }, i) => remotes.findIndex((other) => other.name === name) < i);
  return twice ? fail(`--remote ${twice.name} is given twice`) : remotes;
}

const isFile = (text: string): boolean => protocolOf(text) === 'file:';

/**
 * Each address's token: those of WUDNN_TOKEN in turn for the servers whose address has none, so that none reaches a
 * server it is not for.
 */
function tokensOf(texts: readonly string[]): string[] {
  const given = (process.env['WUDNN_TOKEN'] ?? '').split(/\s+/).filter(Boolean);
  const wants = texts.map(
    (text) => !isFile(text) && /^https?:/.test(readAddress(text).address) && readAddress(text).token === '',
  );
  const servers = wants.filter(Boolean).length;
  if (servers > 0 && given.length > 0 && given.length !== servers)
    fail(
      `WUDNN_TOKEN has ${given.length} of ${servers} tokens; give one for each server, in order, separated by spaces`,
    );
  return wants.map((wanted) => (wanted ? (given.shift() ?? '') : ''));
}

function runThere(text: string, token: string): ComparedRemote {
  const named = readAddress(text, token);
  const transport = transportTo({ ...named, passphrase });
  return {
    name: named.address,
    origin: 'run for this comparison',
    repeatable: true,
    async run(job, { signal, onProgress }) {
      const { report, tensors } = await transport.run(job, {
        signal,
        onProgress: (progress) => onProgress(progressText(progress)),
      });
      return { report, results: tensors };
    },
  };
}

function madeByHand(path: string): ComparedRemote {
  if (path === '') fail('file: no path was given; write file:FOLDER or file:RESULTS.zip');
  return {
    name: path,
    origin: 'run by hand',
    repeatable: false,
    run: async (job) => fileResults(unpackResults(await filesAt(path)), job),
  };
}

/** The results in a folder, or the zip of them. */
async function filesAt(path: string): Promise<DroppedFile[]> {
  const read = async (file: string): Promise<DroppedFile> => ({
    name: file,
    bytes: new Uint8Array(await readFile(file)),
  });
  try {
    if (!(await stat(path)).isDirectory()) return [await read(path)];
    return await Promise.all([jobFiles.report, jobFiles.results].map((name) => read(join(path, name))));
  } catch (error) {
    return fail(
      `file: ${path} cannot be read: ${messageOf(error)}; give the job's folder after python ${jobFiles.program} ran in it, or a zip of it`,
    );
  }
}
