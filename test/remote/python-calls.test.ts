/**
 * @file Intent: what a model calls is printed as a PyTorch user would write it, and computes the same: every case of
 * every operation, and every layer, recorded within a module, printed, and run by the machine's own PyTorch.
 */
import { expect, test } from 'vitest';
import type { DType } from '../../src/base/dtype.ts';
import { dtypes } from '../../src/base/dtype.ts';
import type { HostTensor } from '../../src/base/safetensors.ts';
import { sizeOf } from '../../src/base/shape.ts';
import { engine } from '../../src/compile/engine.ts';
import type { Node } from '../../src/graph/types.ts';
import { printModel } from '../../src/remote/classes.ts';
import { pythonSource } from '../../src/remote/python.ts';
import { fromHost } from '../../src/torch/creation.ts';
import * as F from '../../src/torch/functional.ts';
import * as nn from '../../src/torch/nn/index.ts';
import * as torch from '../../src/torch/torch.ts';
import { takeTrace } from '../../src/torch/trace.ts';
import type { Case } from '../ops/case.ts';
import { stored, titleOf } from '../ops/case.ts';
import { families } from '../ops/cases/index.ts';
import { differsByVersion } from '../ops/differs.ts';
import { Expression } from '../ops/expression.ts';
import { readGoldens } from '../ops/golden.ts';
import { judge } from '../ops/judge.ts';
import { layerCases } from '../support/layers.ts';
import { describeWith } from '../support/needs.ts';
import { runPython } from '../support/python.ts';

const program = `
import base64, json, math, sys
from collections import OrderedDict
import torch
import torch.nn as nn
import torch.nn.functional as F
device = torch.device("cpu")
${pythonSource('attention.py')}
NAMES = {torch.int16: "int32"}

def kept(dtype):
    return torch.int32 if dtype == torch.int64 else dtype

def decode(t):
    data = bytearray(base64.b64decode(t["data"]))
    dtype = getattr(torch, t["dtype"])
    return torch.frombuffer(data, dtype=kept(dtype)).to(dtype).reshape(t["shape"]) if data else torch.empty(t["shape"], dtype=dtype)

def tell(y):
    dtype = NAMES.get(y.dtype, str(y.dtype).split(".")[1])
    y = y.detach().to(kept(getattr(torch, dtype))).contiguous()
    data = (y.view(torch.int16) if y.dtype == torch.bfloat16 else y).numpy().tobytes()
    return {"dtype": dtype, "shape": list(y.shape), "data": base64.b64encode(data).decode()}

def run(model):
    scope = dict(globals())
    exec(model["code"], scope)
    module = scope[model["name"]]()
    module.load_state_dict({key: decode(t) for key, t in model["state"].items()})
    module.train(model["training"])
    y = module(*(decode(t) for t in model["inputs"]))
    return [tell(part) for part in (y if isinstance(y, tuple) else (y,))]

answers = []
for model in json.load(sys.stdin):
    try:
        answers.append(run(model))
    except Exception as error:
        answers.append(f"{type(error).__name__}: {error}")
print(json.dumps(answers))
`;

interface PrintedCase {
  readonly code: string;
  readonly name: string;
  readonly inputs: readonly HostTensor[];
  readonly state: ReadonlyMap<string, HostTensor>;
  readonly training: boolean;
}

/** Records a call of the module on the inputs, and prints it. */
async function printCall(module: nn.Module, inputs: readonly torch.Tensor[]): Promise<PrintedCase> {
  takeTrace();
  module(...inputs);
  const trace = takeTrace().model!;
  const { className: name, code, state } = printModel(trace);
  const held = async (node: Node): Promise<HostTensor> => ({
    shape: node.shape,
    dtype: node.dtype,
    data: await engine.read(node),
  });
  const entries = await Promise.all([...state].map(async ([key, node]) => [key, await held(node)] as const));
  return {
    name,
    code,
    inputs: await Promise.all(trace.inputs.map(held)),
    state: new Map(entries),
    training: module.training,
  };
}

async function runPrinted(models: readonly PrintedCase[]): Promise<(HostTensor[] | string)[]> {
  const sent = ({ dtype, shape, data }: HostTensor) => ({
    dtype,
    shape,
    data: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64'),
  });
  const question = models.map(({ inputs, state, ...rest }) => ({
    ...rest,
    inputs: inputs.map(sent),
    state: Object.fromEntries([...state].map(([key, t]) => [key, sent(t)])),
  }));
  const answers = JSON.parse(String(await runPython(program, JSON.stringify(question)))) as (
    | { dtype: DType; shape: number[]; data: string }[]
    | string
  )[];
  return answers.map((answer) =>
    typeof answer === 'string'
      ? answer
      : answer.map(({ dtype, shape, data }) => {
          const host = new dtypes[dtype].array(sizeOf(shape));
          new Uint8Array(host.buffer).set(Buffer.from(data, 'base64'));
          return { dtype, shape, data: host };
        }),
  );
}

/** PyTorch's quantisation takes NaN for the lowest level; the arithmetic that is printed keeps it. */
const ofNaN = [
  'quantizePerTensor: saturation',
  'quantizePerChannel: ties and saturation',
  'fakeQuantizePerTensorAffine: beyond',
];

/** What an old PyTorch says where its cpu has no kernel for these numbers; the call itself was understood. */
const lacksKernel = /not implemented for 'BFloat16'/;

/** Of bfloat16, PyTorch 1.13 takes the weights of a transposed convolution for those of a convolution. */
const takesWrongWeights = (c: Case): boolean =>
  c.op.startsWith('convTranspose') && Object.values(c.inputs).some((x) => x.dtype === 'bfloat16');

/** PyTorch's cpu computes no halves, and a printed dropout draws numbers of its own. */
const isExact = (c: Case): boolean =>
  !takesWrongWeights(c) &&
  !differsByVersion(c) &&
  !ofNaN.includes(titleOf(c)) &&
  Object.values(c.inputs).every((x) => x.dtype !== 'float16') &&
  !/manualSeed/.test(String(c.ours)) &&
  !/manual_seed/.test(c.python);

describeWith(['python'], 'what is printed', () => {
  test.each(Object.keys(families))('of the cases of %s gives their goldens', async (family) => {
    const goldens = readGoldens(family, families[family]);
    const cases = families[family].filter((c) => Object.keys(c.inputs).length > 0 && isExact(c));
    const printed: PrintedCase[] = [];
    for (const c of cases) {
      const leaves = Object.entries(c.inputs).map(([name, { dtype }]) =>
        fromHost(stored(c, name).data, stored(c, name).shape, dtype),
      );
      printed.push(await printCall(new Expression(c), leaves));
    }
    const answers = await runPrinted(printed);
    const complaints = cases.flatMap((c, i) => {
      const answer = answers[i];
      if (typeof answer === 'string')
        return lacksKernel.test(answer) ? [] : [`${titleOf(c)}: ${answer}\n${printed[i].code}`];
      const outputs = new Map([...goldens.get(titleOf(c))!].filter(([name]) => name.startsWith('out')));
      const { complaints: found } = judge(
        { ...c, relative: false, slack: 4 * (c.slack ?? 1) },
        new Map(answer.map((t, k) => [k === 0 ? 'out' : `out${k}`, t])),
        outputs,
      );
      return found.map((text) => `${text}\n${printed[i].code}`);
    });
    expect(complaints).toEqual([]);
  });

  test('of layers is their constructors and calls, and gives the numbers that they give here', async () => {
    torch.manualSeed(0);
    const layers = layerCases.map(({ make, inputs, python }) => {
      const layer = make();
      layer.eval();
      return {
        python,
        layer,
        inputs: inputs.map(([shape, dtype, high]) =>
          dtype === 'float32' ? torch.randn(shape) : torch.randint(0, high, shape),
        ),
      };
    });
    class Holder extends nn.Module {
      readonly layer: nn.Module;

      constructor(layer: nn.Module) {
        super();
        this.layer = layer;
      }

      override forward(...inputs: torch.Tensor[]): torch.Tensor {
        const y = this.layer(...inputs) as torch.Tensor | torch.Tensor[];
        return (Array.isArray(y) ? y[0] : y).mul(2);
      }
    }
    const printed: PrintedCase[] = [];
    for (const { layer, inputs } of layers) printed.push(await printCall(new Holder(layer).eval(), inputs));
    const answers = await runPrinted(printed);
    for (const [i, { layer, inputs, python }] of layers.entries()) {
      const answer = answers[i];
      if (typeof answer === 'string') throw new Error(`${python}: ${answer}\n${printed[i].code}`);
      const y = layer(...inputs) as torch.Tensor | torch.Tensor[];
      const expected = await (Array.isArray(y) ? y[0] : y).mul(2).data();
      const scale = Math.max(1, ...Float64Array.from(expected, Math.abs));
      const worst = Math.max(0, ...Float64Array.from(expected, (v, k) => Math.abs(v - answer[0].data[k])));
      expect(worst / scale, printed[i].code).toBeLessThan(2e-5);
    }
    const code = printed.map((model) => model.code).join('\n');
    for (const line of [
      'self.layer = nn.MultiheadAttention(8, 4, dropout=0.2, bias=False, batch_first=True)',
      'x = self.layer(x, y, z)[0]',
      'self.layer = nn.CrossEntropyLoss(ignore_index=1, reduction="sum", label_smoothing=0.2)',
      'self.layer = nn.CrossEntropyLoss(weight=torch.empty(5))',
      'x = self.layer(x, y.long())',
      'self.layer = nn.KLDivLoss(reduction="batchmean", log_target=True)',
      'self.layer = nn.LayerNorm(5)',
    ])
      expect(code).toContain(line);
  });

  test('of functions is their calls, with what the program gave', async () => {
    class Model extends nn.Module {
      scale = new nn.Parameter(torch.ones(3));

      override forward(x: torch.Tensor): unknown {
        const [a, b] = F.layerNorm(x, 3, this.scale).chunk(2, 0);
        const [values, indices] = a.add(b).flatten(1).topk(2, 1);
        const [most] = x.max(0);
        return [
          F.crossEntropy(values, indices.select(1, 0), { labelSmoothing: 0.1 }),
          torch.stack([most, most.mul(0.5)]),
          most.std(-1, { keepdim: true }),
          x.mean([0, 1]),
          x.sum(),
        ];
      }
    }
    const { code } = await printCall(new Model(), [torch.randn(4, 2, 3)]);
    expect(code).toBe(`\
class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.empty(3))

    def forward(self, x):
        y = F.layer_norm(x, (3,), self.scale)
        y, z = torch.chunk(y, 2)
        y = y + z
        y = torch.flatten(y, 1)
        y, z = torch.topk(y, 2, 1)
        u = torch.max(x, 0)[0]
        z = torch.select(z, 1, 0)
        y = F.cross_entropy(y, z.long(), label_smoothing=0.1)
        z = u * 0.5
        z = torch.stack([u, z])
        u = torch.std(u, -1, keepdim=True)
        v = torch.mean(x, (0, 1))
        x = torch.sum(x)
        return y, z, u, v, x`);
  });
});
