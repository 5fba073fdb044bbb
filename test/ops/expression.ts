/**
 * @file A case of an operation as a model, to be printed and sent.
 */
import * as nn from '../../src/torch/nn/index.ts';
import * as torch from '../../src/torch/torch.ts';
import type { Case } from './case.ts';
import { placed } from './evaluate.ts';

/** A model whose forward is the case's expression. */
export class Expression extends nn.Module {
  readonly of: Case;

  constructor(of: Case) {
    super();
    this.of = of;
  }

  override forward(...leaves: torch.Tensor[]): torch.Tensor[] {
    const inputs = Object.entries(this.of.inputs).map(
      ([name, { placement }], i) => [name, new torch.Tensor(placed(leaves[i].node, placement))] as const,
    );
    return [this.of.ours(Object.fromEntries(inputs))].flat() as torch.Tensor[];
  }
}
