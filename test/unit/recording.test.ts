/**
 * @file Intent: a mode holds for what its callback does and for nothing else, however awaits are interleaved; and a
 * program finds every switch as it is in a fresh session, whatever the one before it left.
 */
import { afterEach, describe, expect, test } from 'vitest';
import { followFlow } from '../../src/graph/recording.ts';
import { F, dnn, nn, torch } from '../../src/torch/index.ts';
import type { EngineEvents } from '../../src/session/protocol.ts';
import { Session } from '../../src/session/session.ts';

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/** Resolves when it is told to. */
function gate(): { readonly opened: Promise<void>; open: () => void } {
  let open = (): void => {};
  return { opened: new Promise<void>((resolve) => (open = resolve)), open: () => open() };
}

const scopes: readonly (readonly [string, boolean, <T>(body: () => T) => T])[] = [
  ['noGrad', false, torch.noGrad],
  ['inferenceMode', false, torch.inferenceMode],
  ['enableGrad', true, (body) => torch.noGrad(() => torch.enableGrad(body))],
  [
    'withConvolutionAlgorithm in noGrad',
    false,
    (body) => torch.noGrad(() => dnn.withConvolutionAlgorithm({ forward: 'GEMM' }, body)),
  ],
  ['a compiled function in noGrad', false, (body) => torch.noGrad(torch.compile(body))],
];

describe('where flows are told apart', () => {
  test.each(scopes)('%s holds for its async callback alone', async (_, inside, scope) => {
    const { opened, open } = gate();
    const pending = scope(async () => {
      await opened;
      return torch.isGradEnabled();
    });
    await turn();
    expect(torch.isGradEnabled()).toBe(true);
    open();
    expect([await pending, torch.isGradEnabled()]).toEqual([inside, true]);
  });

  test('two that overlap, in either order, each keep their own and leave nothing', async () => {
    const [first, second] = [gate(), gate()];
    const seen: boolean[] = [];
    const a = torch.noGrad(async () => (await first.opened, seen.push(torch.isGradEnabled())));
    const b = torch.enableGrad(async () => (await second.opened, seen.push(torch.isGradEnabled())));
    const c = torch.noGrad(async () => (await second.opened, seen.push(torch.isGradEnabled())));
    first.open();
    await a;
    second.open();
    await Promise.all([b, c]);
    expect([...seen, torch.isGradEnabled()]).toEqual([false, true, false, true]);
  });

  test('a backend of attention holds through the awaits of its callback', async () => {
    const q = torch.ones(1, 2, 4);
    const algo = (): unknown => F.scaledDotProductAttention(q, q, q).node.attrs['algo'];
    const pending = nn.attention.sdpaKernel('MATH', async () => (await turn(), algo()));
    expect(algo()).toBeUndefined();
    expect(await pending).toBe('MATH');
  });

  test('setGradEnabled within a callback ends with it', async () => {
    await torch.enableGrad(async () => (await turn(), torch.setGradEnabled(false)));
    torch.enableGrad(() => torch.setGradEnabled(false));
    expect(torch.isGradEnabled()).toBe(true);
  });
});

describe('where they are not, as in a browser', () => {
  const withoutFlow = async (body: () => Promise<void>): Promise<void> => {
    const before = followFlow(undefined);
    try {
      await body();
    } finally {
      followFlow(before);
    }
  };

  test('an async callback keeps its mode, and gives it back when it fails', () =>
    withoutFlow(async () => {
      expect(await torch.noGrad(async () => (await turn(), torch.isGradEnabled()))).toBe(false);
      await expect(
        torch.noGrad(async () => {
          await turn();
          throw new Error('inside');
        }),
      ).rejects.toThrow('inside');
      expect(() =>
        torch.noGrad(() => {
          throw new Error('at once');
        }),
      ).toThrow('at once');
      expect(torch.isGradEnabled()).toBe(true);
    }));

  test('another mode that overlaps is refused at the line, and the mode comes back', () =>
    withoutFlow(async () => {
      const { opened, open } = gate();
      const first = torch.noGrad(() => opened);
      expect(() => torch.enableGrad(async () => turn())).toThrow(
        /enableGrad: the callback of another scope still awaits.*await that one first/,
      );
      expect(torch.enableGrad(() => torch.isGradEnabled())).toBe(true);
      open();
      await first;
      expect(torch.isGradEnabled()).toBe(true);
    }));

  test('callbacks of the same mode may overlap; the last one gives it back', () =>
    withoutFlow(async () => {
      const [a, b] = [gate(), gate()];
      const pending = [torch.noGrad(() => a.opened), torch.noGrad(() => b.opened)];
      a.open();
      await pending[0];
      expect(torch.isGradEnabled()).toBe(false);
      b.open();
      await pending[1];
      expect(torch.isGradEnabled()).toBe(true);
    }));
});

describe('a program in a session', () => {
  const report = `
import { torch, nn, dnn } from 'wudnn';
const { isAvailable, version, ...switches } = torch.backends.cudnn;
const layer = new nn.Linear(2, 2);
console.log(JSON.stringify([torch.isGradEnabled(), switches, torch.webgpu.memoryStats(), String(torch.initialSeed()), await torch.rand(2).tolist(), layer(torch.ones(1, 2)).requiresGrad]));
`;
  const changes: readonly (readonly [string, string])[] = [
    ['gradients off', 'torch.setGradEnabled(false);'],
    [
      'scopes that never end',
      'const never = () => new Promise(() => {}); void torch.noGrad(never); void dnn.withConvolutionAlgorithm({ forward: "GEMM" }, never); void nn.attention.sdpaKernel("FLASH_ATTENTION", never); void torch.compile(never)();',
    ],
    [
      'every switch of cuDNN',
      'Object.assign(torch.backends.cudnn, { benchmark: true, deterministic: true, enabled: false, allowTf32: false, workspaceLimit: 1 });',
    ],
    ['a seed and a memory limit', 'torch.manualSeed(7); torch.rand(3); torch.webgpu.setMemoryLimit(1000);'],
    ['an update that cannot be computed', 'const p = torch.zeros(2).to("webgpu"); p.add_(1);'],
    ['an error inside scopes', 'torch.noGrad(() => torch.compile(() => { throw new Error("boom"); })());'],
  ];
  const logged = async (session: Session, program: string): Promise<string> => {
    const lines: string[] = [];
    const events: EngineEvents = { console: ({ text }) => void lines.push(text), progress: () => {} };
    const result = await session.run(program, events);
    return [...lines, ...(result.ok ? [] : [result.error.message])].join('\n');
  };

  afterEach(() => torch.setGradEnabled(true));

  test.each([...changes, ['all of it', changes.map(([, program]) => program).join('\n')] as const])(
    'finds none of %s',
    async (_, program) => {
      const fresh = await logged(new Session({ versions: {} }), report);
      expect(fresh).toMatch(/^\[true,.*,true\]$/);
      const session = new Session({ versions: {} });
      await session.run(`import { torch, nn, dnn } from 'wudnn';\n${program}`, {
        console: () => {},
        progress: () => {},
      });
      expect(await logged(session, report)).toBe(fresh);
    },
  );
});
