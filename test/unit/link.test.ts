/**
 * @file A link carries the program and what a teacher hides, comes back as it was written, and is refused where it is
 * broken.
 */
import { deflateSync } from 'fflate';
import { expect, test } from 'vitest';
import { standardLayout } from '../../src/playground/bench/layout.ts';
import { controls, readLink, writeLink } from '../../src/playground/link.ts';
import { pack } from '../../src/playground/packed.ts';

test.each([
  [{}],
  [{ example: 'simple-cnn' }],
  [{ program: "import { torch } from 'wudnn'\n// ü, 漢字, 😀 & = # + /\n" }],
  [{ program: 'x'.repeat(99_999), theme: 'dark' as const }],
  [{ lesson: 'winograd', lang: 'zh-Hans' as const }],
  [{ example: 'shapes', hide: ['compare', 'download'] as const }],
  [{ example: 'shapes', lecture: true }],
  [{ select: { kind: 'layer' as const, name: 'features.0: a & b' } }],
  [{ panes: standardLayout() }],
  [
    {
      force: [
        {
          operation: 'conv2d',
          direction: 'forward',
          descriptor: '4×3 * 1×3, "x"',
          algo: 'FFT',
          candidateId: 'FFT 8×8',
        },
      ] as const,
    },
  ],
  [
    {
      fix: {
        benchmark: true,
        benchmarkInBackground: true,
        deterministic: false,
        compile: false as const,
        workspaceLimit: 0,
        seed: 7,
      },
    },
  ],
])('a state is read as it was written', (state) => expect(readLink(`#${writeLink(state)}`)).toEqual(state));

test('a teacher can write one by hand, and an address is made of plain characters', () => {
  expect(readLink('#v=1&hide=compare,comparison,algorithms&example=shapes')).toEqual({
    hide: ['compare', 'comparison', 'race'], // a link of an earlier page calls the race by its former name
    example: 'shapes',
  });
  expect(writeLink({ program: 'ü#&'.repeat(50), hide: ['link'] })).toMatch(/^[A-Za-z0-9=&,_-]+$/);
  expect(writeLink({ panes: standardLayout() })).toMatch(/^v=1&panes=[a-z0-9(),.*]+$/);
});

test('a hash that is no link of ours is none', () => {
  for (const hash of ['', '#', '#top', '#program=abc']) expect(readLink(hash)).toBeUndefined();
});

const bomb = Buffer.from(deflateSync(new Uint8Array(50_000_000), { level: 9 })).toString('base64url');

test.each([
  ['of another version', '#v=2', /its version is 2, but this page reads 1/],
  [
    'that hides what there is not',
    '#v=1&hide=everything',
    /no control 'everything' to hide; there are example, compare/,
  ],
  ['with a name of an object', '#v=1&hide=constructor', /no control 'constructor'/],
  ['that selects what there is not', '#v=1&select=planet:mars', /'planet:mars' selects nothing; write layer:NAME/],
  ['with a pane that there is not', '#v=1&panes=r(50editor,50globe)', /panes: there is no pane 'globe'/],
  ['in a language that there is not', '#v=1&lang=zh', /no language 'zh'; there are en, zh-Hans/],
  ['with a path for a lesson', '#v=1&lesson=../secret', /does not name a lesson/],
  ['with another theme', '#v=1&theme=pink', /no theme 'pink'/],
  ['of half a lecture', '#v=1&lecture=half', /lecture is 'half'; write on, or leave it out/],
  [
    'that forces what is no candidate',
    `#v=1&force=${pack('[{"algo":7}]')}`,
    /what it forces cannot be read: force\[0\]/,
  ],
  ['that fixes what there is not', '#v=1&fix=allowTf32:on', /'allowTf32:on' fixes nothing; write benchmark:on/],
  ['with a limit that is no number', '#v=1&fix=workspaceLimit:-1', /'workspaceLimit:-1' fixes nothing/],
  ['with a path for an example', '#v=1&example=../secret', /does not name an example/],
  [
    'that was cut',
    `#${writeLink({ program: 'console.log(1)'.repeat(100) }).slice(0, -8)}`,
    /cannot be unpacked|program/,
  ],
  ['that is no base64', '#v=1&program=%F0%9F', /cannot be unpacked/],
  ['that unpacks to very much', `#v=1&program=${bomb}`, /longer than 100000 bytes/],
])('a link %s is refused with its reason', (_what, hash, reason) => expect(() => readLink(hash)).toThrow(reason));

test('there is no property for an address or a token', () => {
  expect(writeLink({ example: 'shapes', token: 'planted-token', address: 'http://host' } as object)).toBe(
    'v=1&example=shapes',
  );
  expect(Object.keys(controls)).not.toContain('token');
});
