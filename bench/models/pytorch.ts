/**
 * @file PyTorch on this machine's CPU, as a yardstick: the model printed as a Python program, which answers as the
 * processes of other sides do.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Python } from '../../src/machine/pythons.ts';
import { atEnd } from './at-end.ts';
import { watch } from './child.ts';
import type { Layers } from './layers.ts';
import { epsilon } from './layers.ts';
import { dataOf } from './parameters.ts';
import type { Answer, Remote, Request } from './protocol.ts';
import type { Workload } from './workloads.ts';
import { workloads } from './workloads.ts';

/** The model as the body of a Python function of `x`, with its parameters in `p`. */
function printed({ build, optimizer }: Workload): string {
  const lines: string[] = [];
  const put = (expression: string): string => {
    const name = `v${lines.length}`;
    lines.push(`    ${name} = ${expression}`);
    return name;
  };
  const of = (name: string, key: string): string => `p["${name}.${key}"]`;
  const layers: Layers<string> = {
    conv: (x, name, { stride = 1, padding = 0, groups = 1, bias = false }) =>
      put(
        `F.conv2d(${x}, ${of(name, 'weight')}, ${bias ? of(name, 'bias') : 'None'}, ${stride}, ${padding}, 1, ${groups})`,
      ),
    norm: (x, name) =>
      put(
        optimizer
          ? `F.batch_norm(${x}, None, None, ${of(name, 'weight')}, ${of(name, 'bias')}, True, eps=${epsilon})`
          : `F.batch_norm(${x}, ${of(name, 'running_mean')}, ${of(name, 'running_var')}, ${of(name, 'weight')}, ${of(name, 'bias')}, eps=${epsilon})`,
      ),
    layerNorm: (x, name, features) =>
      put(`F.layer_norm(${x}, (${features},), ${of(name, 'weight')}, ${of(name, 'bias')}, ${epsilon})`),
    linear: (x, name) => put(`F.linear(${x}, ${of(name, 'weight')}, ${of(name, 'bias')})`),
    relu: (x) => put(`F.relu(${x})`),
    relu6: (x) => put(`F.relu6(${x})`),
    maxPool: (x, { size, stride, padding = 0 }) => put(`F.max_pool2d(${x}, ${size}, ${stride}, ${padding})`),
    meanPool: (x) => put(`${x}.mean((2, 3))`),
    upsample: (x) => put(`F.interpolate(${x}, scale_factor=2)`),
    add: (a, b) => put(`${a} + ${b}`),
    concat: (a, b) => put(`torch.cat((${a}, ${b}), 1)`),
    flatten: (x) => put(`${x}.flatten(1)`),
    attention: (q, k, v, heads) => put(`attention(${q}, ${k}, ${v}, ${heads})`),
  };
  const result = build(layers, 'x');
  return `def forward(x):\n${lines.join('\n')}\n    return ${result}\n`;
}

function program(workload: Workload, folder: string): string {
  const { parameters, input, classes } = dataOf(workload);
  const all = [...parameters].map(([name, { shape, data, fixed }]) => ({ name, shape, data, fixed }));
  writeFileSync(join(folder, 'data'), Buffer.concat([...all.map(({ data }) => data), input].map(bytesOf)));
  const { optimizer } = workload;
  const learnt = '[t for t in p.values() if t.requires_grad]';
  const made =
    optimizer?.name === 'SGD'
      ? `torch.optim.SGD(${learnt}, lr=${optimizer.lr}, momentum=${optimizer.momentum})`
      : `torch.optim.Adam(${learnt}, lr=${optimizer?.lr})`;
  const call = optimizer
    ? `
optimizer = ${made}
classes = torch.tensor(${JSON.stringify([...classes])})
def call():
    optimizer.zero_grad()
    loss = F.cross_entropy(forward(x), classes)
    loss.backward()
    optimizer.step()
    return loss.detach()
`
    : `
def call():
    with torch.no_grad():
        return forward(x)
`;
  return `import json, sys, time
import torch
import torch.nn.functional as F

def attention(q, k, v, heads):
    n, l, width = q.shape
    q, k, v = (t.reshape(n, l, heads, width // heads).transpose(1, 2) for t in (q, k, v))
    scores = torch.softmax(q @ k.transpose(-1, -2) * (width // heads) ** -0.5, -1)
    return (scores @ v).transpose(1, 2).reshape(n, l, width)

values = torch.frombuffer(bytearray(open("${join(folder, 'data')}", "rb").read()), dtype=torch.float32)
p, at = {}, 0
for name, shape, learns in json.loads(${JSON.stringify(JSON.stringify(all.map(({ name, shape, fixed }) => [name, shape, optimizer !== undefined && !fixed])))}, parse_constant=None):
    size = torch.Size(shape).numel()
    p[name] = values[at:at + size].clone().reshape(shape).requires_grad_(learns)
    at += size
x = values[at:].clone().reshape(${JSON.stringify(workload.input)})

${printed(workload)}${call}
began = time.perf_counter()
outputs = call().flatten().tolist()
first = time.perf_counter() - began
for _ in range(2):
    outputs += call().flatten().tolist()
print(json.dumps({"is": "prepared", "firstMs": 1000 * first, "outputs": outputs}), flush=True)
for line in sys.stdin:
    calls = int(line)
    began = time.perf_counter()
    for _ in range(calls):
        call()
    print(json.dumps({"is": "timed", "ms": 1000 * (time.perf_counter() - began) / calls}), flush=True)
`;
}

const bytesOf = (data: Float32Array): Buffer => Buffer.from(data.buffer, data.byteOffset, data.byteLength);

/** A process of its own for each workload. */
export function pytorch({ path, torch }: Python): Remote {
  const folder = mkdtempSync(join(tmpdir(), 'wudnn-bench-'));
  const forget = atEnd(() => rmSync(folder, { recursive: true, force: true }));
  let process: PythonProcess | undefined;
  return {
    async ask(request: Request): Promise<Answer> {
      if (request.do === 'open')
        return { is: 'opened', name: `PyTorch ${torch.version} on the CPU`, flags: 'eager, all threads' };
      if (request.do === 'time') return process!.ask(String(request.calls));
      process?.end();
      const workload = workloads.find(({ name }) => name === request.workload)!;
      writeFileSync(join(folder, 'program.py'), program(workload, folder));
      process = start(path, join(folder, 'program.py'));
      return process.next();
    },
    resume: () => {},
    suspend: () => {},
    end: () => {
      process?.end();
      forget();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface PythonProcess {
  /** The next answer, which nobody asked for. */
  next(): Promise<Answer>;
  ask(line: string): Promise<Answer>;
  end(): void;
}

function start(python: string, file: string): PythonProcess {
  const child = spawn(python, [file], { stdio: ['pipe', 'pipe', 'pipe'] });
  const { ended, end } = watch(child);
  child.stdin.on('error', () => {}); // it has ended, which `next` says
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const next = async (): Promise<Answer> => {
    const { value, done } = await lines.next();
    if (done) return { is: 'failed', reason: await ended };
    const answer = JSON.parse(value) as Extract<Answer, { is: 'prepared' | 'timed' }>;
    return answer.is === 'prepared' ? { ...answer, outputs: Float32Array.from(answer.outputs) } : answer;
  };
  return {
    next,
    ask: (line) => {
      child.stdin.write(`${line}\n`);
      return next();
    },
    end,
  };
}
