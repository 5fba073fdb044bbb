/**
 * @file PyTorch's constructors as people write them: without what is the default anyway, and with the obvious arguments in place.
 *
 * `nn.Conv2d(3, 16, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))` becomes `nn.Conv2d(3, 16, 3, padding=1)`.
 */

interface Signature {
  /** The arguments in order, as far as they are worth a name. */
  readonly names: readonly string[];
  /** How many of them people give without a keyword. */
  readonly plain: number;
  readonly defaults: Readonly<Record<string, string>>;
}

const convolution: Signature = {
  names: ['in_channels', 'out_channels', 'kernel_size', 'stride', 'padding'],
  plain: 3,
  defaults: {
    stride: '1',
    padding: '0',
    output_padding: '0',
    dilation: '1',
    groups: '1',
    bias: 'True',
    padding_mode: "'zeros'",
  },
};
const maxPool: Signature = {
  names: ['kernel_size', 'stride', 'padding'],
  plain: 2,
  defaults: { padding: '0', dilation: '1', return_indices: 'False', ceil_mode: 'False' },
};
const averagePool: Signature = {
  names: ['kernel_size', 'stride', 'padding'],
  plain: 2,
  defaults: { padding: '0', ceil_mode: 'False', count_include_pad: 'True', divisor_override: 'None' },
};
const batchNorm: Signature = {
  names: ['num_features'],
  plain: 1,
  defaults: { eps: '1e-05', momentum: '0.1', affine: 'True', track_running_stats: 'True' },
};
const dropout: Signature = { names: ['p'], plain: 1, defaults: { inplace: 'False' } };
const inPlace: Signature = { names: [], plain: 0, defaults: { inplace: 'False' } };

const signatures: Readonly<Record<string, Signature>> = {
  'nn.Conv1d': convolution,
  'nn.Conv2d': convolution,
  'nn.ConvTranspose2d': convolution,
  'nn.Linear': { names: ['in_features', 'out_features'], plain: 2, defaults: { bias: 'True' } },
  'nn.BatchNorm1d': batchNorm,
  'nn.BatchNorm2d': batchNorm,
  'nn.GroupNorm': { names: ['num_groups', 'num_channels'], plain: 2, defaults: { eps: '1e-05', affine: 'True' } },
  'nn.LayerNorm': {
    names: ['normalized_shape'],
    plain: 1,
    defaults: { eps: '1e-05', elementwise_affine: 'True', bias: 'True' },
  },
  'nn.Embedding': { names: ['num_embeddings', 'embedding_dim'], plain: 2, defaults: { padding_idx: 'None' } },
  'nn.MultiheadAttention': {
    names: ['embed_dim', 'num_heads'],
    plain: 2,
    defaults: { dropout: '0.0', bias: 'True', batch_first: 'False' },
  },
  'nn.MaxPool1d': maxPool,
  'nn.MaxPool2d': maxPool,
  'nn.AvgPool2d': averagePool,
  'nn.AdaptiveAvgPool2d': { names: ['output_size'], plain: 1, defaults: {} },
  'nn.Dropout': dropout,
  'nn.Dropout2d': dropout,
  'nn.ReLU': inPlace,
  'nn.SiLU': inPlace,
  'nn.GELU': { names: [], plain: 0, defaults: { approximate: "'none'" } },
  'nn.Flatten': { names: ['start_dim', 'end_dim'], plain: 2, defaults: { start_dim: '1', end_dim: '-1' } },
  'nn.Softmax': { names: ['dim'], plain: 0, defaults: {} },
};

interface Argument {
  readonly name: string | undefined;
  readonly value: string;
}

/** The name of the argument at a place of a constructor. */
export function argumentAt(constructor: string, place: number): string | undefined {
  return signatures[constructor]?.names[place];
}

/** The call as a person would write it; one of an unknown class stays as it is. */
export function tidyConstructor(python: string): string {
  const [, constructor, list] = /^([\w.]+)\((.*)\)$/s.exec(python) ?? [];
  const signature = constructor === undefined ? undefined : signatures[constructor];
  if (!signature) return python;
  const given = splitArguments(list).map(({ name, value }, i): Argument => ({
    name: name ?? signature.names[i],
    value: plainSize(value),
  }));
  const kept = given.filter(({ name, value }) => name === undefined || !sameLiteral(signature.defaults[name], value));
  const inPlace = countInPlace(kept, signature);
  return `${constructor}(${kept.map(({ name, value }, i) => (i < inPlace || name === undefined ? value : `${name}=${value}`)).join(', ')})`;
}

/** How many of the arguments stand where their name would put them. */
function countInPlace(kept: readonly Argument[], { names, plain }: Signature): number {
  let count = 0;
  while (count < plain && count < kept.length && kept[count].name === names[count]) count += 1;
  return count;
}

/** `(3, 3)` is `3`, and so is `(3,)`. */
function plainSize(value: string): string {
  const [, first, second = first] = /^\((-?[\w.]+),(?: (-?[\w.]+))?\)$/.exec(value) ?? [];
  return first !== undefined && first === second ? first : value;
}

function sameLiteral(a: string | undefined, b: string): boolean {
  if (a === undefined) return false;
  return a === b || a.replaceAll('"', "'") === b.replaceAll('"', "'") || (a !== '' && Number(a) === Number(b));
}

/** Splits at the commas that are not within brackets. */
function splitArguments(list: string): Argument[] {
  const parts: string[] = [];
  let depth = 0;
  let part = '';
  for (const c of list) {
    if ('([{'.includes(c)) depth += 1;
    if (')]}'.includes(c)) depth -= 1;
    if (c === ',' && depth === 0) {
      parts.push(part);
      part = '';
    } else part += c;
  }
  if (part.trim() !== '') parts.push(part);
  return parts.map((text) => {
    const [, name, value] = /^(\w+)=(.*)$/s.exec(text.trim()) ?? [];
    return { name, value: value ?? text.trim() };
  });
}
