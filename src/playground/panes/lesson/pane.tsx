/**
 * @file The lesson that is open: what it is about, a prediction, the run, and only then what this machine has to say.
 */
import '../../styles/lesson.css';
import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { columnOf } from '../../../base/words.ts';
import { lessons, threadAddress } from '../../../lessons/index.ts';
import type { Finding } from '../../../lessons/lesson.ts';
import type { LessonText } from '../../../lessons/text.ts';
import { parseText } from '../../../lessons/text.ts';
import { run } from '../../actions.ts';
import { otherLanguage, otherName, speak } from '../../chosen-language.ts';
import { language, say } from '../../language.ts';
import { answer, writeAnswer } from '../../lessons/answers.ts';
import type { OpenLesson } from '../../lessons/lesson.ts';
import {
  beginLesson,
  closeLesson,
  current,
  finding,
  nextLesson,
  predict,
  predicted,
  putProgramBack,
  ran,
  revealed,
  runFailed,
  trouble,
  wanted,
} from '../../lessons/lesson.ts';
import { basisWords, machineWords, placeOf, verdictWords, words } from '../../lessons/words.ts';
import { text } from '../../programs/program.ts';
import { busy } from '../../state.ts';
import { Contents } from './contents.tsx';
import { Markdown } from './markdown.tsx';
import { Save } from './save.tsx';

export function Pane() {
  const lesson = current.value;
  return (
    <section class="panel lesson" aria-label={say(words.lesson)} lang={language.value}>
      <div class="heading">
        <p class="hint">
          {lesson
            ? say(placeOf(lessons.findIndex(({ id }) => id === lesson.row.id) + 1, lessons.length))
            : say(words.lessons)}
        </p>
        <LanguageSwitch />
      </div>
      {trouble.value !== undefined && (
        <p class="notice bad" role="alert">
          {trouble.value}
        </p>
      )}
      {lesson && lesson.row.id === wanted.value ? (
        <Text key={lesson.row.id} lesson={lesson} />
      ) : wanted.value !== undefined && trouble.value === undefined ? (
        <p class="empty">{say(words.loading)}</p>
      ) : (
        <Contents />
      )}
    </section>
  );
}

function LanguageSwitch() {
  return (
    <button type="button" class="small" lang={otherLanguage.value} onClick={() => speak(otherLanguage.value)}>
      {say(otherName)}
    </button>
  );
}

function Text({ lesson: { row, files } }: { lesson: OpenLesson }) {
  const markdown = files[columnOf(language.value)];
  const parts = useMemo(() => parseText(markdown), [markdown]);
  const found = revealed.value;
  return (
    <>
      <h2>{parts.title}</h2>
      <div class="prose">
        <Markdown of={parts.introduction} />
      </div>
      {row.threads.length > 0 && (
        <p class="hint threads">
          {say(words.askedIn)}{' '}
          {row.threads.map((thread) => (
            <a key={thread} href={threadAddress(thread)} target="_blank" rel="noreferrer">
              {thread.replace(/^.*\//, '')}
            </a>
          ))}
        </p>
      )}
      <Prediction text={parts} locked={found !== undefined} />
      <RunStep />
      {found && (
        <>
          <Reveal text={parts} found={found} />
          <Question key={row.id} text={parts} />
          <Save />
          <Next />
        </>
      )}
    </>
  );
}

function Prediction({ text: { prediction }, locked }: { text: LessonText; locked: boolean }) {
  return (
    <fieldset class="stage" disabled={locked}>
      <legend>{say(words.predict)}</legend>
      <div class="prose">
        <Markdown of={prediction.question} />
      </div>
      {prediction.choices.map((choice, i) => (
        <label key={i} class={predicted.value === i ? 'predicted' : undefined}>
          <input type="radio" name="prediction" checked={predicted.value === i} onChange={() => predict(i)} />
          <span>
            <Markdown of={choice} />
          </span>
        </label>
      ))}
    </fieldset>
  );
}

function RunStep() {
  const isDone = ran.value !== undefined;
  return (
    <div class="stage">
      <h3>{say(words.run)}</h3>
      {!isDone && <p class="hint">{say(words.runHint)}</p>}
      <p class="acts">
        <button type="button" class={isDone ? undefined : 'primary'} disabled={busy.value} onClick={() => void run()}>
          {say(busy.value ? words.running : isDone ? words.runAgain : words.runProgram)}
        </button>
        {text.value !== current.value!.program && (
          <button type="button" class="quiet" onClick={putProgramBack}>
            {say(words.reset)}
          </button>
        )}
      </p>
      {runFailed.value && <p class="notice bad">{say(words.failed)}</p>}
      {finding.value && !revealed.value && <p class="notice">{say(words.predictFirst)}</p>}
    </div>
  );
}

function Reveal({ text: { prediction, reveal }, found }: { text: LessonText; found: Finding }) {
  const { evidence, edited } = ran.value!;
  const said = predicted.value!;
  const confirmed = found.prediction;
  return (
    <div class="stage">
      <h3>{say(words.reveal)}</h3>
      <div class={`found ${found.verdict}`} role="status">
        <p>
          <strong>{say(verdictWords[found.verdict])}</strong>
          <span class="basis">{say(basisWords[found.by])}</span>
        </p>
        <p class="finding">{say(found.text)}</p>
        <p class="hint">{say(machineWords(evidence.adapter))}</p>
      </div>
      {edited && <p class="hint">{say(words.edited)}</p>}
      <dl class="predictions">
        <dt>{say(words.predicted)}</dt>
        <dd>
          <Markdown of={prediction.choices[said] ?? []} />
        </dd>
        {confirmed !== undefined && confirmed !== said && (
          <>
            <dt>{say(words.wrong)}</dt>
            <dd>
              <Markdown of={prediction.choices[confirmed]} />
            </dd>
          </>
        )}
      </dl>
      {confirmed === undefined ? (
        <p class="hint">{say(words.open)}</p>
      ) : (
        confirmed === said && <p class="agrees">{say(words.right)}</p>
      )}
      <h3>{say(words.why)}</h3>
      <div class="prose">
        <Markdown of={reveal} />
      </div>
    </div>
  );
}

function Question({ text: { question, answer: given } }: { text: LessonText }) {
  const shown = useSignal(false);
  return (
    <div class="stage">
      <h3>{say(words.question)}</h3>
      <div class="prose">
        <Markdown of={question} />
      </div>
      <label class="own">
        {say(words.yourAnswer)}
        <textarea
          rows={4}
          maxLength={4000}
          value={answer.value}
          onInput={({ currentTarget }) => writeAnswer(currentTarget.value)}
        />
      </label>
      <p class="acts">
        <button type="button" aria-expanded={shown.value} onClick={() => (shown.value = !shown.value)}>
          {say(shown.value ? words.hideAnswer : words.showAnswer)}
        </button>
      </p>
      {shown.value && (
        <div class="prose answer">
          <Markdown of={given} />
        </div>
      )}
    </div>
  );
}

function Next() {
  const next = nextLesson.value;
  return (
    <p class="acts next">
      {next ? (
        <button type="button" class="primary" onClick={() => void beginLesson(next.id)}>
          {say(words.next)}: {say(next.title)}
        </button>
      ) : (
        <button type="button" onClick={closeLesson}>
          {say(words.lessons)}
        </button>
      )}
    </p>
  );
}
