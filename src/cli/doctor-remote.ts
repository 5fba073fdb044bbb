/**
 * @file `doctor --remote`: examines the way to a remote, stage by stage.
 */
import { examine } from '../remote/node/access.ts';
import type { StageResult, StageState } from '../remote/doctor/stages.ts';
import { namedAt } from './remotes.ts';

const marks: Record<StageState, string> = { ok: '✓', warning: '!', failed: '✗', 'not reached': '·' };

/** Prints each stage as it ends; resolves to the exit status, 1 where one failed. */
export async function examineRemote(address: string): Promise<number> {
  const stages = await examine(namedAt(address), (stage) => process.stdout.write(format(stage)));
  return stages.some((stage) => stage.state === 'failed') ? 1 : 0;
}

function format({ name, state, message, remedy }: StageResult): string {
  const line = `${marks[state]} ${name.padEnd(14)} ${message}`.trimEnd();
  return remedy === undefined ? `${line}\n` : `${line}\n${' '.repeat(17)}mend it: ${remedy}\n`;
}
