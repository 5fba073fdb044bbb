/**
 * @file The files of the lessons: texts and program, each loaded when its lesson is opened.
 */
import type { LessonFiles } from '../../lessons/lesson.ts';
import { fail } from '../../base/errors.ts';
import { say } from '../language.ts';

const files = import.meta.glob<string>(['/src/lessons/*/*.md', '/src/lessons/*/program.ts'], {
  query: '?raw',
  import: 'default',
});

export async function filesOf(folder: string): Promise<LessonFiles> {
  const load = (name: string): Promise<string> => {
    const found = files[`/src/lessons/${folder}/${name}`];
    return found
      ? found()
      : fail(say({ en: `lesson: there is no file ${folder}/${name}`, zh: `课程：没有文件 ${folder}/${name}` }));
  };
  const [en, zh, program] = await Promise.all([load('en.md'), load('zh.md'), load('program.ts')]);
  return { en, zh, program };
}
