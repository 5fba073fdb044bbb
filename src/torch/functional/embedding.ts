/**
 * @file Rows of a table by their numbers, and numbers as rows of zeros with a one.
 */
import { fail } from '../../base/errors.ts';
import * as e from '../../graph/expr.ts';
import { embedding as embeddingOp } from '../../graph/ops/indexing.ts';
import { leaf, record } from '../../graph/record.ts';
import type { Node } from '../../graph/types.ts';
import { inOwnMemory } from '../memory.ts';
import { indexNode } from '../ops/index-nodes.ts';
import { hostOf } from '../ops/bounds.ts';
import { fn, p } from '../signature.ts';
import { Tensor } from '../tensor.ts';

/** The rows of weight [V, D] at the indices […]: […, D]. */
export const embedding = fn(
  'F.embedding',
  [
    p.tensor('input'),
    p.tensor('weight'),
    p.int('paddingIdx', null),
    p.refused('maxNorm', null, 'divide the rows before'),
    p.refused('normType', 2, 'leave it out'),
    p.refused('scaleGradByFreq', false, 'leave it out'),
    p.refused('sparse', false, 'gradients here are dense'),
  ],
  (index, weight, paddingIdx): Tensor => {
    const rows = weight.node.shape[0];
    if (paddingIdx !== null && (paddingIdx < -rows || paddingIdx >= rows))
      fail(`embedding: paddingIdx ${paddingIdx} is out of range for ${rows} rows`);
    const at = paddingIdx === null ? undefined : paddingIdx >= 0 ? paddingIdx : paddingIdx + rows;
    return new Tensor(
      record(
        embeddingOp,
        [weight.node, indexNode('embedding', index, rows, { one: 'row', many: 'rows in the table' })],
        { paddingIdx: at },
      ),
    );
  },
);

function greatest(index: Node): number {
  const host = hostOf(index) ?? fail('oneHot: the largest index is not known before it is computed; pass numClasses');
  if (host.length === 0) fail('oneHot: an empty tensor has no largest index; pass numClasses');
  let most = -1;
  for (const i of host) if (i > most) most = i;
  return most;
}

/**
 * A new last dimension with a 1 at the index and 0 elsewhere, int64. Without `numClasses` the indices must be on the
 * host.
 */
export const oneHot = fn('F.one_hot', [p.indices('input'), p.int('numClasses', -1)], (index, numClasses): Tensor => {
  const classes = numClasses >= 0 ? numClasses : greatest(index.node) + 1;
  const at = indexNode('oneHot', index, classes, { one: 'class', many: 'classes' });
  const every = leaf(
    { shape: [classes], dtype: at.dtype },
    index.node.device,
    Int32Array.from({ length: classes }, (_, i) => i),
  );
  return new Tensor(inOwnMemory(e.cast(e.eq(e.reshape(at, [...at.shape, 1]), every), 'int64')));
});
