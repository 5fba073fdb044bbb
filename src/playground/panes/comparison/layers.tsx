/**
 * @file The model layer by layer: how far each output is off on both sides, by which algorithm it was computed, and how
 * long that took.
 */
import { useId } from 'preact/hooks';
import { firstParting, verdictText } from '../../../compare/compare.ts';
import type { ComparedLayer, LayerSide } from '../../../compare/types.ts';
import { layersTitle } from '../../../compare/words.ts';
import { formatError, formatMs, formatSizes } from '../../../base/format.ts';
import { Verdict } from './verdict.tsx';
import { Columns } from '../columns.tsx';

/** A model of more layers shows the table when it is asked for. */
const fewRows = 16;

export function Layers({ layers, remote }: { layers: readonly ComparedLayer[]; remote: string }) {
  const about = useId();
  const parting = firstParting(layers);
  return (
    <details class="inside" open={layers.length <= fewRows || parting !== undefined}>
      <summary>{layersTitle(layers)}</summary>
      {parting && (
        <p class="notice bad">
          The first layer that differs is <code>{parting.path}</code> ({parting.type}). It{' '}
          {verdictText(parting.tensor!)}.
        </p>
      )}
      <p class="about" id={about}>
        Each layer's output, and how it was computed. Here the layers were computed once more, without fusing one into
        another. Errors are relative to the rms of a float64 run.
      </p>
      <div class="scroller" role="group" tabIndex={0} aria-label={`Layers with ${remote}, scroll sideways`}>
        <table class="layers" aria-label={`Layers with ${remote}`} aria-describedby={about}>
          <Columns
            of={[
              'Layer',
              'Verdict',
              { number: 'Difference' },
              { number: 'Here against float64' },
              { number: 'Remote against float64' },
              'Here by',
              'Remote by',
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
            <small>{formatError(tensor.tolerance)} allowed</small>
          </td>
          <td class="number">{formatError(tensor.relativeError)}</td>
          <td class="number">{formatError(tensor.localError)}</td>
          <td class="number">{formatError(tensor.remoteError)}</td>
        </>
      ) : (
        <td colSpan={4} class="missing">
          not compared: {missing}
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
          {formatMs(ms)} ms: {timed}
        </small>
      )}
    </td>
  );
}
