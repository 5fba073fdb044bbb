/**
 * @file The lines of the roofline: the two ceilings of a device as one roof, and a slope alone.
 */
import type { Ceilings } from '../../../compile/profile-data.ts';
import type { Axis } from './axis.ts';
import { ridgeOf } from './points.ts';

interface Axes {
  readonly x: Axis;
  readonly y: Axis;
  /** Where the picture ends, in pixels. */
  readonly right: number;
}

interface SlopeProps extends Axes {
  readonly ceilings: Pick<Ceilings, 'flops' | 'bytes'>;
  readonly name: string;
  /** The name stands below the line, since another runs above it. */
  readonly isBelow: boolean;
}

type Place = readonly [x: number, y: number];

/** Where the slope comes into the picture, and where arithmetic becomes the lower ceiling. */
function ends({ x, y, ceilings: { flops, bytes } }: Omit<SlopeProps, 'name' | 'isBelow'>): {
  foot: Place;
  bend: Place;
} {
  return {
    foot: [x.at(Math.max(x.low, y.low / bytes)), y.at(Math.max(y.low, x.low * bytes))],
    bend: [x.at(ridgeOf({ flops, bytes })), y.at(flops)],
  };
}

/** Up to the arithmetic, dotted. */
export function Slope({ name, isBelow, ...props }: SlopeProps) {
  const { foot, bend } = ends(props);
  if (bend[0] <= foot[0]) return null; // it lies left of everything that is shown
  return (
    <>
      <polyline class="ceiling workgroup" points={`${foot.join()} ${bend.join()}`} />
      <SlopeName foot={foot} bend={bend} name={name} isBelow={isBelow} />
    </>
  );
}

interface RoofProps extends Axes {
  readonly kind: 'own' | 'remote';
  readonly ceilings: SlopeProps['ceilings'];
  /** What stands at the ceiling of arithmetic, and at that of memory. */
  readonly arithmetic: string;
  readonly memory: string;
}

export function Roof({ kind, arithmetic, memory, ...props }: RoofProps) {
  const { foot, bend } = ends(props);
  return (
    <>
      <polyline class={`ceiling ${kind}`} points={`${foot.join()} ${bend.join()} ${props.right},${bend[1]}`} />
      <text class="ceiling-name" x={props.right - 4} y={bend[1] - 7} text-anchor="end">
        {arithmetic}
      </text>
      <SlopeName foot={foot} bend={bend} name={memory} isBelow={false} />
    </>
  );
}

/** Along the slope, in its middle. */
function SlopeName({ foot, bend, name, isBelow }: Pick<SlopeProps, 'name' | 'isBelow'> & { foot: Place; bend: Place }) {
  const [x, y] = [0, 1].map((i) => (foot[i] + bend[i]) / 2);
  const slope = (Math.atan2(bend[1] - foot[1], bend[0] - foot[0]) * 180) / Math.PI;
  return (
    <text
      class="ceiling-name"
      transform={`translate(${x} ${y}) rotate(${slope})`}
      y={isBelow ? 16 : -7}
      text-anchor="middle"
    >
      {name}
    </text>
  );
}
