/**
 * @file What is allowed to each tensor of a comparison: as much as rounding makes of it, in the arithmetic of whichever
 * side rounds more.
 */
import { isFloat } from '../../base/dtype.ts';
import { hasTf32 } from '../../compare/arithmetics.ts';
import type { Allowance } from '../../compare/compare.ts';
import type { AlgorithmChoice, Candidate } from '../../dnn/choice/records.ts';
import { winogradTolerances } from '../../dnn/conv2d/winograd-support.ts';
import type { Arithmetic } from '../../dnn/tolerance.ts';
import { arithmeticOf, arithmetics, toleranceOf } from '../../dnn/tolerance.ts';
import { isChosen } from '../../dnn/choice/verdict.ts';
import type { Node } from '../../graph/types.ts';
import type { Report } from '../../remote/report.ts';
import { extentsOf, inOrder, sumsProducts } from './sum-length.ts';
import { isOf } from './layer-sides.ts';
import type { Way } from './rounding.ts';
import { allowedByRounding } from './rounding.ts';

/**
 * cuDNN may transform where it does not say so, as WINOGRAD_NONFUSED does: what that declares here is allowed there.
 */
const remoteTransform = winogradTolerances.FMA;

/**
 * The allowance of each node; of those without a float64 value a rough one, by the longest sum on the way and the
 * number of sums.
 */
export function allowances(
  nodes: readonly Node[],
  references: ReadonlyMap<Node, Float64Array>,
  choices: readonly AlgorithmChoice[],
  report: Report,
): (node: Node) => Allowance {
  const wayOf = waysOf(nodes, choices, report);
  const errors = allowedByRounding(references, wayOf);
  const extents = extentsOf(nodes);
  return (node) => {
    const way = inOrder([node]).map(wayOf).reduce(coarser);
    const { name } = arithmetics[way.arithmetic];
    const error = errors.get(node);
    if (!isFloat(node.dtype))
      return {
        error: error ?? 0,
        reason: error ? `whole numbers; rounding to ${name} moved them this much` : 'whole numbers must be equal',
      };
    if (error !== undefined)
      return { error, reason: `effect of rounding to ${name}, from float64 runs with random rounding` };
    const { reductionLength: length, depth } = extents.get(node)!;
    return {
      error: toleranceOf({ ...way, length }) * Math.sqrt(Math.max(1, depth)),
      relative: true,
      reason: `${name}, sums of up to ${length} products in ${Math.max(1, depth)} layers; too large for a float64 run`,
    };
  };
}

/** How each node may have been computed: here by the chosen algorithm, there by the report. */
function waysOf(nodes: readonly Node[], choices: readonly AlgorithmChoice[], report: Report): (node: Node) => Way {
  const there = wayThere(report);
  const ways = new Map<Node, Way>();
  for (const node of inOrder(nodes)) ways.set(node, coarser(wayHere(node, choices), there));
  return (node) => ways.get(node) ?? there;
}

function wayHere(node: Node, choices: readonly AlgorithmChoice[]): Way {
  const stored = node.dtype === 'float16' || node.dtype === 'bfloat16' ? node.dtype : 'float32';
  if (!sumsProducts(node)) return { arithmetic: stored };
  const ran = choices
    .filter((choice) => isOf(choice, node.scope?.path || undefined))
    .flatMap((choice) => choice.candidates.filter((c) => isChosen(choice, c)));
  return ran.map(wayOfCandidate).reduce(coarser, { arithmetic: stored });
}

const wayOfCandidate = ({ mathType, tolerance, spreads }: Candidate): Way => ({
  arithmetic: arithmeticOf[mathType],
  ...(spreads && tolerance !== undefined && { declared: tolerance }),
});

function wayThere({ settings, device }: Report): Way {
  const dtype = settings['autocast'] ?? settings['dtype'];
  if (dtype === 'float16' || dtype === 'bfloat16' || dtype === 'float64') return { arithmetic: dtype };
  return {
    arithmetic: hasTf32(settings, device) ? 'tf32' : 'float32',
    ...(device.type === 'cuda' && { declared: remoteTransform }),
  };
}

/** From the finest to the coarsest. */
const order: readonly Arithmetic[] = ['float64', 'float32', 'tf32', 'float16', 'float16 sums', 'bfloat16'];

/** Of two ways, what is allowed to either. */
function coarser(a: Way, b: Way): Way {
  const declared = Math.max(a.declared ?? 0, b.declared ?? 0);
  return {
    arithmetic: order.indexOf(a.arithmetic) >= order.indexOf(b.arithmetic) ? a.arithmetic : b.arithmetic,
    ...(declared > 0 && { declared }),
  };
}
