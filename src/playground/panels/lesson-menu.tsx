/**
 * @file The lessons, in the bar: which there are, and which are done.
 */
import { lessons } from '../../lessons/index.ts';
import { showPane } from '../bench/arrangement.ts';
import { language, say } from '../language.ts';
import { beginLesson, current } from '../lessons/lesson.ts';
import { progress } from '../lessons/progress.ts';
import { words } from '../lessons/words.ts';
import { isHidden } from '../opening-link.ts';
import { Dropdown, closeAround } from './dropdown.tsx';

export function LessonMenu() {
  return (
    <Dropdown class="menu lessons" badge="button" title={<span lang={language.value}>{say(words.lesson)}</span>}>
      <div class="items" lang={language.value}>
        {lessons.map(({ id, title }, i) => (
          <button
            key={id}
            type="button"
            class="item"
            aria-current={current.value?.row.id === id ? 'true' : undefined}
            onClick={({ currentTarget }) => {
              closeAround(currentTarget);
              void beginLesson(id);
            }}
          >
            <span class="number">{i + 1}</span> <span>{say(title)}</span>
            {progress.value[id]?.verdict && (
              <span class="tick" title={say(words.done)}>
                ✓<span class="unseen"> {say(words.done)}</span>
              </span>
            )}
          </button>
        ))}
        {!isHidden('class') && (
          <button
            type="button"
            class="item"
            onClick={({ currentTarget }) => {
              closeAround(currentTarget);
              showPane('class');
            }}
          >
            {say(words.forClass)}
          </button>
        )}
      </div>
    </Dropdown>
  );
}
