// Lesson: TF32, here and on CUDA
import { torch, F } from 'wudnn';

torch.manualSeed(0);
const device = torch.device(torch.webgpu.isAvailable() ? 'webgpu' : 'cpu');
const x = torch.randn(4, 3, 32, 32);
const w = torch.randn(16, 3, 3, 3);

/** As a tensor core reads float32: with 10 bits behind the leading one instead of 23. */
async function tf32(t: torch.Tensor): Promise<torch.Tensor> {
  const values = Array.from(await t.data(), (value) => {
    if (value === 0) return 0;
    const step = 2 ** (Math.floor(Math.log2(Math.abs(value))) - 10);
    return Math.round(value / step) * step;
  });
  return torch.tensor(values).reshape(t.shape);
}

const here = F.conv2d(x.to(device), w.to(device), null, { padding: 1 });
const onCpu = F.conv2d(x, w, null, { padding: 1 });
const likeTf32 = F.conv2d((await tf32(x)).to(device), (await tf32(w)).to(device), null, { padding: 1 });

export const plain = here.cpu().sub(onCpu).abs().max();
export const rounded = likeTf32.cpu().sub(onCpu).abs().max();
export const largest = onCpu.abs().max();
console.log(`float32 here against the cpu ${await plain.item()}, TF32 simulated ${await rounded.item()}`);
