/**
 * @file The points of the roofline: a disc for a kernel here, a square for a layer of a remote, and the name of one.
 */
import type { Signal } from '@preact/signals';
import { highlight } from '../../highlights.ts';
import { say } from '../../language.ts';
import { select } from '../../selection.ts';
import { kernelSign } from '../kernel-sign.ts';
import { isLit } from './lit-point.ts';
import type { Point } from './points.ts';
import type { RemotePoint } from './remote.ts';
import { isPointLit } from './remote.ts';

/** What pointer or keys are on: a kernel here, a layer there. */
export type Pointed = Signal<Point | RemotePoint | undefined>;

/** The radius of a point that takes all of the time, and of the least. */
const radius = { most: 26, least: 5 };

/** From this radius on there is room for its letter. */
const lettered = 8;

/** About so wide is a letter of a name. */
const letterWidth = 7.8;
const mostLetters = 60;

const radiusOf = ({ share }: Pick<Point, 'share'>): number => Math.max(radius.least, radius.most * Math.sqrt(share));

interface DotProps<P> {
  readonly point: P;
  readonly at: readonly [x: number, y: number];
  readonly pointed: Pointed;
}

const onPointer = ({ point, pointed }: DotProps<Point | RemotePoint>) => ({
  onPointerEnter: () => void (pointed.value = point),
  onPointerLeave: () => void (pointed.value = undefined),
});

export function Dot(props: DotProps<Point>) {
  const { point, pointed } = props;
  const [x, y] = props.at;
  const { colour, letter } = kernelSign(point.name);
  const r = radiusOf(point);
  const state = ['dot', isLit(point, highlight.value) && 'lit', pointed.value === point && 'pointed'];
  return (
    <g
      class={state.filter(Boolean).join(' ')}
      style={{ color: colour }}
      {...onPointer(props)}
      onClick={() => select('kernel', point.name)}
    >
      <circle cx={x} cy={y} r={r} />
      {r >= lettered && (
        <text x={x} y={y} text-anchor="middle" dominant-baseline="central">
          {letter}
        </text>
      )}
    </g>
  );
}

export function Square(props: DotProps<RemotePoint>) {
  const { point, pointed } = props;
  const [x, y] = props.at;
  const r = radiusOf(point);
  const state = ['square', isPointLit(point, highlight.value) && 'lit', pointed.value === point && 'pointed'];
  return (
    <rect
      class={state.filter(Boolean).join(' ')}
      x={x - r}
      y={y - r}
      width={2 * r}
      height={2 * r}
      {...onPointer(props)}
      onClick={() => select('layer', point.layer)}
    />
  );
}

interface NameProps {
  readonly of: Point | RemotePoint;
  readonly at: readonly [x: number, y: number];
  readonly width: number;
  readonly bottom: number;
}

/** Below the point, where no ceiling is; above it at the lower edge. */
export function Name({ of: point, at: [x, y], width, bottom }: NameProps) {
  const name = (
    'layer' in point ? say({ en: `${point.layer}, there`, zh: `那边的 ${point.layer}` }) : point.name
  ).slice(0, mostLetters);
  const half = (name.length * letterWidth) / 2;
  const below = y + radiusOf(point) + 16;
  return (
    <text
      class="dot-name"
      x={Math.min(Math.max(x, half), width - half)}
      y={below < bottom ? below : y - radiusOf(point) - 8}
      text-anchor="middle"
    >
      {name}
    </text>
  );
}
