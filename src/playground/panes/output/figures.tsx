/**
 * @file What a program has drawn: curves, images, and how far it is.
 */
import { useMemo } from 'preact/hooks';
import { planCurves } from '../../../base/curve.ts';
import { formatNumber } from '../../../base/format.ts';
import type { Curve, Figure, OutputValues } from '../../../session/protocol.ts';
import { say } from '../../language.ts';
import { CurveChart } from '../curve-chart.tsx';
import { Picture } from './picture.tsx';
import { valuesOf } from './values.ts';

export function FigureView({ figure }: { readonly figure: Figure }) {
  const { title, curves, image, progress } = figure;
  return (
    <figure class="figure" data-title={title}>
      <figcaption>{title}</figcaption>
      {curves && <Curves title={title} curves={curves} />}
      {image && <Image title={title} image={image} />}
      {progress && (
        <label class="progress">
          <progress max={progress.of} value={progress.done} /> {formatNumber(progress.done)}{' '}
          {say({ en: 'of', zh: '/' })} {formatNumber(progress.of)}
        </label>
      )}
    </figure>
  );
}

function Image({ title, image }: { readonly title: string; readonly image: OutputValues }) {
  const values = useMemo(() => valuesOf(image), [image]);
  return <Picture name={title} shape={image.shape} dtype={image.dtype} values={values} isImage />;
}

const frame = { width: 480, height: 150 };
/** Curves are told apart by their strokes too. */
const strokes = ['', '6 3', '2 3', '8 3 2 3'];

function Curves({ title, curves }: { readonly title: string; readonly curves: readonly Curve[] }) {
  const plan = planCurves(
    curves.map(({ y }) => y),
    frame,
    curves.map(({ x }) => x),
  );
  const every = Math.max(...curves.map((curve) => curve.every));
  return (
    <>
      <CurveChart
        plan={plan}
        frame={frame}
        title={`${title}: ${curves.map(describe).join('; ')}`}
        classes={curves.map((_, i) => `curve-${i % 4}`)}
        dashes={curves.map((_, i) => strokes[i % 4])}
        ends={[formatNumber(plan.span.least), formatNumber(plan.span.most)]}
      />
      <p class="legend">
        {curves.map(({ label, y }, i) => (
          <span key={label} class={`curve-${i % 4}`}>
            {[label, y.length > 0 && formatNumber(y[y.length - 1])].filter(Boolean).join(' ')}
          </span>
        ))}
        {plan.logarithmic && <span>{say({ en: 'logarithmic', zh: '对数刻度' })}</span>}
        {every > 1 && <span>{say({ en: `one point of ${every} is drawn`, zh: `每 ${every} 点画一点` })}</span>}
      </p>
    </>
  );
}

const describe = ({ label, y }: Curve): string =>
  y.length === 0
    ? say({ en: `${label} without points`, zh: `${label} 没有点` })
    : say({
        en: `${label} from ${formatNumber(y[0])} to ${formatNumber(y[y.length - 1])}`.trim(),
        zh: `${label} 从 ${formatNumber(y[0])} 到 ${formatNumber(y[y.length - 1])}`.trim(),
      });
