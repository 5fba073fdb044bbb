/**
 * @file What a program draws, on the command line: each figure an SVG file, and how far it is as a bar in the terminal.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { planCurves } from '../base/curve.ts';
import { decode, dtypes } from '../base/dtype.ts';
import { fail } from '../base/errors.ts';
import { formatNumber } from '../base/format.ts';
import type { Colour } from '../base/planes.ts';
import { colourOf, cornerOf, rangeOf, scaleOf, sizeOfPicture, tilingOf } from '../base/planes.ts';
import { channelsAt, shadesOf, trueColourOf } from '../base/true-colour.ts';
import { escapedHtml } from '../base/text.ts';
import type { Curve, Figure, OutputValues } from '../session/protocol.ts';

const barLength = 24;

/** `'epochs ███████░░░ 7 of 10'`. */
export function barOf(title: string, { done, of }: NonNullable<Figure['progress']>): string {
  const full = Math.round((barLength * done) / of);
  return `${title} ${'█'.repeat(full)}${'░'.repeat(barLength - full)} ${formatNumber(done)} of ${formatNumber(of)}`;
}

/** Writes the figures into a folder, which is made where there is none; their paths. */
export async function writeFigures(folder: string, figures: Iterable<Figure>): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const written: string[] = [];
  for (const figure of figures) {
    const svg = svgOf(figure);
    if (svg === undefined) continue;
    const base = figure.title.replaceAll(/[^\p{L}\p{N}]+/gu, '-').slice(0, 80) || 'figure';
    const taken = written.filter((path) => path.startsWith(join(folder, base))).length;
    const path = join(folder, `${base}${taken > 0 ? `-${taken + 1}` : ''}.svg`);
    await writeFile(path, svg);
    written.push(path);
  }
  return written;
}

/** A figure as SVG; nothing where it has no picture. */
export function svgOf({ title, curves, image }: Figure): string | undefined {
  if (curves) return curvesSvg(title, curves);
  return image && imageSvg(title, image);
}

const frame = { width: 560, height: 240 };
const margin = { left: 72, right: 16, top: 32, bottom: 48 };
/** Told apart by those who see no red or no green, and by their strokes. */
const strokes = [
  ['#0b5cad', ''],
  ['#b35806', '6 3'],
  ['#7b3294', '2 3'],
  ['#00695c', '8 3 2 3'],
] as const;

function curvesSvg(title: string, curves: readonly Curve[]): string {
  const lists = curves.map(({ y }) => y);
  const xs = curves.map(({ x }) => x);
  const { points, ticks, span } = planCurves(lists, frame, xs);
  const lines = ticks.map(
    ({ at, value }) =>
      `<path d="M0 ${at}H${frame.width}" stroke="#d9dee4"/><text x="-8" y="${at + 4}" text-anchor="end">${formatNumber(value)}</text>`,
  );
  const drawn = points.map((list, i) => {
    const [colour, dashes] = strokes[i % strokes.length];
    return `<polyline points="${list}" fill="none" stroke="${colour}" stroke-width="2" stroke-dasharray="${dashes}"/>`;
  });
  const labels = curves.map(({ label, every }, i) => {
    const text = [label, every > 1 && `(one point of ${every})`].filter(Boolean).join(' ');
    return `<text x="${i * 140}" y="${frame.height + 36}" fill="${strokes[i % strokes.length][0]}">${escapedHtml(text)}</text>`;
  });
  const ends = [
    `<text x="0" y="${frame.height + 18}">${formatNumber(span.least)}</text>`,
    `<text x="${frame.width}" y="${frame.height + 18}" text-anchor="end">${formatNumber(span.most)}</text>`,
  ];
  return svg(title, margin.left + frame.width + margin.right, margin.top + frame.height + margin.bottom, [
    ...lines,
    ...ends,
    ...drawn,
    ...labels,
  ]);
}

/** Sides of an element in an image, in pixels, as far as a picture of this size has room. */
const imageRoom = 560;
/** A larger image is no file that anybody opens. */
const mostSquares = 65_536;

function imageSvg(title: string, { shape, dtype, bytes }: OutputValues): string | undefined {
  const values = decode(dtype, new dtypes[dtype].array(bytes.slice().buffer as never));
  // Of a batch no image is the one that is meant, so all numbers are drawn.
  const image = shape.length === 3 ? trueColourOf(shape, dtype, values) : undefined;
  const tiling = image?.tiling ?? tilingOf(shape);
  if (!tiling) return undefined;
  const scale = scaleOf(rangeOf(values));
  const colourAt = (tile: number, y: number, x: number): Colour =>
    image
      ? shadesOf(image, channelsAt(image, values, 0, { y, x }))
      : colourOf(values[(tile * tiling.height + y) * tiling.width + x], scale);
  if (tiling.tiles * tiling.height * tiling.width > mostSquares)
    fail(`--figures: ${title} has more than ${mostSquares.toLocaleString('en')} squares; show a part of it`);
  const [width, height] = sizeOfPicture(tiling);
  const side = Math.max(1, Math.floor(imageRoom / width));
  const squares: string[] = [];
  for (let tile = 0; tile < tiling.tiles; tile++) {
    const [left, top] = cornerOf(tiling, tile);
    for (let y = 0; y < tiling.height; y++) {
      for (let x = 0; x < tiling.width; x++) {
        const colour = colourAt(tile, y, x).map((one) => one.toString(16).padStart(2, '0'));
        squares.push(
          `<path d="M${(left + x) * side} ${(top + y) * side}h${side}v${side}h-${side}z" fill="#${colour.join('')}"/>`,
        );
      }
    }
  }
  const total = { width: margin.left + width * side + margin.right, height: margin.top + height * side + margin.right };
  return svg(title, total.width, total.height, squares);
}

function svg(title: string, width: number, height: number, parts: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    `<text x="${margin.left}" y="20" font-size="14" font-weight="bold">${escapedHtml(title)}</text>`,
    `<g transform="translate(${margin.left} ${margin.top})">`,
    ...parts,
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}
