/**
 * @file All lessons, where none is open.
 */
import { lessons } from '../../../lessons/index.ts';
import { say } from '../../language.ts';
import { beginLesson } from '../../lessons/lesson.ts';
import { progress } from '../../lessons/progress.ts';
import { verdictWords, words } from '../../lessons/words.ts';

export function Contents() {
  return (
    <>
      <h2>{say(words.choose)}</h2>
      <ol class="contents">
        {lessons.map(({ id, title }) => {
          const verdict = progress.value[id]?.verdict;
          return (
            <li key={id}>
              <button type="button" class="link" onClick={() => void beginLesson(id)}>
                {say(title)}
              </button>
              {verdict && <span class="hint"> {say(verdictWords[verdict])}</span>}
            </li>
          );
        })}
      </ol>
    </>
  );
}
