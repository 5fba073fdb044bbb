/**
 * @file The doctor's question to a python behind a shell: what it is, and what its PyTorch can do.
 */
import { pythonSource } from '../python.ts';
import type { Shell } from '../shell.ts';
import { quote } from '../shell.ts';
import { parseFacts } from './facts.ts';
import type { FactsContext, Finding } from './stages.ts';
import { StageFailure } from './stages.ts';

/** Runs python/doctor.py there and keeps the facts; `remedy` is what helps where that python does not run. */
export async function askPython(context: FactsContext, shell: Shell, python: string, remedy: string): Promise<Finding> {
  const { status, stdout, stderr } = await shell.run(`${quote(python)} -`, {
    stdin: new TextEncoder().encode(pythonSource('doctor.py')),
  });
  if (status !== 0)
    throw new StageFailure(`${python} does not run there: ${stderr.trim().split('\n').at(-1) ?? ''}`, remedy);
  context.facts = parseFacts(stdout);
  return { message: `python ${context.facts.python} at ${context.facts.executable}` };
}
