/**
 * @file The tensors that the program made: shape, statistics, first values.
 */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { messageOf } from '../../../base/errors.ts';
import type { OutputSummary } from '../../../session/protocol.ts';
import { formatElement, formatNumber, formatSizes } from '../../../base/format.ts';
import { earlierRun, engine, engineHasRun } from '../../actions.ts';
import { langOf, say } from '../../language.ts';
import { Picture } from './picture.tsx';
import { valuesOf } from './values.ts';
import { failure, figures, lastSuccess } from '../../state.ts';
import { FigureView } from './figures.tsx';
import { ImageInput } from './image-input.tsx';

export function Pane() {
  const success = lastSuccess.value;
  return (
    <section class="panel" aria-labelledby="output-title">
      <h2 class="unseen" id="output-title">
        {say({ en: 'Output', zh: '输出' })}
      </h2>
      <ImageInput />
      {figures.value.map((figure) => (
        <FigureView key={figure.title} figure={figure} />
      ))}
      {!success && figures.value.length === 0 && (
        <p class="empty">
          {say({
            en: (
              <>
                Tensors that the program exports (<code>export const output = …</code>) appear here with their shape,
                statistics and first values. Without an export, the last model call is shown. What it draws by{' '}
                <code>plot</code>, <code>imshow</code> and <code>progress</code> appears too.
              </>
            ),
            zh: (
              <>
                程序导出的张量（<code>export const output = …</code>
                ）显示在这里，附形状、统计量和前几个值。没有导出时，显示最后一次模型调用的结果。用 <code>plot</code>、
                <code>imshow</code> 和 <code>progress</code> 画的内容也在这里。
              </>
            ),
          })}
        </p>
      )}
      {success && failure.value && (
        <p class="hint">
          {say({
            en: 'The last run failed. This is from the run before it.',
            zh: '上次运行失败。这是再前一次运行的结果。',
          })}
        </p>
      )}
      {success && earlierRun.value && <p class="hint">{earlierRun.value}</p>}
      {success?.outputs.length === 0 && figures.value.length === 0 && (
        <p class="empty">
          {say({
            en: (
              <>
                The program ran, but exported no tensor and called no model. Write <code>export const y = …</code> to
                see one here.
              </>
            ),
            zh: (
              <>
                程序运行完毕，但没有导出张量，也没有调用模型。写 <code>export const y = …</code> 即可在此看到。
              </>
            ),
          })}
        </p>
      )}
      {success?.outputs.map((output) => (
        <Tensor key={output.name} output={output} />
      ))}
    </section>
  );
}

function Tensor({ output }: { output: OutputSummary }) {
  const { name, shape, dtype, device, min, max, mean, std, nonFinite, head, checksum } = output;
  const single = head.length === 1;
  const of = nonFinite > 0 ? { en: ' of the finite', zh: '（仅有限值）' } : { en: '', zh: '' };
  const facts = single
    ? { [say({ en: 'value', zh: '值' })]: formatNumber(head[0]) }
    : {
        [say({ en: 'min', zh: '最小' })]: formatNumber(min),
        [say({ en: 'max', zh: '最大' })]: formatNumber(max),
        [say({ en: `mean${of.en}`, zh: `均值${of.zh}` })]: formatNumber(mean),
        [say({ en: `std${of.en}`, zh: `标准差${of.zh}` })]: formatNumber(std),
      };
  return (
    <article class="tensor">
      <h3>
        <code data-name={name}>{name}</code> <code class="shape">{formatSizes(shape)}</code>{' '}
        <span class="kind">{say({ en: `${dtype} on ${device}`, zh: `${dtype}，${device}` })}</span>
      </h3>
      <dl class="stats">
        {Object.entries({ ...facts, [say({ en: 'checksum', zh: '校验和' })]: checksum }).map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        {nonFinite > 0 && (
          <div class="bad">
            <dt>{say({ en: 'NaN or ∞', zh: 'NaN 或 ∞' })}</dt>
            <dd>
              {say({
                en: `${nonFinite.toLocaleString('en')} elements`,
                zh: `${nonFinite.toLocaleString('en')} 个元素`,
              })}
            </dd>
          </div>
        )}
      </dl>
      {!single && <Look output={output} />}
      {head.length > 1 && <Head values={head} />}
    </article>
  );
}

/** Small outputs are looked at at once; others when the visitor wants to. */
const atOnceElements = 65_536;

function Look({ output }: { output: OutputSummary }) {
  const { name, shape, dtype } = output;
  const values = useSignal<Float64Array | string | undefined>(undefined);
  const look = async (): Promise<void> => {
    try {
      values.value = valuesOf(await engine.outputValues(name));
    } catch (error) {
      values.value = messageOf(error);
    }
  };
  const small = shape.reduce((product, size) => product * size, 1) <= atOnceElements;
  const present = engineHasRun.value;
  useEffect(() => {
    values.value = undefined;
    if (present && small) void look();
  }, [output, present]);
  if (values.value instanceof Float64Array)
    return <Picture name={name} shape={shape} dtype={dtype} values={values.value} />;
  if (values.value !== undefined)
    return (
      <p class="hint" lang={langOf(values.value)}>
        {values.value}
      </p>
    );
  if (small || !present) return null;
  return (
    <p>
      <button type="button" onClick={() => void look()}>
        {say({ en: `Look at ${name}`, zh: `查看 ${name}` })}
      </button>
    </p>
  );
}

/**
 * The first elements: as a strip of colours to see their pattern, with a mark of its own for what is no finite number,
 * and in numbers.
 */
function Head({ values }: { values: readonly number[] }) {
  const scale = Math.max(...values.filter((v) => Number.isFinite(v)).map((v) => Math.abs(v)), Number.MIN_VALUE);
  return (
    <details class="head">
      <summary>
        {say({ en: `First ${values.length} values`, zh: `前 ${values.length} 个值` })}
        <span class="strip" aria-hidden="true">
          {values.map((v, i) => (
            <i
              key={i}
              class={Number.isFinite(v) ? (v < 0 ? 'negative' : 'positive') : 'none'}
              style={{ opacity: Number.isFinite(v) ? Math.abs(v) / scale : 1 }}
            />
          ))}
        </span>
      </summary>
      <ol class="values">
        {values.map((v, i) => (
          <li key={i}>{formatElement(v)}</li>
        ))}
      </ol>
    </details>
  );
}
