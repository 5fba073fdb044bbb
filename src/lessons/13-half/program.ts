// Lesson: what fp16, bf16 and int8 cost
import { torch, F } from 'wudnn';

torch.manualSeed(0);
const device = torch.device(torch.webgpu.isAvailable() ? 'webgpu' : 'cpu');
const x = torch.randn(1, 16, 16, 16);
const w = torch.randn(16, 16, 3, 3);

/** Rounds numbers to so many bits behind the leading one, as a narrower type stores them. */
async function rounded(t: torch.Tensor, bits: number): Promise<torch.Tensor> {
  const values = Array.from(await t.data(), (value) => {
    if (value === 0) return 0;
    const step = 2 ** (Math.floor(Math.log2(Math.abs(value))) - bits);
    return Math.round(value / step) * step;
  });
  return torch.tensor(values).reshape(t.shape);
}

/** Rounds numbers to 255 equal steps over their range, as int8 with one scale stores them. */
async function quantized(t: torch.Tensor): Promise<torch.Tensor> {
  const step = (await t.abs().max().item()) / 127;
  return torch.tensor(Array.from(await t.data(), (value) => Math.round(value / step) * step)).reshape(t.shape);
}

const conv = (a: torch.Tensor, b: torch.Tensor): torch.Tensor =>
  F.conv2d(a.to(device), b.to(device), null, { padding: 1 });
const exact = conv(x, w);
const scale = await exact.mul(exact).mean().sqrt().item();
const faults: number[] = [];
for (const [name, a, b] of [
  ['fp16', await rounded(x, 10), await rounded(w, 10)],
  ['bf16', await rounded(x, 7), await rounded(w, 7)],
  ['int8', await quantized(x), await quantized(w)],
] as const) {
  const error = conv(a, b).sub(exact);
  faults.push((await error.mul(error).mean().sqrt().item()) / scale);
  console.log(`${name}: error ${faults.at(-1)!.toExponential(1)} of the rms`);
}
export const errors = torch.tensor(faults);
