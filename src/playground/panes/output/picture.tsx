/**
 * @file A tensor to look at: its planes as an image, the number under the pointer or the cursor, and how its numbers
 * are spread.
 */
import type { Words } from '../../../base/words.ts';
import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { TargetedKeyboardEvent, TargetedPointerEvent } from 'preact';
import type { DType } from '../../../base/dtype.ts';
import { formatNumber } from '../../../base/format.ts';
import type { Place, Scale, Tiling } from '../../../base/planes.ts';
import {
  colourOf,
  cornerOf,
  histogramOf,
  moved,
  noNumber,
  placeAt,
  rangeOf,
  scaleOf,
  sizeOfPicture,
  tilingOf,
} from '../../../base/planes.ts';
import { trueColourOf } from '../../../base/true-colour.ts';
import { say } from '../../language.ts';
import type { View } from './views.ts';
import { colourView, numbersView } from './views.ts';

interface PictureProps {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: DType;
  /** All numbers of the tensor, in row-major order. */
  readonly values: Float64Array;
  /** It was given as an image: true colour is shown first, where it has that. */
  readonly isImage?: boolean;
}

/** Pixels of the page that a picture may take; an element takes a whole number of them, where it has room. */
const room = { width: 520, height: 320 };

/** Dimensions by their places from the last, as PyTorch's images have them. */
const dimensionNames: readonly Words[] = [
  { en: 'column', zh: '列' },
  { en: 'row', zh: '行' },
  { en: 'channel', zh: '通道' },
  { en: 'image', zh: '图像' },
];

export function Picture({ name, shape, dtype, values, isImage = false }: PictureProps) {
  const tiling = tilingOf(shape);
  const at = useSignal<readonly number[]>((tiling?.chosen ?? []).map(() => 0));
  const range = useMemo(() => rangeOf(values), [values]);
  const image = useMemo(() => trueColourOf(shape, dtype, values), [values]);
  const inColour = useSignal(isImage);
  const scale = scaleOf(range);
  const shown = inColour.value ? image : undefined;
  const view = useMemo(() => {
    const looked = { name, shape, values, at: at.value };
    return shown ? colourView(looked, shown) : tiling && numbersView(looked, tiling, scale);
  }, [values, at.value, shown]);
  if (!tiling || !view) return null;
  return (
    <div class="picture">
      {image && (
        <div class="ways-to-look" role="group" aria-label={say({ en: `How ${name} is drawn`, zh: `${name} 的画法` })}>
          {[true, false].map((coloured) => (
            <button
              key={String(coloured)}
              type="button"
              aria-pressed={inColour.value === coloured}
              onClick={() => (inColour.value = coloured)}
            >
              {coloured ? say({ en: 'True colour', zh: '真彩色' }) : say({ en: 'Each number', zh: '逐个数值' })}
            </button>
          ))}
        </div>
      )}
      {tiling.chosen.map((size, i) => (
        <Slider
          key={i}
          label={say(dimensionNames[shape.length - 1 - i] ?? { en: `dimension ${i}`, zh: `第 ${i} 维` })}
          size={size}
          value={at.value[i]}
          onInput={(index) => (at.value = at.value.map((one, j) => (j === i ? index : one)))}
        />
      ))}
      <Planes key={String(shown !== undefined)} name={name} view={view} />
      <Legend range={range} scale={shown ? undefined : scale} values={values} />
    </div>
  );
}

interface SliderProps {
  readonly label: string;
  readonly size: number;
  readonly value: number;
  readonly onInput: (value: number) => void;
}

function Slider({ label, size, value, onInput }: SliderProps) {
  if (size < 2) return null;
  return (
    <label class="slider">
      {say({ en: `${label} ${value} of ${size}`, zh: `${label} ${value}/${size}` })}
      <input
        type="range"
        min={0}
        max={size - 1}
        value={value}
        onInput={({ currentTarget }) => onInput(Number(currentTarget.value))}
      />
    </label>
  );
}

interface PlanesProps {
  readonly name: string;
  readonly view: View;
}

function Planes({ name, view }: PlanesProps) {
  const { tiling } = view;
  const canvas = useRef<HTMLCanvasElement>(null);
  const place = useSignal<Place | undefined>(undefined);
  const held = useSignal(false);
  const [width, height] = sizeOfPicture(tiling);
  const zoom = Math.max(1, Math.floor(Math.min(room.width / width, room.height / height, 24)));
  useEffect(() => draw(canvas.current!, view), [view]);

  const point = ({ currentTarget, offsetX, offsetY }: TargetedPointerEvent<HTMLCanvasElement>): void => {
    if (held.value) return;
    const scaled = width / currentTarget.clientWidth;
    place.value = placeAt(tiling, Math.floor(offsetX * scaled), Math.floor(offsetY * scaled));
  };
  const press = (event: TargetedKeyboardEvent<HTMLElement>): void => {
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    place.value = place.value ? moved(tiling, place.value, ...step) : { tile: 0, y: 0, x: 0 };
  };
  const cursor = place.value && cursorStyle(tiling, place.value, width, height);
  return (
    <div class="planes">
      <button
        type="button"
        class="plane-box"
        style={{ inlineSize: `${width * zoom}px`, aspectRatio: `${width} / ${height}` }}
        aria-label={say({
          en: `${name} as an image; arrow keys move from number to number, a press holds one`,
          zh: `${name} 的图像；方向键逐个数字移动，按下则固定`,
        })}
        aria-pressed={held.value}
        onKeyDown={press}
        onClick={() => (held.value = place.value !== undefined && !held.value)}
      >
        <canvas
          ref={canvas}
          width={width}
          height={height}
          onPointerMove={point}
          onPointerLeave={() => held.value || (place.value = undefined)}
        />
        {cursor && <span class="cursor" style={cursor} />}
      </button>
      <p class="reading" aria-live="polite">
        {place.value ? view.textAt(place.value) : view.hint}
      </p>
    </div>
  );
}

const steps: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

function cursorStyle(tiling: Tiling, { tile, y, x }: Place, width: number, height: number): Record<string, string> {
  const [left, top] = cornerOf(tiling, tile);
  return {
    insetInlineStart: `${(100 * (left + x)) / width}%`,
    insetBlockStart: `${(100 * (top + y)) / height}%`,
    inlineSize: `${100 / width}%`,
    blockSize: `${100 / height}%`,
  };
}

function draw(canvas: HTMLCanvasElement, { tiling, colourAt }: View): void {
  const context = canvas.getContext('2d')!;
  const image = context.createImageData(canvas.width, canvas.height);
  for (let tile = 0; tile < tiling.tiles; tile++) {
    const [left, top] = cornerOf(tiling, tile);
    for (let y = 0; y < tiling.height; y++) {
      for (let x = 0; x < tiling.width; x++) {
        const [red, green, blue] = colourAt({ tile, y, x });
        const at = 4 * ((top + y) * canvas.width + left + x);
        image.data[at] = red;
        image.data[at + 1] = green;
        image.data[at + 2] = blue;
        image.data[at + 3] = 255;
      }
    }
  }
  context.putImageData(image, 0, 0);
}

const bins = 48;

interface LegendProps {
  readonly range: readonly [number, number];
  /** Absent in true colour, where a colour stands for three numbers. */
  readonly scale: Scale | undefined;
  readonly values: Float64Array;
}

/** What the colours stand for, under the numbers' histogram. */
function Legend({ range, scale, values }: LegendProps) {
  const counts = useMemo(() => histogramOf(values, range, bins), [values]);
  const most = Math.max(...counts, 1);
  const [least, largest] = range;
  const colours = Array.from({ length: 9 }, (_, i) => {
    const value = least + (i / 8) * (largest - least);
    return scale && `rgb(${colourOf(value, scale).join(' ')})`;
  });
  const bad = useMemo(() => values.some((value) => !Number.isFinite(value)), [values]);
  return (
    <figure class="spread">
      <svg
        viewBox={`0 0 ${bins} 20`}
        preserveAspectRatio="none"
        role="img"
        aria-label={say({ en: 'How often each value occurs', zh: '各数值出现的次数' })}
      >
        {counts.map((count, i) => {
          const high = count > 0 ? Math.max(0.5, (20 * count) / most) : 0;
          return <rect key={i} x={i + 0.1} width={0.8} y={20 - high} height={high} />;
        })}
      </svg>
      {scale && <div class="colours" style={{ background: `linear-gradient(to right, ${colours.join(', ')})` }} />}
      <figcaption>
        <span>{formatNumber(least)}</span>
        {bad && (
          <span class="none">
            <i style={{ background: `rgb(${noNumber.join(' ')})` }} /> {say({ en: 'NaN or ∞', zh: 'NaN 或 ∞' })}
          </span>
        )}
        <span>{formatNumber(largest)}</span>
      </figcaption>
    </figure>
  );
}
