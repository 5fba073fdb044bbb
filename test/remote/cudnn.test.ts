/**
 * The printed program speaks to cuDNN as its headers say: the layout of a result anywhere, and the calls where a
 * PyTorch with cuDNN is installed. They need no GPU: without one cuDNN still takes descriptors, tells what it makes of
 * them, and refuses only a handle.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { fail } from '../../src/base/errors.ts';
import { findPythons } from '../../src/machine/pythons.ts';
import { describeWith } from '../support/needs.ts';
import { runPython } from '../support/python.ts';

/** Runs Python after the program's own part that asks cuDNN; `SETTINGS` and `CASES` are there for it. */
async function withFind<T>(code: string): Promise<T> {
  const program = `
import contextlib, ctypes, json
import torch
import torch.nn as nn

SETTINGS = {"allow_tf32": False, "channels_last": False}
device = torch.device("cpu")
autocast = contextlib.nullcontext
${readFileSync('src/remote/python/find.py', 'utf8')}
CASES = [
    (nn.Conv2d(6, 8, (3, 5), stride=(2, 1), padding=(1, 2), dilation=(1, 2), groups=2), (2, 6, 11, 13)),
    (nn.Conv2d(3, 4, 1), (1, 3, 5, 5)),
]
${code}`;
  return JSON.parse(String(await runPython(program))) as T;
}

describeWith(['python'], "a result of cuDNN's search", () => {
  test('lies in memory as cudnnConvolutionFwdAlgoPerf_t does', async () => {
    // By sizeof and offsetof of gcc on the headers of cuDNN 9.24 for Linux on x86-64.
    const inC = { size: 48, algo: 0, status: 4, time: 8, memory: 16, determinism: 24, math_type: 28, reserved: 32 };
    const ours = await withFind(
      'print(json.dumps({"size": ctypes.sizeof(Performance), **{name: getattr(Performance, name).offset for name, _ in Performance._fields_}}))',
    );
    expect(ours).toEqual(inC);
  });
});

const [python] = await findPythons();
const withCudnn = python?.torch.cudnn === undefined ? describe.skip : describe;

withCudnn(
  `cuDNN itself${python?.torch.cudnn === undefined ? ' (needs a PyTorch that was built for CUDA)' : ''}`,
  () => {
    test('understands each dtype and layout of a problem as it was meant', async () => {
      const understood = await withFind<
        {
          dtype: string;
          format: number;
          kinds: number[];
          sums: number;
          math: number;
          shapes: number[][];
          meant: number[][];
        }[]
      >(`
cudnn = Cudnn()

def read(name, descriptor, count):
    values = [ctypes.c_int() for _ in range(count)]
    cudnn.call(name, descriptor, *map(ctypes.byref, values))
    return [value.value for value in values]

found = []
for SETTINGS["channels_last"] in (False, True):
    for dtype in CUDNN_TYPES:
        for convolution, shape in CASES:
            model = nn.Sequential(convolution).float()
            [(name, _, x, w, y)] = convolutions_of(model, [torch.randn(shape)])
            x, w, y = (t.to(dtype) for t in (x, w, y))
            a, filter, descriptor, b = cudnn.problem(convolution, x, w, y)
            out = [ctypes.c_int() for _ in range(4)]
            cudnn.call("cudnnGetConvolution2dForwardOutputDim", descriptor, a, filter, *map(ctypes.byref, out))
            geometry = read("cudnnGetConvolution2dDescriptor", descriptor, 8)
            math, groups = read("cudnnGetConvolutionMathType", descriptor, 1), read("cudnnGetConvolutionGroupCount", descriptor, 1)
            input, output = read("cudnnGetTensor4dDescriptor", a, 9), read("cudnnGetTensor4dDescriptor", b, 9)
            weight = read("cudnnGetFilter4dDescriptor", filter, 6)
            found.append({
                "dtype": str(dtype), "format": weight[1], "kinds": [input[0], output[0], weight[0]], "sums": geometry[7], "math": math[0],
                "shapes": [input[1:5], output[1:5], weight[2:], [o.value for o in out], geometry[:6], [geometry[6]], groups, input[5:], output[5:]],
                "meant": [list(x.shape), list(y.shape), list(w.shape), list(y.shape), [*convolution.padding, *convolution.stride, *convolution.dilation],
                          [1], [convolution.groups], list(x.stride()), list(y.stride())],
            })
print(json.dumps(found))`);
      // cudnnDataType_t: 0 float, 1 double, 2 half, 9 bfloat16. cudnnMathType_t: 0 default, 1 tensor cores, 3 fused
      // multiply-add alone.
      const kinds = {
        'torch.float32': [0, 0, 3],
        'torch.float64': [1, 1, 0],
        'torch.float16': [2, 0, 1],
        'torch.bfloat16': [9, 0, 1],
      } as const;
      expect(understood).toHaveLength(16);
      for (const [i, { dtype, format, kinds: told, sums, math, shapes, meant }] of understood.entries()) {
        const [kind, summed, by] = kinds[dtype as keyof typeof kinds] ?? fail(`cudnn: unknown dtype ${dtype}`);
        expect({ dtype, told, sums, math }).toEqual({ dtype, told: [kind, kind, kind], sums: summed, math: by });
        expect(format).toBe(i < 8 ? 0 : 1); // cudnnTensorFormat_t: NCHW, NHWC
        expect(shapes).toEqual(meant);
      }
    });

    test('tells a failure by its name', async () => {
      const told = await withFind<string | null>(`
try:
    Cudnn().call("cudnnSetTensor4dDescriptor", None, 0, 0, 1, 1, 1, 1)
except RuntimeError as error:
    print(json.dumps(str(error)))`);
      expect(told).toMatch(/^cudnnSetTensor4dDescriptor: CUDNN_STATUS_BAD_PARAM/);
    });

    test.skipIf((python?.torch.devices.length ?? 0) > 0)('refuses a handle without a GPU, by name', async () => {
      const told = await withFind<string>(`
try:
    Cudnn().create("cudnnCreate")
except RuntimeError as error:
    print(json.dumps(str(error)))`);
      expect(told).toBe('cudnnCreate: CUDNN_STATUS_NOT_INITIALIZED');
    });
  },
);
