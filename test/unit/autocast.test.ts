/**
 * @file Intent: autocast gives each function its operands in the precision that PyTorch's table says, wherever it is
 * switched, and gradients go back in the dtypes of the forward pass. CUDA's lists are held against the table as
 * PyTorch documents it, by the dtypes of results; test/remote/autocast.test.ts holds the cpu's against PyTorch
 * itself.
 */
import { afterEach, describe, expect, test } from 'vitest';
import type { DType } from '../../src/base/dtype.ts';
import { snakeCase } from '../../src/base/python.ts';
import { followFlow } from '../../src/graph/recording.ts';
import { printModel } from '../../src/remote/classes.ts';
import { createJob } from '../../src/remote/program.ts';
import type { Policy } from '../../src/torch/autocast-policy.ts';
import { policyLists } from '../../src/torch/autocast-policy.ts';
import { F, nn, torch } from '../../src/torch/index.ts';
import { readNode } from '../../src/torch/tensor.ts';
import { lastTraced } from '../../src/torch/trace.ts';
import { signed } from '../../scripts/api/signed-value.ts';
import { recordCase } from '../ops/evaluate.ts';
import { autocastCase, firstCases, hasSeveral } from '../support/autocast-cases.ts';

const x = torch.ones(2, 3);
const w = torch.ones(4, 3, { requiresGrad: true });
const bf16 = { deviceType: 'cpu' } as const;

describe.each(['webgpu', 'cpu'] as const)('the table of %s', (device) => {
  test('names functions that are here, each once', () => {
    const here = new Set(
      signed.flatMap(({ signatures }) => signatures.map(({ name }) => name.slice(name.lastIndexOf('.') + 1))),
    );
    const names = Object.values(policyLists[device]).flat();
    expect(names.filter((name) => !here.has(name))).toEqual([]);
    expect(names).toHaveLength(new Set(names).size);
  });
});

describe('a region', () => {
  afterEach(() => followFlow(undefined));

  test('casts inside of it alone, and can be switched off within', () => {
    const dtypes = torch.autocast(bf16, () => [
      F.linear(x, w).dtype,
      torch.autocast({ ...bf16, enabled: false }, () => F.linear(x, w).dtype),
      torch.autocast({ ...bf16, dtype: 'float16' }, () => F.linear(x, w).dtype),
      F.linear(x, w).dtype,
    ]);
    expect(dtypes).toEqual(['bfloat16', 'float32', 'float16', 'bfloat16']);
    expect(F.linear(x, w).dtype).toBe('float32');
    expect(torch.isAutocastEnabled()).toBe(false);
  });

  test('ends where its body throws', () => {
    expect(() =>
      torch.autocast(bf16, () => {
        throw new Error('inside');
      }),
    ).toThrow('inside');
    expect(torch.isAutocastEnabled()).toBe(false);
  });

  test('lasts as long as an async body', async () => {
    const inside = torch.autocast(bf16, async () => {
      await Promise.resolve();
      return F.linear(x, w).dtype;
    });
    expect(await inside).toBe('bfloat16');
    expect(torch.isAutocastEnabled()).toBe(false);
  });

  test('casts operands on its own device alone', () => {
    expect(torch.autocast('webgpu', () => F.linear(x, w).dtype)).toBe('float32');
    expect(torch.autocast('webgpu', () => [torch.isAutocastEnabled('webgpu'), torch.isAutocastEnabled('cpu')])).toEqual(
      [true, false],
    );
  });

  test('casts a weight once, unless the cache is off, and never where gradients differ', () => {
    const castOf = (): unknown => F.linear(x, w).node.inputs[1].inputs[0];
    const twice = (options: object): unknown[] => torch.autocast({ ...bf16, ...options }, () => [castOf(), castOf()]);
    const [a, b] = twice({});
    expect(a).toBe(b);
    const [c, d] = twice({ cacheEnabled: false });
    expect(c).not.toBe(d);
    const [without, within] = torch.autocast(bf16, () => [torch.noGrad(castOf), castOf()]);
    expect(without).not.toBe(within);
  });

  test('a dtype that a call names stays', () => {
    const half = torch.ones(2, { device: 'webgpu', dtype: 'float16' });
    expect(torch.autocast('webgpu', () => torch.sum(half).dtype)).toBe('float32');
    expect(torch.autocast('webgpu', () => torch.sum(half, { dtype: 'float16' }).dtype)).toBe('float16');
  });

  test('gradients of weights are float32, those of products in the lower precision', async () => {
    const layer = new nn.Linear(3, 4);
    const y = torch.autocast(bf16, () => layer(x));
    y.retainGrad();
    y.sum().backward();
    expect([y.grad!.dtype, layer.weight.grad!.dtype]).toEqual(['bfloat16', 'float32']);
    expect(await layer.bias!.grad!.tolist()).toEqual([2, 2, 2, 2]);
  });

  test.each<[unknown, string]>([
    ['cuda', "autocast: deviceType is 'cuda', not a device; give 'webgpu', which is the GPU here, or 'cpu'"],
    [
      { deviceType: 'cpu', dtyp: 1 },
      'autocast: unknown option dtyp; known are deviceType, dtype, enabled, cacheEnabled',
    ],
    [
      { deviceType: 'cpu', dtype: 'float32' },
      "autocast: 'float32' is no lower precision; give 'float16' or 'bfloat16', or { enabled: false }",
    ],
    [{ deviceType: 'cpu', enabled: 1 }, 'autocast: enabled is 1, not a boolean; give true or false'],
  ])('%j is refused', (options, message) => {
    expect(() => torch.autocast(options as never, () => 0)).toThrow(message);
  });
});

describe('the remote job', () => {
  class Net extends nn.Module<[torch.Tensor], torch.Tensor> {
    readonly first = new nn.Linear(3, 4);
    readonly second = new nn.Linear(4, 2);
    readonly isPartly: boolean;

    constructor(isPartly: boolean) {
      super();
      this.isPartly = isPartly;
    }

    override forward(t: torch.Tensor): torch.Tensor {
      const hidden = F.relu(this.first(t));
      return this.isPartly ? torch.autocast(bf16, () => this.second(hidden)) : this.second(hidden);
    }
  }

  test('runs under autocast where the whole call did', async () => {
    const net = new Net(false);
    torch.autocast(bf16, () => net(x));
    const { program } = await createJob(lastTraced()!, readNode);
    expect(program).toContain('"autocast": "bfloat16"');
    expect(program).toMatch(/self\.first\(.*\)/);
  });

  test('has the casts themselves where a part did', async () => {
    const net = new Net(true);
    net(x);
    const { program } = await createJob(lastTraced()!, readNode);
    expect(program).toContain('"autocast": None');
    expect(printModel(lastTraced()!).code).toMatch(/self\.first\(/);
    expect(printModel(lastTraced()!).code).toMatch(/\.to\(torch\.bfloat16\)/);
    expect(printModel(lastTraced()!).code).not.toMatch(/= self\.second\(/);
  });

  test('has the dtype of a model in bfloat16', async () => {
    const net = new Net(false).to('bfloat16');
    net(x.to('bfloat16'));
    expect((await createJob(lastTraced()!, readNode)).program).toContain('"dtype": "bfloat16"');
  });
});

/** Cases that are not called as the function is in Python. */
const aliases: Readonly<Record<string, string>> = {
  bce_with_logits: 'binary_cross_entropy_with_logits',
  bce: 'binary_cross_entropy',
};

/** What results have, from operands in float32, in float16, and with the first alone in float16. */
const results: Readonly<Record<Exclude<Policy, 'refused'>, readonly [DType, DType, DType]>> = {
  lower: ['float16', 'float16', 'float16'],
  float32: ['float32', 'float32', 'float32'],
  widest: ['float32', 'float16', 'float32'],
};

// The last, since what is recorded on a device that is not there stays pending.
describe('on the GPU, as on CUDA', () => {
  const known = new Map([...firstCases].map(([op, c]) => [aliases[snakeCase(op)] ?? snakeCase(op), c]));
  test.each(
    (Object.keys(results) as (keyof typeof results)[]).flatMap((policy) =>
      policyLists.webgpu[policy].map((name) => [name, policy] as const),
    ),
  )('%s: %s', (name, policy) => {
    const c = known.get(name);
    expect(c, `a case of ${name}`).toBeDefined();
    const [none, all, first] = (['none', 'all', 'the first'] as const).map((which) =>
      which === 'the first' && !hasSeveral(c!)
        ? undefined
        : recordCase(autocastCase(c!, 'float16', which), 'webgpu').get('out')!.dtype,
    );
    expect([none, all]).toEqual(results[policy].slice(0, 2));
    expect([undefined, results[policy][2]]).toContain(first);
  });

  test('what is unsafe is refused with the remedy', () => {
    const p = torch.full([2], 0.5, { device: 'webgpu' });
    expect(() => torch.autocast('webgpu', () => F.binaryCrossEntropy(p, p))).toThrow(
      /^binary_cross_entropy: unsafe under autocast, .* use binaryCrossEntropyWithLogits$/,
    );
  });
});
