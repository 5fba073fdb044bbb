/**
 * @file The fixed parts of the remote program: which of python/*.py it has by its settings, and the lines that stand in
 * every one.
 */
import type { JobSettings } from './job.ts';
import { pythonSource } from './python.ts';

export interface Part {
  readonly file: string;
  /** The function of it that the program calls; absent where other parts call it. */
  readonly run?: string;
  /** What it imports beside what every program does. */
  readonly imports?: readonly string[];
  /** Starts the program once more, as a process of its own: when that is so, and the call then. */
  readonly entry?: readonly [condition: string, call: string];
}

const layers: Part = { file: 'layers.py', run: 'measure_layers' };
const kernels: Part = { file: 'kernels.py', run: 'list_kernels' };
const find: Part = {
  file: 'find.py',
  run: 'find_algorithms',
  imports: ['ctypes', 'subprocess'],
  entry: ['"--find" in sys.argv', 'find_alone(sys.argv[1], sys.argv[3])'],
};
const map: Part = {
  file: 'map.py',
  run: 'map_cells',
  imports: ['subprocess'],
  entry: ['"--map" in sys.argv', 'map_alone(sys.argv[1], sys.argv[3])'],
};
const loss: Part = { file: 'loss.py' };
const gradients: Part = { file: 'gradients.py', run: 'take_gradients' };
const training: Part = { file: 'training.py', run: 'train' };
const distributed: Part = {
  file: 'distributed.py',
  run: 'measure_scaling',
  imports: ['subprocess'],
  entry: ['"TORCHELASTIC_RUN_ID" in os.environ', 'train_one_rank(sys.argv[1], sys.argv[2])'],
};
const all = [layers, kernels, find, map, loss, gradients, training, distributed];

/** What the program does beside the timed runs. Training comes last, since it changes the weights. */
export function partsOf(settings: JobSettings): Part[] {
  const { training: trained } = settings;
  const wanted = new Map<Part, boolean>([
    [layers, settings.layers || settings.activations],
    [kernels, settings.kernels],
    [find, settings.findAlgorithms],
    [loss, settings.gradients || trained !== null],
    [gradients, settings.gradients],
    [training, trained !== null],
    [distributed, (trained?.processes ?? 1) > 1],
  ]);
  return all.filter((part) => wanted.get(part));
}

/** Those of a crossover map's program, which asks cuDNN by what find.py defines. */
export const mapParts: readonly Part[] = [{ file: find.file, imports: find.imports! }, map];

const everyImport = ['contextlib', 'hashlib', 'json', 'math', 'os', 'platform', 'resource', 'sys', 'time'];

export function importLines(parts: readonly Part[]): string[] {
  return [...new Set([...everyImport, ...parts.flatMap((part) => part.imports ?? [])])]
    .toSorted()
    .map((name) => `import ${name}`);
}

export const orderedDict = 'from collections import OrderedDict';
export const functional = 'import torch.nn.functional as F';
/** The lines of the docstring after its first. */
export const howToRun = [
  'python job.py [folder] reads job.safetensors there and writes results.safetensors and report.json.',
  '"""',
];

export const deviceLine = (device: JobSettings['device']): string =>
  `device = ${device === 'auto' ? 'torch.device("cuda" if torch.cuda.is_available() else "cpu")' : `torch.device("${device}")`}`;

/** Where the program begins, also when it is a process that it started itself. */
export function entryOf(parts: readonly Part[]): string {
  const alone = 'main(sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__)))';
  const entries = parts.flatMap(({ entry }) => (entry ? [entry] : []));
  const branches = entries.map(([condition, call], i) => `${i === 0 ? 'if' : 'elif'} ${condition}:\n    ${call}`);
  const lines = branches.length === 0 ? [alone] : [...branches, `else:\n    ${alone}`];
  return `if __name__ == "__main__":\n${lines.join('\n').replace(/^/gm, '    ')}\n`;
}

/** Every text of several lines that stands in a program as it is. */
export function fixedParts(): string[] {
  const entries = [[], [find], [distributed], [find, distributed], [map]].map(entryOf);
  return [...['attention.py', 'job.py', ...all.map(({ file }) => file)].map(pythonSource), ...entries];
}

/** Every line that may stand in a program by itself. */
export const fixedLines: ReadonlySet<string> = new Set([
  ...howToRun,
  '',
  'import torch',
  'import torch.nn as nn',
  functional,
  orderedDict,
  ...importLines(all),
  ...(['auto', 'cpu', 'cuda'] as const).map(deviceLine),
]);

/** The functions that a program may list among its parts. */
export const partNames: ReadonlySet<string> = new Set(all.flatMap(({ run }) => run ?? []));

/** Names that the fixed parts define at their top, and that a class of the model must not take. */
export function definedNames(): Set<string> {
  return new Set(
    fixedParts().flatMap((text) =>
      [...text.matchAll(/^(?:def |class )?([A-Za-z_]\w*)(?=[(:]| = )/gm)].map(([, name]) => name),
    ),
  );
}
