/**
 * @file What a program draws while it runs: curves, images, and how far it is.
 *
 *     plot(losses, { title: 'loss' });
 *     imshow(images.select(0, 0));
 *     progress(epoch, epochs);
 */
import { dtypes } from '../base/dtype.ts';
import { fail, messageOf } from '../base/errors.ts';
import { formatShape, sizeOf } from '../base/shape.ts';
import { fn, p } from '../torch/signature.ts';
import { readTensor, Tensor } from '../torch/tensor.ts';
import type { Curve, Figure, OutputValues } from './protocol.ts';
import { mostShownBytes } from './protocol.ts';

/** Figures of a run, and points of a curve, that are shown at most. */
const most = { figures: 100, points: 5000 };

/** A figure that changes in a loop is told no more often than this. */
const everyMs = 100;

export class Figures {
  private readonly tell: (figure: Figure) => void;
  private readonly figures = new Map<string, Figure>();
  private readonly reading = new Set<Promise<void>>();
  private readonly changed = new Set<string>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(tell: (figure: Figure) => void) {
    this.tell = tell;
  }

  /** Adds a curve to the figure of that title, in the place of one with its label. */
  plot(title: string, label: string, x: Numbers | null, y: Numbers): void {
    this.read('plot', [y, ...(x === null ? [] : [x])], ([ys, xs = ys.map((_, i) => i)]) => {
      if (xs.length !== ys.length) fail(`plot: ${xs.length} places and ${ys.length} values; give as many of both`);
      const every = Math.max(1, Math.ceil(ys.length / most.points));
      const shown = (values: readonly number[]): number[] => values.filter((_, i) => i % every === 0);
      const curve: Curve = { label, x: shown(xs), y: shown(ys), every };
      const others = this.figures.get(title)?.curves ?? [];
      const at = others.findIndex((other) => other.label === label);
      this.draw({ title, curves: at === -1 ? [...others, curve] : others.with(at, curve) });
    });
  }

  imshow(title: string, tensor: Tensor): void {
    const { shape, dtype } = tensor.node;
    if (sizeOf(shape) * dtypes[dtype].hostBytes > mostShownBytes)
      fail(`imshow: ${formatShape(shape)} is too large to look at; show a part of it, such as x.narrow(0, 0, 1)`);
    this.pending(
      readTensor(tensor).then((host) => {
        const bytes = new Uint8Array(host.buffer, host.byteOffset, host.byteLength).slice();
        const image: OutputValues = { shape: [...shape], dtype, bytes };
        this.draw({ title, image });
      }),
    );
  }

  progress(title: string, done: number, of: number): void {
    if (!(of > 0) || !(done >= 0 && done <= of)) fail(`progress: ${done} of ${of} is no share; give 0 to ${of}`);
    this.draw({ title, progress: { done, of } });
  }

  /** Resolves when all figures have been told as they are at last. */
  async drawn(): Promise<void> {
    while (this.reading.size > 0) await Promise.all(this.reading);
    this.flush();
  }

  private read(what: string, given: readonly Numbers[], use: (lists: number[][]) => void): void {
    const lists = given.map((one) => (one instanceof Tensor ? one : Array.from(one)));
    for (const one of lists)
      if (one instanceof Tensor && one.node.shape.length !== 1)
        fail(`${what}: a curve has one dimension, and this tensor has ${formatShape(one.node.shape)}; select a part`);
    if (lists.every((one) => Array.isArray(one))) return use(lists);
    const hosts = Promise.all(
      lists.map(async (one) => (one instanceof Tensor ? Array.from((await one.tolist()) as number[]) : one)),
    );
    this.pending(hosts.then(use));
  }

  /** What fails once the tensors are there has nobody who awaits it: the figure says so. */
  private pending(work: Promise<void>): void {
    const told = work.catch((error: unknown) => this.draw({ title: messageOf(error) }));
    this.reading.add(told);
    void told.finally(() => this.reading.delete(told));
  }

  private draw(figure: Figure): void {
    if (!this.figures.has(figure.title) && this.figures.size >= most.figures)
      fail(`a run shows ${most.figures} figures at most; draw into one that there is, by its title`);
    this.figures.set(figure.title, figure);
    this.changed.add(figure.title);
    this.timer ??= setTimeout(() => this.flush(), everyMs);
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    for (const title of this.changed) this.tell(this.figures.get(title)!);
    this.changed.clear();
  }
}

type Numbers = readonly number[] | Float32Array | Float64Array | Int32Array | Tensor;

/** Numbers of a curve. */
const numbers = p.kind<Numbers>(
  'numbers',
  'them in an array, or a tensor of one dimension',
  (v) =>
    v instanceof Tensor ||
    ((Array.isArray(v) || ArrayBuffer.isView(v)) &&
      Array.from(v as ArrayLike<unknown>).every((one) => typeof one === 'number')),
);

/** Those of the program that runs. */
let running: Figures | undefined;

/** What the next program draws is told to `tell`. */
export function startFigures(tell: (figure: Figure) => void): Figures {
  running = new Figures(tell);
  return running;
}

const figures = (what: string): Figures => running ?? fail(`${what}: no program runs that could draw`);

/**
 * Draws a curve, of `y` over `x` or of `x` over its places. Curves of one title share a figure; one with a label that
 * is there takes its place, so a curve can grow with a training.
 */
export const plot = fn(
  'ours.plot',
  [numbers('x'), numbers('y', null), '*', p.text('label', ''), p.text('title', 'plot')],
  (x, y, label, title): void =>
    y === null
      ? figures('plot').plot(title, label, null, x as Numbers)
      : figures('plot').plot(title, label, x as Numbers, y as Numbers),
);

/**
 * Shows a tensor as an image: 3×H×W or H×W×3 of floats from 0 to 1 or uint8 in true colour, others
 * with a colour for each number, the last two dimensions as planes and channels as tiles.
 */
export const imshow = fn('ours.imshow', [p.tensor('x'), '*', p.text('title', 'image')], (x, title): void =>
  figures('imshow').imshow(title, x),
);

/** Shows how far the program is: `progress(3, 10)`. */
export const progress = fn(
  'ours.progress',
  [p.float('done'), p.float('of'), '*', p.text('title', 'progress')],
  (done, of, title): void => figures('progress').progress(title, done, of),
);
