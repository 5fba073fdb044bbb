/**
 * @file Students' files as a table: given by a choice or dropped.
 */
import { useRef } from 'preact/hooks';
import type { Grade } from '../../../class/grade.ts';
import { isAnswered } from '../../../class/table.ts';
import { lessons } from '../../../lessons/index.ts';
import { grades, leftOut, reading, saveCsv, takeFiles } from '../../class/graded.ts';
import { checkWords, countOf, predictionWords, tooMany, words } from '../../class/words.ts';
import { say } from '../../language.ts';

export function Grades() {
  const input = useRef<HTMLInputElement>(null);
  const all = grades.value;
  const broken = all.filter(({ trouble }) => trouble.length > 0).length;
  return (
    <>
      <h2>{say(words.files)}</h2>
      <p class="hint">{say(words.aboutFiles)}</p>
      <div
        class="given"
        data-drops="files"
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => {
          event.preventDefault();
          void takeFiles([...(event.dataTransfer?.files ?? [])]);
        }}
      >
        <input
          ref={input}
          type="file"
          multiple
          hidden
          accept=".json,application/json"
          onChange={({ currentTarget }) => void takeFiles([...(currentTarget.files ?? [])])}
        />
        <button type="button" disabled={reading.value} onClick={() => input.current!.click()}>
          {say(reading.value ? words.reading : words.choose)}
        </button>
        <span role="status">{all.length > 0 && say(countOf(all.length, broken))}</span>
        {all.length > 0 && (
          <button type="button" class="quiet" onClick={saveCsv}>
            {say(words.saveTable)}
          </button>
        )}
      </div>
      {leftOut.value > 0 && <p class="notice">{say(tooMany(leftOut.value))}</p>}
      {all.length > 0 && <Table all={all} />}
      {all.some(({ answers }) => answers?.assignment !== undefined) && (
        <p class="hint">
          {say(words.kernels)} <code>npm run -s wudnn -- grade FOLDER --assignment FILE</code>
        </p>
      )}
    </>
  );
}

function Table({ all }: { all: readonly Grade[] }) {
  const columns = [words.student, words.lesson, words.prediction, words.check, words.answer, words.machine];
  return (
    <div class="scroll" role="region" aria-label={say(words.files)} tabIndex={0}>
      <table class="grades">
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.en} scope="col">
                {say(column)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {all.map((grade, i) => (
            <Row key={i} grade={grade} columns={columns.length} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ grade: { file, answers, finding, prediction, trouble }, columns }: { grade: Grade; columns: number }) {
  const adapter = answers?.evidence.adapter;
  const lesson = lessons.find(({ id }) => id === answers?.lesson);
  return (
    <>
      {answers && (
        <tr>
          <th scope="row">{answers.student}</th>
          <td>{lesson ? say(lesson.title) : answers.lesson}</td>
          <td class={prediction}>{prediction && say(predictionWords[prediction])}</td>
          <td>
            {finding && (
              <details>
                <summary class={finding.verdict}>{say(checkWords[finding.verdict])}</summary>
                {say(finding.text)}
              </details>
            )}
          </td>
          <td>
            <Answer text={answers.answer} />
          </td>
          <td>
            {adapter?.description ?? 'cpu'}
            {adapter?.software && <small> ({say(words.software)})</small>}
          </td>
        </tr>
      )}
      {trouble.length > 0 && (
        <tr class="trouble">
          <td colSpan={columns}>
            <strong>{file}</strong>: <span lang="en">{trouble.join('; ')}</span>
          </td>
        </tr>
      )}
    </>
  );
}

/** So many letters of an answer are shown before it is opened. */
const shown = 80;

function Answer({ text }: { text: string }) {
  if (!isAnswered(text)) return <span class="none">{say(words.unanswered)}</span>;
  if (text.length <= shown) return <>{text}</>;
  return (
    <details>
      <summary>{text.slice(0, shown)}…</summary>
      {text}
    </details>
  );
}
