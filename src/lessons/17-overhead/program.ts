// Lesson: when is a GPU slower than a CPU?
import { torch } from 'wudnn';

torch.manualSeed(0);
const device = torch.device(torch.webgpu.isAvailable() ? 'webgpu' : 'cpu');

/** The product of two square matrices by three loops in JavaScript. */
function product(a: Float32Array, b: Float32Array, n: number): Float32Array {
  const c = new Float32Array(n * n);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < n; k++) {
      const factor = a[i * n + k];
      for (let j = 0; j < n; j++) c[i * n + j] += factor * b[k * n + j];
    }
  return c;
}

/** The fastest of some repeats, in milliseconds. */
async function fastest(repeats: number, work: () => unknown): Promise<number> {
  let least = Infinity;
  for (let repeat = 0; repeat < repeats; repeat++) {
    const start = performance.now();
    await work();
    least = Math.min(least, performance.now() - start);
  }
  return least;
}

const many = 200; // small products are faster than a step of the clock, so the host does many
const rows = [4, 16, 64, 256];
const [onHost, onDevice]: [number[], number[]] = [[], []];
for (const n of rows) {
  const [a, b] = [torch.randn(n, n), torch.randn(n, n)];
  const [hostA, hostB] = [Float32Array.from(await a.data()), Float32Array.from(await b.data())];
  const times = n < 100 ? many : 1;
  const host = await fastest(8, () => {
    for (let i = 0; i < times; i++) product(hostA, hostB, n);
  });
  const [deviceA, deviceB] = [a.to(device), b.to(device)];
  const there = await fastest(12, () => torch.matmul(deviceA, deviceB).data());
  onHost.push(host / times);
  onDevice.push(there);
  console.log(`${n}×${n}: ${onHost.at(-1)!.toFixed(4)} ms by loops, ${there.toFixed(4)} ms by ${device}`);
}
export const sides = torch.tensor(rows);
export const hostMs = torch.tensor(onHost);
export const deviceMs = torch.tensor(onDevice);
