/**
 * @file What a link to this page holds: the program with what is forced, fixed, selected and arranged, and where wanted
 * its result.
 */
import { computed } from '@preact/signals';
import { formatDay } from '../base/format.ts';
import { escapedHtml } from '../base/text.ts';
import { layoutToShare, openPanes } from './bench/arrangement.ts';
import { browserVersion } from './engine/browser-version.ts';
import { language, say } from './language.ts';
import { current } from './lessons/lesson.ts';
import { lecture } from './lecture.ts';
import type { Control, LinkedState } from './link.ts';
import { writeLink } from './link.ts';
import { isLessonsOwn, open, text, unchangedExample } from './programs/program.ts';
import type { ResultCard } from './result-card.ts';
import { cardOf } from './result-card.ts';
import { selection } from './selection.ts';
import { fixed } from './settings.ts';
import { engineInfo, forced, lastRun } from './state.ts';

/** The result of the program that the editor holds, for a link; or why there is none. */
export const sharedResult = computed<{ readonly card?: ResultCard; readonly about: string }>(() => {
  const run = lastRun.value;
  if (!run?.result.ok || run.text !== text.value)
    return {
      about: say({
        en: 'Press Run first: there is no result of this program.',
        zh: '请先点击“运行”：此程序还没有结果。',
      }),
    };
  const card = cardOf({ at: run.at, choices: run.result.choices }, engineInfo.value, browserVersion());
  if (!card)
    return {
      about: say({
        en: 'This run had nothing to choose, or too many problems for a link.',
        zh: '这次运行没有需要选择的算法，或问题太多，链接放不下。',
      }),
    };
  const by = Object.entries(card.versions).map(([what, version]) => `${what} ${version}`);
  return {
    card,
    about: say({
      en: `${[card.adapter, ...by, formatDay(run.at, language.value)].join(', ')}. It is shown as recorded.`,
      zh: `${[card.adapter, ...by, formatDay(run.at, language.value)].join(', ')}。将标为“录制”。`,
    }),
  };
});

/** An unedited example is named, any other program is written out; a result stands beside the text that it is of. */
export function linkHash(hide: readonly Control[], withResult: boolean): string {
  const result = withResult ? sharedResult.value.card : undefined;
  const example = result ? undefined : unchangedExample.value;
  const lesson = openPanes.value.includes('lesson') ? current.value?.row.id : undefined;
  const state: LinkedState = {
    ...(example ? { example: example.id } : lesson !== undefined && isLessonsOwn.value ? {} : { program: text.value }),
    ...(lesson !== undefined && { lesson }),
    ...((lesson !== undefined || language.value !== 'en') && { lang: language.value }),
    lecture: lecture.value,
    hide,
    panes: layoutToShare.value,
    select: selection.value,
    force: forced.value,
    fix: fixed.value,
    result,
  };
  return `#${writeLink(state)}`;
}

const here = (): string => `${location.origin}${location.pathname.replace(/(index|embed)\.html$/, '')}`;

export const pageAddress = (hash: string): string => `${here()}${hash}`;

/** HTML for a page that shows this one's result, with a button to run it. */
export function embedText(hash: string): string {
  const address = escapedHtml(`${here()}embed.html${hash}`);
  const title = escapedHtml(`wuDNN: ${open.value.title}`);
  return `<iframe src="${address}" title="${title}" width="100%" height="640" style="border: 0" loading="lazy"></iframe>`;
}
