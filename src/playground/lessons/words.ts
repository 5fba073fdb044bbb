/**
 * @file What the page says around a lesson's own texts.
 */
import type { Words } from '../../base/words.ts';
import type { Basis, Finding } from '../../lessons/lesson.ts';

export const words = {
  lesson: { en: 'Lesson', zh: '课程' },
  lessons: { en: 'Lessons', zh: '课程列表' },
  choose: { en: 'Choose a lesson.', zh: '请选择一课。' },
  loading: { en: 'Loading…', zh: '正在加载…' },
  askedIn: { en: 'Asked in', zh: '问题来自' },
  predict: { en: 'Predict', zh: '先预测' },
  run: { en: 'Run', zh: '再运行' },
  runProgram: { en: 'Run the program', zh: '运行程序' },
  runAgain: { en: 'Run it again', zh: '再次运行' },
  running: { en: 'Running…', zh: '正在运行…' },
  runHint: {
    en: 'The program of this lesson is in the editor. It ends within seconds, on a slow machine within a minute.',
    zh: '本课的程序已放入编辑器，几秒内即可跑完；机器较慢时不超过一分钟。',
  },
  predictFirst: {
    en: 'The run is done. Predict first: the answer appears as soon as you do.',
    zh: '程序已运行完毕。请先作出预测，答案随即显示。',
  },
  failed: { en: 'The run failed; the console says where.', zh: '运行出错，错误位置见控制台。' },
  reveal: { en: 'What happened here', zh: '本机结果' },
  why: { en: 'Why', zh: '原因' },
  predicted: { en: 'You predicted', zh: '你的预测' },
  right: { en: 'This run agrees.', zh: '与本次运行一致。' },
  wrong: { en: 'This run says', zh: '本次运行的结果是' },
  open: { en: 'This run does not decide it.', zh: '本次运行无法判定。' },
  edited: {
    en: 'You changed the program, so this is the check of your version.',
    zh: '程序已被修改，以下是对你的版本的检验。',
  },
  question: { en: 'Think further', zh: '想一想' },
  showAnswer: { en: 'Show the answer', zh: '查看答案' },
  hideAnswer: { en: 'Hide the answer', zh: '收起答案' },
  yourAnswer: { en: 'Your answer, in your own words', zh: '用你自己的话作答' },
  forTeacher: { en: 'For your teacher', zh: '交给老师' },
  whatIsSaved: {
    en: 'One file with your prediction, your answer, what the check said, the program, and the times and adapter of this run. It is saved on your computer and sent to nobody.',
    zh: '一个文件，内含你的预测、你的答案、检验结果、程序，以及本次运行的耗时和适配器。文件只保存在你的电脑上，不会发送给任何人。',
  },
  yourName: { en: 'Your name', zh: '姓名' },
  save: { en: 'Save my answers', zh: '保存我的答案' },
  forClass: { en: 'For a class…', zh: '用于课堂…' },
  next: { en: 'Next lesson', zh: '下一课' },
  reset: { en: 'Put the program back', zh: '恢复原程序' },
  done: { en: 'done', zh: '已完成' },
} as const satisfies Record<string, Words>;

/** `'3 of 17'`. */
export const placeOf = (at: number, of: number): Words => ({
  en: `Lesson ${at} of ${of}`,
  zh: `第 ${at} 课，共 ${of} 课`,
});

export const verdictWords: Readonly<Record<Finding['verdict'], Words>> = {
  holds: { en: 'It holds here', zh: '在本机成立' },
  fails: { en: 'It does not hold here', zh: '在本机不成立' },
  cannot: { en: 'Not shown here', zh: '本机无法验证' },
};

export const basisWords: Readonly<Record<Basis, Words>> = {
  measured: { en: 'measured', zh: '实测' },
  modelled: { en: 'modelled', zh: '模型估算' },
  computed: { en: 'computed', zh: '计算得出' },
};

/** What a run's numbers are of. */
export const machineWords = (
  adapter: { readonly description: string; readonly software: boolean } | undefined,
): Words =>
  adapter === undefined
    ? { en: 'on the cpu reference', zh: 'CPU 参考实现' }
    : adapter.software
      ? {
          en: `on ${adapter.description}, a software adapter: its times say nothing about a GPU`,
          zh: `${adapter.description}（软件适配器，其耗时不代表 GPU）`,
        }
      : { en: `on ${adapter.description}`, zh: adapter.description };
