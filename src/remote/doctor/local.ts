/**
 * @file The doctor's stages for a python of this machine. Node only.
 */
import { localShell } from '../local.ts';
import { askPython } from './python.ts';
import type { FactsContext, Stage, StageResult } from './stages.ts';
import { examineStages, torchStages } from './stages.ts';

interface Context extends FactsContext {
  readonly python: string;
}

const stages: readonly Stage<Context>[] = [
  { name: 'python', examine: (context) => askPython(context, localShell, context.python, 'which -a python3') },
  ...torchStages,
];

/** Examines a python by its path, or by its name on PATH; `onStage` hears each stage as it ends. */
export function examineLocal(python: string, onStage?: (result: StageResult) => void): Promise<StageResult[]> {
  return examineStages(stages, { python, facts: undefined }, onStage);
}
