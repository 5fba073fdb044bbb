/**
 * @file Several remotes in one table, a column each, with this side as the first: what differs, and how long each took.
 */
import { useId } from 'preact/hooks';
import type { RemoteComparison, ComparedTensor, SideTiming } from '../../../compare/types.ts';
import { timingOf } from '../../../compare/types.ts';
import { speedText } from '../../../compare/words.ts';
import { formatError, formatHour, formatMs, formatSizes } from '../../../base/format.ts';
import { langOf, language, say } from '../../language.ts';
import { WithTerms } from '../../glossary/explained.tsx';
import { Verdict } from './verdict.tsx';
import { rangeText } from './range.ts';

export function SideBySide({ sides }: { sides: readonly RemoteComparison[] }) {
  const about = useId();
  const [{ result }] = sides;
  const here = timingOf(result, 'local');
  const theirs = sides.map((side) => timingOf(side.result, 'remote'));
  return (
    <>
      <p class="about" id={about}>
        {say({
          en: `${result.model} here and on ${sides.length} remotes, with the same weights and inputs, one after another. `,
          zh: `${result.model} 在本机和 ${sides.length} 个远端上，权重和输入相同，依次运行。`,
        })}
        <WithTerms
          text={say({
            en: '[error:Errors] are relative to the rms of a float64 run.',
            zh: '[error:误差]相对于 float64 运行的均方根。',
          })}
        />
        {[here, ...theirs].some(({ software }) => software) &&
          say({
            en: ' Times on a CPU or a software adapter say nothing about the speed of a GPU.',
            zh: 'CPU 或软件适配器上的耗时不代表 GPU 的速度。',
          })}
      </p>
      <div
        class="scroller"
        role="group"
        tabIndex={0}
        aria-label={say({ en: 'Comparison with all remotes, scrolls sideways', zh: '与所有远端的对比，可横向滚动' })}
      >
        <table
          class="sides"
          aria-label={say({ en: 'Comparison with all remotes', zh: '与所有远端的对比' })}
          aria-describedby={about}
        >
          <thead>
            <tr>
              <td />
              <th scope="col">{say({ en: 'here', zh: '本机' })}</th>
              {sides.map(({ remote }) => (
                <th key={remote} scope="col">
                  {remote}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <tr>
              <th scope="row">{say({ en: 'Device', zh: '设备' })}</th>
              {[here, ...theirs].map(({ device, software }, i) => (
                <td key={i}>
                  {device}
                  {software && <small>{say({ en: 'software', zh: '软件' })}</small>}
                </td>
              ))}
            </tr>
            <tr>
              <th scope="row">{say({ en: 'Arithmetic', zh: '运算精度' })}</th>
              <td>{say({ en: 'as the program says', zh: '由程序决定' })}</td>
              {sides.map((side) => (
                <td key={side.remote}>
                  <span lang={langOf(side.result.arithmetic)}>{side.result.arithmetic}</span>
                  <small>{say({ en: `at ${formatHour(side.at)}`, zh: formatHour(side.at) })}</small>
                </td>
              ))}
            </tr>
            {result.tensors.map((tensor, i) => (
              <tr key={tensor.name}>
                <th scope="row">
                  <code>{tensor.name}</code>
                  <small>{formatSizes(tensor.shape)}</small>
                </th>
                <td>
                  {formatError(tensor.localError)}
                  <small>{say({ en: 'against float64', zh: '相对 float64' })}</small>
                </td>
                {sides.map((side) => (
                  <TensorCell key={side.remote} tensor={side.result.tensors[i]} />
                ))}
              </tr>
            ))}
            <tr>
              <th scope="row">{say({ en: 'Median, ms', zh: '中位数，ms' })}</th>
              {[here, ...theirs].map((timing, i) => (
                <TimeCell key={i} timing={timing} />
              ))}
            </tr>
            <tr>
              <th scope="row">{say({ en: 'Compared with here', zh: '与本机相比' })}</th>
              <td />
              {sides.map((side) => (
                <td key={side.remote} class="wordy">
                  {speedText(side.result, language.value)}
                </td>
              ))}
            </tr>
            <tr>
              <th scope="row">{say({ en: 'Clock', zh: '时钟' })}</th>
              {[here, ...theirs].map(({ clock }, i) => (
                <td key={i} lang={langOf(clock)}>
                  {clock}
                </td>
              ))}
            </tr>
            <tr>
              <th scope="row">{say({ en: 'Versions', zh: '版本' })}</th>
              {[here, ...theirs].map(({ versions }, i) => (
                <td key={i} class="versions">
                  {Object.entries(versions).map(([what, version]) => (
                    <div key={what}>
                      {what} {version}
                    </div>
                  ))}
                </td>
              ))}
            </tr>
          </tbody>
        </table>
      </div>
    </>
  );
}

function TensorCell({ tensor }: { tensor: ComparedTensor }) {
  const { relativeError, remoteError, tolerance } = tensor;
  return (
    <td>
      <Verdict tensor={tensor} />
      <small>
        {say({
          en: `${formatError(relativeError)} from here, ${formatError(tolerance)} allowed`,
          zh: `与本机差 ${formatError(relativeError)}，允许 ${formatError(tolerance)}`,
        })}
      </small>
      <small>
        {say({ en: `${formatError(remoteError)} against float64`, zh: `相对 float64 ${formatError(remoteError)}` })}
      </small>
    </td>
  );
}

function TimeCell({ timing: { medianMs, intervalMs, runs } }: { timing: SideTiming }) {
  return (
    <td>
      {formatMs(medianMs)}
      <small>
        {say({
          en: `${rangeText(intervalMs[0], intervalMs[1])}, ${runs} runs`,
          zh: `${rangeText(intervalMs[0], intervalMs[1])}，${runs} 次`,
        })}
      </small>
    </td>
  );
}
