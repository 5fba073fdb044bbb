/**
 * @file A signature as one line, as the API reference and FEATURES.md show it.
 */
import { shown } from '../../src/base/options.ts';
import type { Param } from '../../src/torch/signature.ts';
import type { Signature } from '../../src/torch/signature/match.ts';
import type { SignedValue } from './signed-value.ts';

/** A default as a program writes it. */
export const literal = (value: unknown): string =>
  Array.isArray(value) ? `[${value.map(literal).join(', ')}]` : shown(value);

const inHead = ({ name, required, usual, item }: Param): string =>
  item?.rest ? `...${name}` : required ? name : `${name} = ${literal(usual)}`;

/**
 * `torch.sum(input, dim = null, keepdim = false, { dtype = null })`: what has a place, and behind it what is given by
 * name alone.
 */
export function call({ path, use }: SignedValue, { params, places }: Signature): string {
  const first = use === 'method' ? 1 : 0;
  const placed = params.slice(first, places).map(inHead);
  const named = params.slice(places).map(inHead);
  const all = [...placed, ...(named.length ? [`{ ${named.join(', ')} }`] : [])].join(', ');
  return `${use === 'class' ? 'new ' : ''}${path}(${all})`;
}
