/**
 * @file What the cases test, by name: a case tests the operation that it is listed under, and every function and method
 * that its PyTorch expression calls.
 */
import type { DType } from '../../src/base/dtype.ts';
import * as F from '../../src/torch/functional.ts';
import * as torch from '../../src/torch/torch.ts';
import type { Case } from './case.ts';
import { titleOf } from './case.ts';
import { families } from './cases/index.ts';
import { readGoldens } from './golden.ts';

export interface CaseCoverage {
  cases: number;
  readonly dtypes: Set<DType>;
  gradient: boolean;
  twice: boolean;
}

/** PyTorch's name where it is not ours in snake case. */
const otherNames = new Map([
  ['variance', 'var'],
  ['bceWithLogits', 'binary_cross_entropy_with_logits'],
  ['intMm', '_int_mm'],
]);

export const pythonName = (name: string): string =>
  otherNames.get(name) ?? name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();

/** Second names of one function, which count with the first. */
export const aliases = new Map([
  ['absolute', 'abs'],
  ['arccos', 'acos'],
  ['arccosh', 'acosh'],
  ['arcsin', 'asin'],
  ['arcsinh', 'asinh'],
  ['arctan', 'atan'],
  ['arctan2', 'atan2'],
  ['arctanh', 'atanh'],
  ['clip', 'clamp'],
  ['concat', 'cat'],
  ['concatenate', 'cat'],
  ['divide', 'div'],
  ['fix', 'trunc'],
  ['ger', 'outer'],
  ['greater', 'gt'],
  ['greaterEqual', 'ge'],
  ['less', 'lt'],
  ['lessEqual', 'le'],
  ['moveaxis', 'movedim'],
  ['multiply', 'mul'],
  ['negative', 'neg'],
  ['notEqual', 'ne'],
  ['rowStack', 'vstack'],
  ['subtract', 'sub'],
  ['swapaxes', 'transpose'],
  ['swapdims', 'transpose'],
  ['trapz', 'trapezoid'],
  ['at', 'index'],
]);

/** The name by which cases test what torch or a tensor calls `name`. */
export const testedName = (name: string): string => pythonName(aliases.get(name) ?? name);

/** Names by which torch.nn.functional has another operation than tensors have. */
const twofold = new Set(['unfold']);

/** PyTorch's name of our `F.name`. */
export const functionalName = (name: string): string =>
  twofold.has(name) ? `F.${pythonName(name)}` : pythonName(name);

/** An expression that does not call the operation it is listed under is that one's formula, and tests it alone. */
function namesIn({ op, python }: Case): Set<string> {
  const called = new Set(
    [...python.matchAll(/(\bF)?\.(\w+)\(/g)].map(([, f, name]) => (f ? functionalName(name) : name)),
  );
  if (!(op in F || op in torch || op in torch.Tensor.prototype)) return called; // a title, such as `by index`
  const names = [pythonName(op), functionalName(op)];
  return names.some((name) => called.has(name)) ? called : new Set(names);
}

/** By PyTorch's name. */
export function testedNames(): Map<string, CaseCoverage> {
  const found = new Map<string, CaseCoverage>();
  for (const [family, cases] of Object.entries(families)) {
    const goldens = readGoldens(family, cases);
    for (const c of cases) {
      const outputs = [...goldens.get(titleOf(c))!.keys()];
      for (const name of namesIn(c)) {
        const tested = found.get(name) ?? { cases: 0, dtypes: new Set<DType>(), gradient: false, twice: false };
        tested.cases++;
        for (const { dtype } of Object.values(c.inputs)) tested.dtypes.add(dtype);
        tested.gradient ||= outputs.some((key) => key.startsWith('grad '));
        tested.twice ||= outputs.some((key) => key.startsWith('grad2 '));
        found.set(name, tested);
      }
    }
  }
  return found;
}
