/**
 * @file The families of cases: one file each here, one golden file each in test/golden/ops/.
 */
import type { Case } from '../case.ts';
import { activations } from './activation.ts';
import { arithmetic } from './arithmetic.ts';
import { arrangements } from './arrangements.ts';
import { attention } from './attention.ts';
import { basics } from './basics.ts';
import { bfloat16 } from './bfloat16.ts';
import { creation } from './creation.ts';
import { fakeQuantization } from './fake-quantization.ts';
import { indexing } from './indexing.ts';
import { inplace } from './inplace.ts';
import { integers } from './integers.ts';
import { losses } from './losses.ts';
import { networks } from './networks.ts';
import { normalization } from './normalization.ts';
import { order } from './order.ts';
import { planar } from './planes.ts';
import { products } from './products.ts';
import { quantization } from './quantization.ts';
import { quantizedLayers } from './quantized-layers.ts';
import { reductions } from './reductions.ts';
import { scatters } from './scatters.ts';
import { statistics } from './statistics.ts';
import { subscripts } from './subscripts.ts';
import { turns } from './turns.ts';
import { unary } from './unary.ts';
import { views } from './views.ts';

export const families: Readonly<Record<string, readonly Case[]>> = {
  activations,
  arithmetic,
  arrangements,
  attention,
  basics,
  bfloat16,
  creation,
  fakeQuantization,
  indexing,
  inplace,
  integers,
  losses,
  networks,
  normalization,
  order,
  planar,
  products,
  quantization,
  quantizedLayers,
  reductions,
  scatters,
  statistics,
  subscripts,
  turns,
  unary,
  views,
};
