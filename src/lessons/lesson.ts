/**
 * @file What a lesson is: texts, a program, and a check that answers the lesson's question with the numbers of the run
 * at hand. A check is a pure function, so that it is tested on planted runs, and holds a run in the page and one on the
 * command line against the same standard.
 */
import type { AdapterInfo } from '../base/adapter-info.ts';
import type { Words } from '../base/words.ts';
import type { AlgorithmChoice } from '../dnn/choice/records.ts';
import type { OutputSummary, RunSuccess } from '../session/protocol.ts';

/** What a check may know of a run. */
export interface Evidence {
  readonly device: RunSuccess['device'];
  /** Absent on the cpu. */
  readonly adapter?: Pick<AdapterInfo, 'description' | 'software'>;
  readonly choices: readonly AlgorithmChoice[];
  /** What the program exports, with up to 64 numbers of each tensor, and a checksum of its bytes. */
  readonly outputs: readonly OutputSummary[];
}

/** What a check's sentence rests on: a clock, the model of the adapter, or counting and arithmetic. */
export type Basis = 'measured' | 'modelled' | 'computed';

/** What a run shows of a lesson's claim. */
export interface Finding {
  /** `cannot`: this machine, or this run, does not show it either way. */
  readonly verdict: 'holds' | 'fails' | 'cannot';
  readonly by: Basis;
  /** The answer, with this run's numbers. */
  readonly text: Words;
  /** Which of the offered predictions this run confirms, from 0; absent where it confirms none. */
  readonly prediction?: number;
}

/** Panes that a lesson may open beside its text. */
type LessonPane =
  | 'race'
  | 'graph'
  | 'kernel'
  | 'timeline'
  | 'roofline'
  | 'step'
  | 'map'
  | 'console'
  | 'output'
  | 'memory';

export interface Lesson {
  /** Opened beside the text, the last one of each place in front. */
  readonly panes: readonly LessonPane[];
  /** Switches that hold while the lesson is open, whatever the program says. */
  readonly fixed?: { readonly benchmark?: boolean; readonly deterministic?: boolean; readonly workspaceLimit?: number };
  /** What the Step pane begins with. */
  readonly walk?: string;
  /** The check makes sense without a GPU too. */
  readonly onCpu?: true;
  /** Throws `MissingEvidence` where the run has not what the lesson's program makes. */
  readonly check: (evidence: Evidence) => Finding;
}

/** The files of a lesson. */
export interface LessonFiles {
  readonly en: string;
  readonly zh: string;
  readonly program: string;
}

/** A run has not what the lesson's program makes, so the visitor changed that. */
export class MissingEvidence extends Error {
  readonly words: Words;
  constructor(words: Words) {
    super(words.en);
    this.words = words;
  }
}

/** What a run shows of a lesson's claim. Never throws for what a run lacks. */
export function findingOf(lesson: Lesson, evidence: Evidence): Finding {
  if (evidence.device === 'cpu' && !lesson.onCpu)
    return cannot({
      en: 'This ran on the cpu reference, which has one algorithm for each operation: plain loops. There is nothing to choose or to time. The lesson needs a browser with WebGPU.',
      zh: '本次运行使用的是 CPU 参考实现：每个算子只有一种算法，即朴素循环，既无可选，也无可比。请换用支持 WebGPU 的浏览器。',
    });
  try {
    return lesson.check(evidence);
  } catch (error) {
    if (error instanceof MissingEvidence) return cannot(error.words);
    throw error;
  }
}

export const holds = (by: Basis, text: Words, prediction?: number): Finding => ({
  verdict: 'holds',
  by,
  text,
  ...(prediction !== undefined && { prediction }),
});

export const fails = (by: Basis, text: Words): Finding => ({ verdict: 'fails', by, text });

export const cannot = (text: Words, by: Basis = 'computed'): Finding => ({ verdict: 'cannot', by, text });
