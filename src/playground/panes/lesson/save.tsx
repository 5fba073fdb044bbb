/**
 * @file The end of a lesson: its answers as a file for a teacher.
 */
import { say } from '../../language.ts';
import { nameStudent, saveAnswers, saveTrouble, student } from '../../lessons/answers.ts';
import { words } from '../../lessons/words.ts';

export function Save() {
  return (
    <div class="stage save">
      <h3>{say(words.forTeacher)}</h3>
      <p class="hint">{say(words.whatIsSaved)}</p>
      <p class="acts">
        <label>
          {say(words.yourName)}{' '}
          <input
            type="text"
            autocomplete="name"
            maxLength={100}
            value={student.value}
            onInput={({ currentTarget }) => nameStudent(currentTarget.value)}
          />
        </label>
        <button type="button" disabled={student.value.trim() === ''} onClick={() => void saveAnswers()}>
          {say(words.save)}
        </button>
      </p>
      {saveTrouble.value !== undefined && (
        <p class="notice bad" role="alert" lang="en">
          {saveTrouble.value}
        </p>
      )}
    </div>
  );
}
