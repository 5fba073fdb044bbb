/**
 * @file What a visitor sees of a program before pressing Run: the result that its link holds, or a recorded run of the
 * first example; labelled as such. It goes with the visitor's own run, and where the program is another.
 */
import { computed, signal } from '@preact/signals';
import { formatDay } from '../base/format.ts';
import type { RecordedRace } from '../session/protocol.ts';
import { language, say } from './language.ts';
import { linked } from './opening-link.ts';
import { text, unchangedExample } from './programs/program.ts';
import type { ResultCard } from './result-card.ts';
import { lastRun } from './state.ts';

interface Recording extends ResultCard {
  readonly program: string;
  /** The link holds it, which anybody may have written. */
  readonly isLinked: boolean;
}

const recording = signal<Recording | undefined>(
  linked.result && linked.program !== undefined
    ? { ...linked.result, program: linked.program, isLinked: true }
    : undefined,
);

/** The recorded run, where it is shown. */
export const firstView = computed(() =>
  recording.value && lastRun.value?.text !== text.value && text.value === recording.value.program
    ? recording.value
    : undefined,
);

/** The choices that race and headline tell of. */
export const shownChoices = computed(() => firstView.value?.choices ?? lastRun.value?.result.choices ?? []);

/** What stands above a recorded run. */
export const firstViewText = computed(() => {
  if (!firstView.value) return undefined;
  const { at, adapter, versions, isLinked } = firstView.value;
  const day = formatDay(Date.parse(at), language.value);
  if (!isLinked)
    return say({
      en: `Recorded on ${adapter}, ${day}. Press Run for yours.`,
      zh: `录制于 ${adapter}，${day}。点击“运行”查看本机结果。`,
    });
  const by = Object.entries(versions).map(([what, version]) => `${what} ${version}`);
  return say({
    en: `Recorded on ${[adapter, ...by, day].join(', ')}, as the link says. Nothing ran here yet: press Run for yours.`,
    zh: `按链接所述，录制于 ${[adapter, ...by, day].join(', ')}。本机尚未运行：点击“运行”查看本机结果。`,
  });
});

/** Gets the recording, unless there is something better to show already. A page without one opens as ever. */
export async function loadFirstView(): Promise<void> {
  if (recording.value || lastRun.value || !unchangedExample.value) return;
  try {
    const { recordedRace } = await import('./engine/forms.ts');
    const response = await fetch('first-race.json');
    if (!response.ok) return;
    const race: RecordedRace = recordedRace(await response.json(), 'first-race.json');
    recording.value = { ...race, isLinked: false };
  } catch {
    recording.value = undefined;
  }
}
