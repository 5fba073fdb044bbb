/**
 * Intent: windows that stick out of the input, that are larger than it, that start in padding, or that do not fit at
 * all give PyTorch's shapes, values and gradients, or are refused where PyTorch refuses; on the cpu reference and on
 * the adapter.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { engine } from '../../src/compile/engine.ts';
import { F } from '../../src/torch/index.ts';
import * as torch from '../../src/torch/torch.ts';
import { startTestEngine } from '../support/engine.ts';
import { describeWith } from '../support/needs.ts';
import { randomNumbers } from '../support/numbers.ts';
import { runPython } from '../support/python.ts';

interface Pooling {
  readonly kind: 'max' | 'avg';
  readonly size: readonly number[];
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly number[];
  readonly dilation: readonly number[];
  readonly ceil: boolean;
  readonly includePad: boolean;
  readonly data: readonly number[];
}

/** Small sizes, so that most windows meet an edge; one in ten asks for more padding than half a kernel. */
function pooling(seed: number): Pooling {
  const draws = [...randomNumbers(40, seed + 1)].map((v) => (v + 1) / 2);
  const below = (n: number): number => Math.floor(draws.pop()! * n);
  const kind = below(2) ? 'max' : 'avg';
  const dims = 1 + below(2);
  const along = (f: () => number): number[] => Array.from({ length: dims }, f);
  const size = along(() => (below(20) ? 1 + below(6) : 0));
  const kernel = along(() => 1 + below(7));
  const padding = kernel.map((k) => below(Math.floor(k / 2) + 1) + (below(20) ? 0 : 1));
  return {
    kind,
    size,
    kernel,
    padding,
    stride: along(() => 1 + below(8)),
    dilation: along(() => (kind === 'max' && !below(3) ? 2 : 1)),
    ceil: below(4) > 0,
    includePad: below(2) > 0,
    data: [...randomNumbers(2 * size.reduce((n, s) => n * s, 1), seed)].map(Math.fround),
  };
}

const python = `
import json, sys
import torch
import torch.nn.functional as F

def run(c):
    dims = len(c['size'])
    x = torch.tensor(c['data']).reshape(2, 1, *c['size']).requires_grad_()
    try:
        if c['kind'] == 'max': y = getattr(F, f'max_pool{dims}d')(x, c['kernel'], c['stride'], c['padding'], c['dilation'], ceil_mode=c['ceil'])
        else: y = getattr(F, f'avg_pool{dims}d')(x, c['kernel'], c['stride'], c['padding'], c['ceil'], c['includePad'])
    except RuntimeError as error:
        return None
    # Dilated taps can miss a small input, and PyTorch then lays the gradient outside of the plane; here it goes nowhere.
    (y.masked_fill(y.isinf(), 0) * torch.arange(1., y.numel() + 1).reshape(y.shape)).sum().backward()
    return [list(y.shape), [str(v) for v in y.flatten().tolist()], x.grad.flatten().tolist()]

print(json.dumps([run(case) for case in json.load(sys.stdin)]))
`;

type Answer = readonly [shape: readonly number[], values: readonly string[], gradient: readonly number[]] | null;

/** The arguments after the input; a line takes its only size as a number or an array of one. */
const pooled = (
  x: torch.Tensor,
  { kind, size, kernel, stride, padding, dilation, ceil, includePad }: Pooling,
): torch.Tensor => {
  const f = { max1: F.maxPool1d, max2: F.maxPool2d, avg1: F.avgPool1d, avg2: F.avgPool2d }[
    `${kind}${size.length as 1 | 2}`
  ] as (...args: unknown[]) => torch.Tensor;
  return kind === 'max'
    ? f(x, kernel, stride, padding, dilation, ceil)
    : f(x, kernel, stride, padding, ceil, includePad);
};

const count = 150;
const cases = Array.from({ length: count }, (_, i) => pooling(i));

describeWith(['adapter', 'python'], 'pooling', () => {
  let theirs: Answer[];

  beforeAll(async () => {
    await startTestEngine();
    theirs = JSON.parse((await runPython(python, JSON.stringify(cases))).toString());
  });
  afterAll(() => engine.device?.destroy());

  test('many are refused and many are not', () => {
    const refused = theirs.filter((answer) => answer === null).length;
    expect(refused).toBeGreaterThan(count / 10);
    expect(refused).toBeLessThan(count / 2);
  });

  test.each(['cpu', 'webgpu'] as const)('on %s', async (device) => {
    for (const [i, configuration] of cases.entries()) {
      const { data, size, kernel } = configuration;
      const said = JSON.stringify({ ...configuration, data: undefined });
      const x = torch
        .tensor([...data])
        .reshape(2, 1, ...size)
        .to(device)
        .requiresGrad_();
      const answer = theirs[i];
      if (!answer) {
        expect(() => pooled(x, configuration), said).toThrow(/^(max|avg)Pool2d: (a window of|padding|input has shape)/);
        continue;
      }
      const y = pooled(x, configuration);
      const [shape, values, gradient] = answer;
      expect([...y.shape], said).toEqual(shape);
      y.mul(
        torch
          .arange(1, values.length + 1)
          .to(device, 'float32')
          .reshape(...shape),
      )
        .sum()
        .backward();
      // A mean of n elements has n roundings of at most 6e-8 of the largest, 1; its gradient is weighted by up to the
      // number of outputs.
      const rounding = kernel.reduce((n, k) => n * k, 1) * 6e-8;
      const got = [...(await y.data())];
      got.forEach((v, n) =>
        expect(
          v === Number(values[n].replace('inf', 'Infinity')) || Math.abs(v - Number(values[n])) <= rounding,
          `${said} ${n}: ${v}, ${values[n]}`,
        ).toBe(true),
      );
      [...(await x.grad!.data())].forEach((v, n) =>
        expect(Math.abs(v - gradient[n]), `${said} gradient ${n}: ${v}, ${gradient[n]}`).toBeLessThanOrEqual(
          rounding * values.length * values.length,
        ),
      );
    }
  });
});
