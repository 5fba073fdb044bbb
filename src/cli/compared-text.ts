/**
 * @file A comparison as text: the tables of the page.
 */
import { formatError, formatMs, formatSizes } from '../base/format.ts';
import { firstParting, verdictText } from '../compare/compare.ts';
import type {
  RemoteComparison,
  ComparedGradients,
  ComparedLayer,
  ComparedTensor,
  LayerSide,
  SideTiming,
} from '../compare/types.ts';
import { timingOf } from '../compare/types.ts';
import type { Trial } from '../compare/why.ts';
import { triable } from '../compare/with-remotes.ts';
import { gradientsTitle, layersTitle, occasionText, speedText, trainingText } from '../compare/words.ts';
import { formatTable } from './table.ts';

/** Empty where no remote gave anything. */
export function formatComparison(sides: readonly RemoteComparison[]): string {
  if (sides.length === 0) return '';
  const timings = [timingOf(sides[0].result, 'local'), ...sides.map(({ result }) => timingOf(result, 'remote'))];
  const software = timings.some((timing) => timing.software)
    ? ' Times on a CPU or a software adapter say nothing about the speed of a GPU; the numbers are just as valid.'
    : '';
  return [
    `${sides[0].result.model} here and in PyTorch, with the same weights and inputs. Errors are relative to the rms of a float64 run; 'here' and 'there' give each side's error against it.\n${sides.map((side) => `${occasionText(side)}\n`).join('')}`,
    outputs(sides),
    `Time of one call of the model, in ms: the median and its 95% bootstrap interval.${software}\n${times(['here', ...sides.map(({ remote }) => remote)], timings)}${sides.map(({ remote, result }) => `${sides.length > 1 ? `${remote}: ` : ''}${speedText(result)}\n`).join('')}`,
    ...sides.flatMap((side) => inside(side, sides.length > 1 ? `${side.remote}: ` : '')),
  ].join('\n');
}

function outputs(sides: readonly RemoteComparison[]): string {
  const rows = sides.flatMap(({ remote, result }) =>
    result.tensors.map((t) => [
      remote,
      t.name,
      formatSizes(t.shape),
      t.verdict,
      formatError(t.maxAbsError),
      ...errorCells(t),
      `${formatError(t.tolerance)}: ${t.toleranceReason}`,
    ]),
  );
  const table = formatTable(
    ['remote', 'tensor', 'shape', 'verdict', 'max |difference|', 'relative', 'here', 'there', 'tolerance'],
    rows,
  );
  return `${table}${caveats(sides.flatMap(({ remote, result }) => result.tensors.map((t) => [sides.length > 1 ? `${t.name} with ${remote}` : t.name, t])))}`;
}

/** What verdicts do not show, a line each. */
function caveats(tensors: readonly (readonly [string, ComparedTensor | undefined])[]): string {
  return tensors
    .flatMap(([name, tensor]) => (tensor?.caveat === undefined ? [] : [`${name}: ${tensor.caveat}\n`]))
    .join('');
}

/** The difference of the sides, and each against float64. */
const errorCells = ({ relativeError, localError, remoteError }: ComparedTensor): string[] =>
  [relativeError, localError, remoteError].map(formatError);

function times(names: readonly string[], timings: readonly SideTiming[]): string {
  const rows = timings.map(({ device, software, medianMs, intervalMs, minMs, maxMs, runs, clock, versions }, i) => [
    names[i],
    software ? `${device} (software)` : device,
    formatMs(medianMs),
    intervalMs.map(formatMs).join(' to '),
    `${formatMs(minMs)} to ${formatMs(maxMs)}`,
    String(runs),
    clock,
    Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', '),
  ]);
  return formatTable(['side', 'device', 'median', 'interval', 'range', 'runs', 'clock', 'versions'], rows);
}

/** What lies inside one side; each part has a title, which begins with `of` where there are several sides. */
function inside(side: RemoteComparison, of: string): string[] {
  const {
    result: { layers, gradients },
    training,
    trials,
  } = side;
  return [
    ...(layers
      ? [
          `${of}${layersTitle(layers)}\n${parting(layers)}${layerTable(layers)}${caveats(layers.map(({ path, tensor }) => [path, tensor]))}`,
        ]
      : []),
    ...(gradients ? [`${of}${gradientsTitle(gradients)}\n${gradientTable(gradients)}`] : []),
    ...(training
      ? [
          `${of}Training: ${trainingText(training)}\n${formatTable(
            ['step', 'loss here', 'loss there'],
            training.local.losses.map((loss, i) => [String(i), String(loss), String(training.remote.losses[i])]),
          )}`,
        ]
      : []),
    ...why(side, trials, of),
  ];
}

function parting(layers: readonly ComparedLayer[]): string {
  const at = firstParting(layers);
  return at ? `The first layer that differs is ${at.path} (${at.type}). It ${verdictText(at.tensor!)}.\n` : '';
}

function layerTable(layers: readonly ComparedLayer[]): string {
  const rows = layers.map(({ path, type, tensor, missing, local, remote }) => [
    path,
    type,
    ...(tensor
      ? [tensor.verdict, ...errorCells(tensor), formatError(tensor.tolerance)]
      : [`not compared: ${missing}`, '', '', '', '']),
    by(local),
    by(remote),
  ]);
  return formatTable(
    ['layer', 'type', 'verdict', 'relative', 'here', 'there', 'tolerance', 'here by', 'there by'],
    rows,
  );
}

function by({ algorithm, config, ms, timed }: LayerSide): string {
  const parts = [
    [algorithm, config].filter(Boolean).join(' '),
    ms === undefined ? '' : `${formatMs(ms)} ms (${timed})`,
  ].filter(Boolean);
  return parts.join(', ') || '–';
}

function gradientTable({ tensors, leftOut }: ComparedGradients): string {
  const rows = tensors.map((t) => [
    t.name.replace(/^(input_)?grad\./, ''),
    formatSizes(t.shape),
    t.verdict,
    ...errorCells(t),
    `${formatError(t.tolerance)}: ${t.toleranceReason}`,
  ]);
  const rest =
    leftOut.length === 0 ? '' : `${leftOut.length} were left out because of their size: ${leftOut.join(', ')}.\n`;
  return `${formatTable(['gradient of', 'shape', 'verdict', 'relative', 'here', 'there', 'tolerance'], rows)}${caveats(tensors.map((t) => [t.name, t]))}${rest}`;
}

/** What was found out, or else what could be. */
function why(side: RemoteComparison, trials: readonly Trial[] | undefined, of: string): string[] {
  const tried = triable(side);
  if (!trials)
    return tried.length === 0
      ? []
      : [`${of}Known to change numbers: ${tried.map(({ cause }) => cause).join('; ')}. --why runs without each.\n`];
  if (trials.length === 0)
    return [`${of}Why: no setting is on that is known to change numbers and could be turned off.\n`];
  const rows = trials.map(({ side: whose, cause, share, tensor, before, after }) => [
    cause,
    whose === 'local' ? 'here' : 'there',
    share,
    tensor,
    formatError(before),
    formatError(after),
  ]);
  return [`${of}Why\n${formatTable(['suspect', 'side', 'finding', 'in', 'error with it on', 'off'], rows)}`];
}
