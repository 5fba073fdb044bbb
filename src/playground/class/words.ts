/**
 * @file What the Class pane says.
 */
import type { Words } from '../../base/words.ts';
import type { Grade } from '../../class/grade.ts';
import type { Direction } from '../../dnn/choice/records.ts';
import type { Beginning } from './program.ts';

export const words = {
  title: { en: 'Class', zh: '课堂' },
  link: { en: 'A link for your students', zh: '给学生的链接' },
  aboutLink: {
    en: 'It opens the lesson with what you leave in sight. Nobody needs an account, and nothing is sent anywhere.',
    zh: '链接会打开所选课程，只显示你保留的部分。无需账号，也不会发送任何数据。',
  },
  lesson: { en: 'Lesson', zh: '课程' },
  language: { en: 'Language', zh: '语言' },
  seed: { en: 'Random seed', zh: '随机种子' },
  aboutSeed: {
    en: 'Everyone gets the same numbers, whatever the program says. Empty: as the program says.',
    zh: '无论程序如何设置，所有人都得到相同的随机数。留空则由程序决定。',
  },
  hide: { en: 'Hide from students', zh: '对学生隐藏' },
  assignment: { en: 'The kernel to write', zh: '要编写的内核' },
  heading: { en: 'Heading', zh: '标题' },
  direction: { en: 'Direction', zh: '方向' },
  begins: { en: 'Begins as', zh: '起始内容' },
  visible: { en: 'Shape that students see', zh: '学生可见的形状' },
  hidden: { en: 'Hidden shapes, one a line', zh: '隐藏的形状，每行一个' },
  aboutShapes: {
    en: 'N,C,H,W,K,R,S, then stride, padding, dilation, groups where you need them. The hidden shapes are in no link: save them, and give the file to wudnn grade.',
    zh: '依次为 N,C,H,W,K,R,S，需要时再加步幅、填充、膨胀、分组。隐藏的形状不会写入链接：请另存为文件，交给 wudnn grade 使用。',
  },
  saveAssignment: { en: 'Save the shapes', zh: '保存形状文件' },
  address: { en: 'The link', zh: '链接' },
  copy: { en: 'Copy the link', zh: '复制链接' },
  copied: { en: 'Copied', zh: '已复制' },
  files: { en: "Your students' files", zh: '学生提交的文件' },
  aboutFiles: {
    en: 'Students save a file at the end of a lesson. Drop their files here: each is checked, and the lesson’s check is made again of the run that it holds. No program is run. The files stay on this page.',
    zh: '学生在课程末尾保存文件。把这些文件拖到这里：每个文件都会被检查，并用其中记录的运行重新检验本课结论。不会运行任何程序，文件只留在本页。',
  },
  choose: { en: 'Choose files…', zh: '选择文件…' },
  reading: { en: 'Reading…', zh: '正在读取…' },
  saveTable: { en: 'Save as CSV', zh: '另存为 CSV' },
  student: { en: 'Student', zh: '学生' },
  prediction: { en: 'Prediction', zh: '预测' },
  check: { en: 'Check', zh: '检验' },
  answer: { en: 'Answer', zh: '答案' },
  machine: { en: 'Machine', zh: '机器' },
  unanswered: { en: 'none', zh: '未作答' },
  software: { en: 'software', zh: '软件' },
  kernels: {
    en: 'Some files bring kernels for an assignment. This page does not run them; on the command line they are verified on your hidden shapes:',
    zh: '部分文件带有作业内核。本页不会运行它们；请在命令行用隐藏的形状检验：',
  },
} as const satisfies Record<string, Words>;

export const directionWords: Readonly<Record<Direction, Words>> = {
  forward: { en: 'forward', zh: '前向' },
  'backward data': { en: 'backward data', zh: '反向（数据）' },
  'backward filter': { en: 'backward filter', zh: '反向（卷积核）' },
};

export const beginningWords: Readonly<Record<Beginning, Words>> = {
  plainest: { en: 'the plainest right kernel', zh: '最朴素的正确内核' },
  frame: { en: 'bindings only', zh: '只有绑定' },
};

export const predictionWords: Readonly<Record<NonNullable<Grade['prediction']>, Words>> = {
  right: { en: 'right', zh: '正确' },
  wrong: { en: 'wrong', zh: '错误' },
  open: { en: 'undecided', zh: '无法判定' },
  none: { en: 'none', zh: '无' },
};

export const checkWords: Readonly<Record<'holds' | 'fails' | 'cannot', Words>> = {
  holds: { en: 'holds', zh: '成立' },
  fails: { en: 'fails', zh: '不成立' },
  cannot: { en: 'not shown', zh: '无法验证' },
};

/** `'12 files, 2 with something wrong'`. */
export const countOf = (files: number, broken: number): Words => ({
  en: `${files === 1 ? '1 file' : `${files} files`}, ${broken === 0 ? 'all in order' : `${broken} with something wrong`}`,
  zh: `${files} 个文件，${broken === 0 ? '全部正常' : `其中 ${broken} 个有问题`}`,
});

export const tooMany = (left: number): Words => ({
  en: `${left} more files were left out: give fewer at once.`,
  zh: `另有 ${left} 个文件未读取：请分批提供。`,
});
