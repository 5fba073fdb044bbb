/**
 * @file The model layer by layer: how far each output is off on both sides, by which algorithm it was computed, and how
 * long that took.
 */
import { useId } from 'preact/hooks';
import { firstParting, verdictText } from '../../../compare/compare.ts';
import type { ComparedLayer, LayerSide } from '../../../compare/types.ts';
import { layersTitle } from '../../../compare/words.ts';
import { formatError, formatMs, formatSizes } from '../../../base/format.ts';
import { langOf, language, say } from '../../language.ts';
import { Verdict } from './verdict.tsx';
import { Columns } from '../columns.tsx';
import { WithTerms } from '../../glossary/explained.tsx';

/** A model of more layers shows the table when it is asked for. */
const fewRows = 16;

export function Layers({ layers, remote }: { layers: readonly ComparedLayer[]; remote: string }) {
  const about = useId();
  const parting = firstParting(layers);
  return (
    <details class="inside" open={layers.length <= fewRows || parting !== undefined}>
      <summary>{layersTitle(layers, language.value)}</summary>
      {parting && (
        <p class="notice bad">
          {say({
            en: (
              <>
                The first layer that differs is <code>{parting.path}</code> ({parting.type}). It{' '}
                {verdictText(parting.tensor!)}.
              </>
            ),
            zh: (
              <>
                第一个有差异的层是 <code>{parting.path}</code>（{parting.type}）。
                <span lang="en">It {verdictText(parting.tensor!)}.</span>
              </>
            ),
          })}
        </p>
      )}
      <p class="about" id={about}>
        <WithTerms
          text={say({
            en: "Each layer's output, and how it was computed. Here the layers were computed once more, without fusing one into another. [error:Errors] are relative to the rms of a float64 run.",
            zh: '每层的输出，以及它是怎么算出来的。这里的各层是重新逐层计算的，没有互相融合。[error:误差]相对于 float64 运行的均方根。',
          })}
        />
      </p>
      <div
        class="scroller"
        role="group"
        tabIndex={0}
        aria-label={say({ en: `Layers with ${remote}, scroll sideways`, zh: `与 ${remote} 的各层对比，可横向滚动` })}
      >
        <table
          class="layers"
          aria-label={say({ en: `Layers with ${remote}`, zh: `与 ${remote} 的各层对比` })}
          aria-describedby={about}
        >
          <Columns
            of={[
              say({ en: 'Layer', zh: '层' }),
              say({ en: 'Verdict', zh: '结论' }),
              { number: say({ en: 'Difference', zh: '差' }) },
              { number: say({ en: 'Here against float64', zh: '本机相对 float64' }) },
              { number: say({ en: 'Remote against float64', zh: '远端相对 float64' }) },
              say({ en: 'Here by', zh: '本机算法' }),
              say({ en: 'Remote by', zh: '远端算法' }),
            ]}
          />
          <tbody>
            {layers.map((layer) => (
              <Layer key={layer.path} layer={layer} parting={layer === parting} />
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function Layer({
  layer: { path, type, tensor, missing, local, remote },
  parting,
}: {
  layer: ComparedLayer;
  parting: boolean;
}) {
  return (
    <tr class={parting ? 'parting' : ''}>
      <th scope="row">
        <code>{path}</code>
        <small>
          {type}
          {tensor && ` ${formatSizes(tensor.shape)}`}
        </small>
      </th>
      {tensor ? (
        <>
          <td>
            <Verdict tensor={tensor} />
            <small>
              {say({ en: `${formatError(tensor.tolerance)} allowed`, zh: `允许 ${formatError(tensor.tolerance)}` })}
            </small>
          </td>
          <td class="number">{formatError(tensor.relativeError)}</td>
          <td class="number">{formatError(tensor.localError)}</td>
          <td class="number">{formatError(tensor.remoteError)}</td>
        </>
      ) : (
        <td colSpan={4} class="missing">
          {say({ en: 'not compared:', zh: '未比较：' })} <span lang={langOf(missing ?? '')}>{missing}</span>
        </td>
      )}
      <By side={local} />
      <By side={remote} />
    </tr>
  );
}

function By({ side: { algorithm, config, evidence, ms, timed } }: { side: LayerSide }) {
  if (algorithm === undefined && ms === undefined) return <td class="by">–</td>;
  return (
    <td class="by">
      {algorithm && <span title={evidence}>{algorithm}</span>}
      {config && <small>{config}</small>}
      {ms !== undefined && (
        <small>
          {formatMs(ms)} ms: <span lang={langOf(timed ?? '')}>{timed}</span>
        </small>
      )}
    </td>
  );
}
