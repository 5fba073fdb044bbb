/**
 * Intent: what a program draws arrives whole, in its order, once it is computed; what it cannot draw is refused with
 * the reason; and files stay in their folder whatever a title says.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { barOf, svgOf, writeFigures } from '../../src/cli/figures.ts';
import { engineEvent } from '../../src/playground/engine/forms.ts';
import { imshow, plot, progress, startFigures } from '../../src/session/figures.ts';
import type { Figure } from '../../src/session/protocol.ts';
import { torch } from '../../src/torch/index.ts';

/** The figures as they are at last. */
async function drawnBy(program: () => void): Promise<Figure[]> {
  const told = new Map<string, Figure>();
  const figures = startFigures((figure) => told.set(figure.title, figure));
  program();
  await figures.drawn();
  return [...told.values()];
}

test('curves of one title share a figure, and one that grows takes the place of itself', async () => {
  const figures = await drawnBy(() => {
    plot([3], { title: 'loss', label: 'train' });
    plot([3, 2], { title: 'loss', label: 'train' });
    plot([0, 1], torch.tensor([4, 5]), { title: 'loss', label: 'test' });
    plot([1, 2, 3]);
  });
  const byTitle = Object.fromEntries(figures.map(({ title, curves }) => [title, curves]));
  expect(byTitle).toEqual({
    loss: [
      { label: 'train', x: [0, 1], y: [3, 2], every: 1 },
      { label: 'test', x: [0, 1], y: [4, 5], every: 1 },
    ],
    plot: [{ label: '', x: [0, 1, 2], y: [1, 2, 3], every: 1 }],
  });
});

test('many points are thinned, and say so', async () => {
  const [{ curves }] = await drawnBy(() => plot(new Float64Array(12_000)));
  expect([curves![0].every, curves![0].y.length, curves![0].x.at(-1)]).toEqual([3, 4000, 11_997]);
});

test('an image has all numbers, and the page takes figures as they come', async () => {
  const figures = await drawnBy(() => {
    imshow(
      torch.tensor([
        [1, 2],
        [3, NaN],
      ]),
      { title: 'x' },
    );
    progress(3, 10);
  });
  const image = figures.find(({ title }) => title === 'x')!.image!;
  expect(image).toMatchObject({ shape: [2, 2], dtype: 'float32' });
  expect([...new Float32Array(image.bytes.buffer as ArrayBuffer)]).toEqual([1, 2, 3, NaN]);
  for (const figure of figures)
    expect(engineEvent(structuredClone({ event: 'figure', figure }), 'event')).toEqual({ event: 'figure', figure });
  expect(() => engineEvent({ event: 'figure', figure: { title: 'x', curves: [{ x: 1 }] } }, 'event')).toThrow(
    /event\.figure\.curves\[0\]/,
  );
});

test('what cannot be drawn is refused with the reason', async () => {
  await drawnBy(() => {
    expect(() => plot([1, 2], [1])).toThrow('plot: 2 places and 1 values; give as many of both');
    expect(() => plot(torch.zeros(2, 2))).toThrow(/a curve has one dimension, and this tensor has \[2, 2\]/);
    expect(() => plot(['a'] as never)).toThrow(/plot: x/);
    expect(() => progress(11, 10)).toThrow('progress: 11 of 10 is no share; give 0 to 10');
    expect(() => imshow(torch.zeros(3000, 3000))).toThrow(/imshow: \[3000, 3000\] is too large to look at/);
    for (let i = 0; i < 100; i++) progress(0, 1, { title: `${i}` });
    expect(() => progress(0, 1, { title: 'more' })).toThrow(/a run shows 100 figures at most/);
  });
});

test('on the command line figures are SVG files in the folder, whatever their titles', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'wudnn-figures-'));
  try {
    const figures = await drawnBy(() => {
      plot([1, 2, 4], { title: '../../<loss>', label: 'a & b' });
      imshow(torch.tensor([[0, 1]]), { title: 'loss' });
      progress(1, 2);
    });
    await writeFigures(folder, figures);
    expect(readdirSync(folder).toSorted()).toEqual(['-loss-.svg', 'loss.svg']);
    const curve = readFileSync(join(folder, '-loss-.svg'), 'utf8');
    expect(curve).toContain('>../../&lt;loss&gt;</text>');
    expect(curve).toContain('>a &amp; b</text>');
    expect(curve.match(/<polyline points="([^"]*)"/)![1].split(' ')).toHaveLength(3);
    expect(readFileSync(join(folder, 'loss.svg'), 'utf8').match(/<path /g)).toHaveLength(2);
  } finally {
    rmSync(folder, { recursive: true });
  }
  expect(svgOf({ title: 'x', progress: { done: 1, of: 2 } })).toBeUndefined();
  const [{ image }] = await drawnBy(() => imshow(torch.tensor([[[1]], [[0.5]], [[0]]])));
  expect(svgOf({ title: 'x', image })).toContain('fill="#ff8000"');
  expect(barOf('epochs', { done: 6, of: 12 })).toBe(`epochs ${'█'.repeat(12)}${'░'.repeat(12)} 6 of 12`);
});
