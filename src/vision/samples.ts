/**
 * @file Sample images, 128 × 128: drawn, not downloaded, so every copy of wuDNN has the same and nobody owns them.
 *
 * Each shows something else to a convolution: straight, slanted and round edges between flat colours; the stroke of a
 * digit; a pattern that repeats; and every spatial frequency at once.
 */
import type { RgbaImage } from '../base/rgba-image.ts';

const side = 128;

type Colour = readonly [red: number, green: number, blue: number];
type Point = readonly [x: number, y: number];

/** The colour at a place, from 0 to 1; both coordinates go from -1 to 1, right and down. */
type Drawing = (x: number, y: number) => Colour;

const grey = (value: number): Colour => [value, value, value];

/** Flat shapes, the last that has the place in front. */
const flat: readonly (readonly [colour: Colour, inside: (x: number, y: number) => boolean])[] = [
  [[0.16, 0.36, 0.66], (x, y) => x > -0.85 && x < -0.1 && y > -0.8 && y < -0.05],
  [[0.86, 0.3, 0.18], (x, y) => Math.hypot(x - 0.42, y + 0.4) < 0.42],
  [[0.18, 0.55, 0.34], (x, y) => y < 0.85 && y > 0.05 + 2 * Math.abs(x + 0.47)],
  [[0.95, 0.74, 0.2], (x, y) => Math.hypot(x - 0.42, y - 0.45) < 0.4 && Math.hypot(x - 0.42, y - 0.45) > 0.2],
  [[0.15, 0.15, 0.2], (x, y) => Math.abs(x - y) < 0.05 && Math.abs(x) < 0.9],
];

const shapes: Drawing = (x, y) => flat.findLast(([, inside]) => inside(x, y))?.[0] ?? [0.93, 0.92, 0.88];

/** The stroke of a 2: an arc, the neck, the foot. */
const two: readonly Point[] = [
  ...Array.from({ length: 13 }, (_, i): Point => {
    const angle = (-170 + 17.5 * i) * (Math.PI / 180);
    return [0.38 * Math.cos(angle), -0.3 + 0.38 * Math.sin(angle)];
  }),
  [-0.4, 0.68],
  [0.44, 0.68],
];

/** White on black, as handwritten digits are given to a network. */
const digit: Drawing = (x, y) => {
  const distance = Math.min(...two.slice(1).map((to, i) => distanceTo(x, y, two[i], to)));
  return grey(clamped((0.13 - distance) / 0.04));
};

function distanceTo(x: number, y: number, [ax, ay]: Point, [bx, by]: Point): number {
  const along = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2);
  const t = clamped(along);
  return Math.hypot(x - ax - t * (bx - ax), y - ay - t * (by - ay));
}

/** Plain weave: eight threads in each direction, over and under in turn, each darker towards its sides. */
const texture: Drawing = (x, y) => {
  const [u, v] = [4 * (x + 1), 4 * (y + 1)];
  const isWarp = (Math.floor(u) + Math.floor(v)) % 2 === 0;
  const across = (isWarp ? u : v) % 1;
  const along = (isWarp ? v : u) % 1;
  const light = 0.35 + 0.65 * Math.sin(Math.PI * across) * (0.55 + 0.45 * Math.sin(Math.PI * along));
  return isWarp ? [0.85 * light, 0.6 * light, 0.35 * light] : [0.3 * light, 0.5 * light, 0.6 * light];
};

/** Rings whose frequency rises from 0 in the middle to half a cycle a pixel at the edges, the highest there is. */
const zonePlate: Drawing = (x, y) => grey(0.5 + 0.5 * Math.cos((Math.PI * side * (x * x + y * y)) / 4));

const drawings = { shapes, digit, texture, 'zone plate': zonePlate } as const satisfies Record<string, Drawing>;

export type SampleName = keyof typeof drawings;

/** The samples' names; the first is what a program has that names none. */
export const sampleNames = Object.keys(drawings) as SampleName[];

export function sample(name: SampleName): RgbaImage {
  const rgba = new Uint8Array(4 * side * side);
  for (let row = 0, at = 0; row < side; row++) {
    for (let column = 0; column < side; column++, at += 4) {
      const colour = drawings[name]((2 * column + 1) / side - 1, (2 * row + 1) / side - 1);
      rgba.set([...colour.map((value) => Math.round(255 * value)), 255], at);
    }
  }
  return { width: side, height: side, rgba };
}

const clamped = (value: number): number => Math.min(1, Math.max(0, value));
