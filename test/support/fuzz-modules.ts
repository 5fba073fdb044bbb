/**
 * @file Random programs with a module of their own, which is compiled once and called many times, beside a twin that is
 * compiled anew for each call: what is recorded must be the same, and what is computed, differentiated and trained too,
 * on the cpu to the bit.
 */
import { Generator } from '../../src/base/random.ts';
import type { Tensor } from '../../src/torch/tensor.ts';
import { tensorsIn } from '../../src/torch/trace.ts';
import { run } from './programs.ts';
import { recordedText } from './recorded.ts';

/** How often calls were played, and what differed. */
export interface ModuleRun {
  readonly played: boolean;
  readonly differences: readonly string[];
}

/** Runs the program of a seed on a device. */
export async function runModuleProgram(seed: number, device: 'cpu' | 'webgpu'): Promise<ModuleRun> {
  const program = moduleProgram(seed, device);
  const { exports } = await run(program);
  const differences: string[] = [];
  const { compare, explanation } = exports as {
    compare: (check: (what: string, a: unknown, b: unknown) => Promise<void>) => Promise<void>;
    explanation: () => { graphCount: number };
  };
  await compare(async (what, a, b) => {
    const [left, right] = [tensorsIn(a), tensorsIn(b)];
    if (recordedText(left) !== recordedText(right))
      differences.push(`seed ${seed}, ${device}: ${what}: recorded in another way`);
    const apart = farthest(await valuesOf(left), await valuesOf(right));
    if (!(apart <= (device === 'cpu' ? 0 : rounding)))
      differences.push(`seed ${seed}, ${device}: ${what}: other values, by ${apart.toExponential(1)} of their rms`);
  });
  return { played: explanation().graphCount > 0, differences };
}

/**
 * Of the rms: what a kernel shares with its neighbours depends on the order of the whole graph, in which the twin is
 * behind, and a batch norm that is one kernel rounds otherwise than one of three. One step's rounding is in the next.
 */
const rounding = 1e-4;

const valuesOf = async (tensors: readonly Tensor[]): Promise<number[]> =>
  (await Promise.all(tensors.map(async (t) => Array.from(await t.data(), Number)))).flat();

/** The largest difference over the rms of what is finite; 0 where all are equal, NaN and infinities included. */
function farthest(x: readonly number[], y: readonly number[]): number {
  const rms = Math.sqrt(x.reduce((sum, v) => sum + (Number.isFinite(v) ? v * v : 0), 0) / x.length);
  const differences = x.map((v, i) => (Object.is(v, y[i]) ? 0 : Math.abs(v - y[i])));
  return x.length === y.length ? Math.max(0, ...differences) / Math.max(rms, Number.MIN_VALUE) : Infinity;
}

/** The text of a seed's program. */
function moduleProgram(seed: number, device: 'cpu' | 'webgpu'): string {
  const random = new Generator(seed);
  const below = (n: number): number => random.random() % n;
  const pick = <T>(...items: readonly T[]): T => items[below(items.length)];
  const isImage = below(2) === 0;
  const [channels, size] = [2 + below(3), 4];
  const fields: string[] = ['k = 0.5;'];
  const layer = (): string =>
    isImage
      ? pick(
          `new nn.Conv2d(${channels}, ${channels}, { kernelSize: 3, padding: 1 })`,
          `new nn.Conv2d(${channels}, ${channels}, { kernelSize: 1, bias: false })`,
          `new nn.BatchNorm2d(${channels})`,
          `new nn.GroupNorm(1, ${channels})`,
          `new nn.Sequential(new nn.Conv2d(${channels}, ${channels}, { kernelSize: 3, padding: 1 }), new nn.ReLU())`,
          'new nn.Dropout2d(0.3)',
          'new nn.SiLU()',
        )
      : pick(
          `new nn.Linear(${channels}, ${channels})`,
          `new nn.Sequential(new nn.Linear(${channels}, 5), new nn.GELU(), new nn.Linear(5, ${channels}))`,
          `new nn.LayerNorm(${channels})`,
          `new nn.BatchNorm1d(${channels})`,
          'new nn.Dropout(0.3)',
          'new nn.Tanh()',
        );
  const field = (made: string): string => `l${fields.push(`l${fields.length} = ${made};`) - 1}`;
  const statement = (i: number): string => {
    switch (below(9)) {
      case 0:
        return pick('x = F.relu(x);', 'x = torch.tanh(x);', 'x = x.sigmoid().mul(2);', 'x = F.gelu(x);');
      case 1:
        return `const s${i} = x; x = this.${field(layer())}(x).add(s${i});`;
      case 2:
        return `for (const each of this.${field(`new nn.ModuleList([${layer()}, ${layer()}])`)}) x = each(x);`;
      case 3:
        return `if (x.shape[0] > 3) x = x.mul(this.k); else x = this.${field(layer())}(x);`;
      case 4:
        return `x = this.training ? x.mul(2) : this.${field(layer())}(x);`;
      case 5:
        return `{ const { a, b } = parts(x); x = a.mul(b); parts_.push(b); }`;
      case 6:
        return pick(
          'x = x.transpose(0, 1).transpose(0, 1);',
          'x = x.reshape(x.shape).add(constant);',
          'x = x.sub(x.mean());',
        );
      default:
        return `x = this.${field(layer())}(x);`;
    }
  };
  const body = Array.from({ length: 2 + below(6) }, (_, i) => `    ${statement(i)}`).join('\n');
  // Adam divides a gradient that is nothing but rounding by itself, unless eps is larger.
  const [optimizer, more] = pick(['optim.SGD', '{}'], ['optim.Adam', '{ eps: 1 }']);
  const result = pick('x', '{ x, parts: parts_, count: parts_.length }', '[x, x.mean(), ...parts_]');
  const input = isImage ? `${channels}, ${size}, ${size}` : `${channels}`;
  const change = pick(
    '',
    'for (const net of nets) net.k = 2;',
    'for (const net of nets) net.eval();',
    'for (const net of nets) for (const p of net.parameters().slice(0, 1)) p.requiresGrad = false;',
    'batch = 5;',
  );
  return `import { torch, nn, F, optim } from 'wudnn';
const constant = 0.25;
function parts(x) { return { a: x.abs().add(constant), b: x.neg() }; }
class Net extends nn.Module {
  ${fields.join('\n  ')}
  forward(x) {
    const parts_ = [];
${body}
    return ${result};
  }
}
torch.manualSeed(${seed});
const nets = [new Net(), new Net()];
nets[1].loadStateDict(nets[0].stateDict());
for (const net of nets) net.to('${device}')${pick('', '.eval()')};
const compiled = torch.compile(nets[0]);
const optimizers = nets.map((net) => new ${optimizer}([...net.parameters(), new nn.Parameter(torch.ones(1).to('${device}'))], { lr: 0.05, ...${more} }));
const list = (r) => r instanceof torch.Tensor ? [r] : (Array.isArray(r) ? r : Object.values(r)).flatMap((v) => typeof v === 'object' ? list(v) : []);
let batch = ${2 + below(3)};
let input;
export async function compare(check) {
  for (let step = 0; step < 4; step++) {
    torch.manualSeed(step);
    input = torch.randn(batch, ${input}).to('${device}');
    const targets = input.mul(0.5);
    const calls = [() => compiled(input), () => torch.compile(nets[1])(input)];
    const results = calls.map((call) => { torch.manualSeed(100 + step); return ${below(3) === 0 ? '(step % 2 ? torch.noGrad(call) : call())' : 'call()'}; });
    await check('step ' + step, results[0], results[1]);
    const losses = results.map((r) => list(r).reduce((sum, t) => sum.add(t.sub(1).pow(2).mean()), targets.mean()));
    if (losses[0].requiresGrad) {
      losses.forEach((loss, i) => { optimizers[i].zeroGrad(); loss.backward(); });
      const grads = nets.map((net) => net.parameters().flatMap((p) => p.grad ?? []));
      await check('gradients of step ' + step, grads[0], grads[1]);
      for (const optimizer of optimizers) optimizer.step();
      const state = nets.map((net) => [...net.stateDict().values()].map((t) => t.detach()));
      await check('parameters after step ' + step, state[0], state[1]);
    }
    if (step === 1) { ${change} }
  }
}
export const explanation = () => torch.compiler.explain(compiled)(input);
`;
}
