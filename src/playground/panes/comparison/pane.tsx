/**
 * @file Both sides held together: is the answer the same, and how fast was each.
 */
import { useId } from 'preact/hooks';
import type { RemoteComparison, ComparedTensor, SideTiming } from '../../../compare/types.ts';
import { occasionText, speedText } from '../../../compare/words.ts';
import { formatError, formatHour, formatMs, formatSizes } from '../../../base/format.ts';
import { asked } from '../../comparison-request.ts';
import { langOf, language, say } from '../../language.ts';
import { chosen } from '../../remotes.ts';
import type { Comparison } from '../../state.ts';
import { comparison, comparisonErrors, lastRun } from '../../state.ts';
import { RequestControls } from './request.tsx';
import { Gradients } from './gradients.tsx';
import { Layers } from './layers.tsx';
import { Training } from './training.tsx';
import { Why } from './why.tsx';
import { SideBySide } from './side-by-side.tsx';
import { Verdict } from './verdict.tsx';
import { Columns } from '../columns.tsx';
import { rangeText } from './range.ts';

export function Pane() {
  const compared = comparison.value;
  const { texts: errors, at } = comparisonErrors.value;
  return (
    <section class="panel" aria-labelledby="comparison-title">
      <h2 class="unseen" id="comparison-title">
        {say({ en: 'Comparison', zh: '对比' })}
      </h2>
      <RequestControls />
      {errors.map((error) => (
        <p key={error} class="notice bad" role="alert" lang={langOf(error)}>
          {error}
        </p>
      ))}
      {!compared && errors.length === 0 && (
        <p class="empty">
          {say({
            en: 'Runs the same model with the same weights and inputs in real PyTorch, and shows how far apart the two results are, whether rounding explains that, and how long each side took.',
            zh: '用相同的权重和输入，在真实的 PyTorch 中运行同一模型，显示两边结果相差多少、舍入能否解释，以及各用了多长时间。',
          })}
        </p>
      )}
      {compared && errors.length > 0 && compared.sides[0].at < at && (
        <p class="hint">
          {say({
            en: `Below is the previous comparison, of ${formatHour(compared.sides[0].at)}.`,
            zh: `以下是 ${formatHour(compared.sides[0].at)} 的上一次对比。`,
          })}
        </p>
      )}
      {compared && compared.text !== lastRun.value?.text && (
        <p class="hint">{say({ en: 'This comparison is of an earlier program.', zh: '这次对比是针对先前的程序。' })}</p>
      )}
      {compared && !madeAsAsked(compared) && (
        <p class="hint">
          {say({
            en: 'The settings above apply to the next comparison; each result names its own.',
            zh: '上面的设置用于下一次对比；每个结果都标明了自己的设置。',
          })}
        </p>
      )}
      {compared && <Sides sides={compared.sides} />}
    </section>
  );
}

/** Whether a comparison now would be with the same remotes in the same arithmetic. */
function madeAsAsked({ sides, request }: Comparison): boolean {
  const same =
    sides.length === chosen.value.length && chosen.value.every((remote, i) => remote.name === sides[i].remote);
  return same && JSON.stringify(request.settings) === JSON.stringify(asked().job.settings);
}

/** One remote is shown at once; of several the short table, and each one's own below it. */
function Sides({ sides }: { sides: readonly RemoteComparison[] }) {
  if (sides.length === 1) return <Result side={sides[0]} />;
  return (
    <>
      <SideBySide sides={sides} />
      {sides.map((side) => (
        <details key={side.remote} class="side">
          <summary>{say({ en: `All about ${side.remote}`, zh: `${side.remote} 的全部结果` })}</summary>
          <Result side={side} />
        </details>
      ))}
    </>
  );
}

function Result({ side }: { side: RemoteComparison }) {
  const { result, remote, training } = side;
  const [about, timingsAbout] = [useId(), useId()];
  return (
    <>
      <p class="occasion">{occasionText(side, language.value)}</p>
      <p class="about" id={about}>
        {say({
          en: `${result.model} here and in PyTorch, from the same weights and inputs. Relative errors are in units of the rms of a float64 run.`,
          zh: `${result.model} 在本机与 PyTorch 中，权重和输入相同。相对误差以 float64 运行的均方根为单位。`,
        })}
      </p>
      <div
        class="scroller"
        role="group"
        tabIndex={0}
        aria-label={say({ en: `Comparison with ${remote}, scrolls sideways`, zh: `与 ${remote} 的对比，可横向滚动` })}
      >
        <table
          class="tensors"
          aria-label={say({ en: `Comparison with ${remote}`, zh: `与 ${remote} 的对比` })}
          aria-describedby={about}
        >
          <Columns
            of={[
              say({ en: 'Tensor', zh: '张量' }),
              say({ en: 'Verdict', zh: '结论' }),
              { number: say({ en: 'Max |difference|', zh: '最大 |差|' }) },
              { number: say({ en: 'Relative', zh: '相对' }) },
              say({ en: 'Tolerance', zh: '容差' }),
              { number: say({ en: 'Here against float64', zh: '本机相对 float64' }) },
              { number: say({ en: 'Remote against float64', zh: '远端相对 float64' }) },
            ]}
          />
          <tbody>
            {result.tensors.map((tensor) => (
              <TensorRow key={tensor.name} tensor={tensor} />
            ))}
          </tbody>
        </table>
      </div>
      <Why side={side} />
      <p class="occasion">{speedText(result, language.value)}</p>
      <p class="about" id={timingsAbout}>
        {say({
          en: 'Time of one call of the model: the median with its 95% bootstrap interval, the fastest and the slowest run.',
          zh: '模型调用一次的耗时：中位数及其 95% 自助法区间、最快与最慢的一次。',
        })}
        {result.timings.some((t) => t.software) &&
          say({
            en: ' Times on a CPU or a software adapter say nothing about the speed of a GPU; the numbers are just as valid.',
            zh: 'CPU 或软件适配器上的耗时不代表 GPU 的速度；数值则同样有效。',
          })}
      </p>
      <div
        class="scroller"
        role="group"
        tabIndex={0}
        aria-label={say({ en: `Timings with ${remote}, scroll sideways`, zh: `与 ${remote} 的耗时对比，可横向滚动` })}
      >
        <table
          aria-label={say({ en: `Timings with ${remote}`, zh: `与 ${remote} 的耗时对比` })}
          aria-describedby={timingsAbout}
        >
          <Columns
            of={[
              say({ en: 'Side', zh: '一侧' }),
              say({ en: 'Device', zh: '设备' }),
              { number: say({ en: 'Median, ms', zh: '中位数，ms' }) },
              { number: say({ en: 'Interval, ms', zh: '区间，ms' }) },
              { number: say({ en: 'Range, ms', zh: '范围，ms' }) },
              { number: say({ en: 'Runs', zh: '次数' }) },
              say({ en: 'Clock', zh: '时钟' }),
              say({ en: 'Versions', zh: '版本' }),
            ]}
          />
          <tbody>
            {result.timings.map((timing) => (
              <TimingRow key={timing.side} timing={timing} />
            ))}
          </tbody>
        </table>
      </div>
      {result.layers && <Layers layers={result.layers} remote={remote} />}
      {result.gradients && <Gradients gradients={result.gradients} remote={remote} />}
      {training && <Training training={training} remote={remote} />}
    </>
  );
}

function TensorRow({ tensor }: { tensor: ComparedTensor }) {
  const { name, shape, maxAbsError, relativeError, tolerance, toleranceReason, localError, remoteError } = tensor;
  return (
    <tr>
      <th scope="row">
        <code>{name}</code>
        <small>{formatSizes(shape)}</small>
      </th>
      <td>
        <Verdict tensor={tensor} />
      </td>
      <td class="number">{formatError(maxAbsError)}</td>
      <td class="number">{formatError(relativeError)}</td>
      <td class="wordy">
        {formatError(tolerance)}
        <small lang={langOf(toleranceReason)}>{toleranceReason}</small>
      </td>
      <td class="number">{formatError(localError)}</td>
      <td class="number">{formatError(remoteError)}</td>
    </tr>
  );
}

function TimingRow({ timing }: { timing: SideTiming }) {
  const { side, device, software, medianMs, intervalMs, minMs, maxMs, runs, clock, versions } = timing;
  return (
    <tr>
      <th scope="row">{side === 'local' ? say({ en: 'here', zh: '本机' }) : say({ en: 'remote', zh: '远端' })}</th>
      <td>
        {device}
        {software && <small>{say({ en: 'software', zh: '软件' })}</small>}
      </td>
      <td class="number">{formatMs(medianMs)}</td>
      <td class="number">{rangeText(intervalMs[0], intervalMs[1])}</td>
      <td class="number">{rangeText(minMs, maxMs)}</td>
      <td class="number">{runs}</td>
      <td lang={langOf(clock)}>{clock}</td>
      <td class="versions">
        {Object.entries(versions).map(([what, version]) => (
          <div key={what}>
            {what} {version}
          </div>
        ))}
      </td>
    </tr>
  );
}
