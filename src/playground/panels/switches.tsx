/**
 * @file The switches that hold whatever the program says: in the settings by their effect, in the bar by PyTorch's
 * names.
 */
import { formatBytes } from '../../base/format.ts';
import type { Words } from '../../base/words.ts';
import { alike } from '../../base/words.ts';
import { say } from '../language.ts';
import type { FixedSettings } from '../settings.ts';
import { fix, fixed } from '../settings.ts';

type Name = keyof FixedSettings;
type Value = boolean | number;

interface Fixable {
  readonly title: Words;
  /** In the bar. */
  readonly label: Words;
  /** Where a program sets it. */
  readonly path: string;
  readonly offered: readonly Value[];
  /** A number, where it is none of bytes. */
  readonly plain?: true;
  /** Stands in the bar only where it is fixed. */
  readonly rare?: true;
  /** As it is named where it stands in sight. */
  readonly fixedAs: (value: Value) => Words;
}

const limits = [0, ...[1, 16, 64, 256].map((kib) => kib * 1024), ...[1, 4, 16, 64, 256].map((mib) => mib * 2 ** 20)];

const switches: Readonly<Record<Name, Fixable>> = {
  benchmark: {
    title: { en: 'Measure the algorithms', zh: '实测各算法' },
    label: alike('benchmark'),
    path: 'torch.backends.cudnn.benchmark',
    offered: [true, false],
    fixedAs: (on) => (on ? { en: 'measuring on', zh: '实测：开' } : { en: 'measuring off', zh: '实测：关' }),
  },
  benchmarkInBackground: {
    title: { en: 'Measure in the background', zh: '在后台实测' },
    label: { en: 'in background', zh: '后台实测' },
    path: 'torch.backends.cudnn.benchmarkInBackground',
    offered: [true, false],
    fixedAs: (on) =>
      on ? { en: 'measuring in the background', zh: '后台实测' } : { en: 'measuring first', zh: '先实测再运行' },
  },
  deterministic: {
    title: { en: 'Deterministic algorithms only', zh: '仅限确定性算法' },
    label: alike('deterministic'),
    path: 'torch.backends.cudnn.deterministic',
    offered: [true, false],
    fixedAs: (on) =>
      on ? { en: 'deterministic only', zh: '仅限确定性算法' } : { en: 'deterministic off', zh: '不限确定性算法' },
  },
  compile: {
    title: alike('torch.compile'),
    label: alike('compile'),
    path: 'torch.compile',
    offered: [false],
    fixedAs: () => ({ en: 'torch.compile off', zh: 'torch.compile：关' }),
  },
  workspaceLimit: {
    title: { en: 'Workspace at most', zh: '工作空间上限' },
    label: { en: 'workspace limit', zh: '工作空间上限' },
    path: 'torch.backends.cudnn.workspaceLimit',
    offered: limits,
    fixedAs: (bytes) => ({
      en: `workspace at most ${formatBytes(Number(bytes))}`,
      zh: `工作空间不超过 ${formatBytes(Number(bytes))}`,
    }),
  },
  seed: {
    title: { en: 'Random numbers from seed', zh: '随机种子' },
    label: { en: 'seed', zh: '种子' },
    path: 'torch.manualSeed',
    offered: [0, 1, 2, 3],
    plain: true,
    rare: true,
    fixedAs: (seed) => ({ en: `seed ${seed}`, zh: `种子 ${seed}` }),
  },
};
const names = Object.keys(switches) as Name[];

const short = (value: Value, plain?: true): string =>
  typeof value === 'number'
    ? plain
      ? String(value)
      : formatBytes(value)
    : say(value ? { en: 'on', zh: '开' } : { en: 'off', zh: '关' });

/** Fixes what was chosen; the empty text leaves it to the program. */
const choose = (name: Name, chosen: string): void =>
  fix(name, switches[name].offered.find((offered) => String(offered) === chosen) as FixedSettings[typeof name]);

/** All of them with their values, in the settings. */
export function AllSwitches() {
  return names.map((name) => {
    const { title, path, offered, plain } = switches[name];
    const value = fixed.value[name];
    // A number may have been dragged in the race, or come with a link.
    const all =
      value === undefined || offered.includes(value)
        ? offered
        : [...offered, value].sort((a, b) => Number(a) - Number(b));
    return (
      <label key={name} class="setting" title={path}>
        {say(title)}
        <select
          value={value === undefined ? '' : String(value)}
          onChange={({ currentTarget }) => choose(name, currentTarget.value)}
        >
          <option value="">{say({ en: 'as the program says', zh: '由程序决定' })}</option>
          {all.map((one) => (
            <option key={String(one)} value={String(one)}>
              {short(one, plain)}
            </option>
          ))}
        </select>
      </label>
    );
  });
}

/** The switch whose control was used last: what takes the place of that control takes its focus too. */
let used: Name | undefined;

function focusIfUsed(name: Name, element: HTMLElement | null): void {
  if (!element || used !== name) return;
  used = undefined;
  element.focus();
}

/** In the bar: what is fixed, with the way back; where there is room, also what may be fixed. */
export function BarSwitches() {
  return names.map((name) => {
    const { path, title, label, offered, rare, fixedAs } = switches[name];
    const value = fixed.value[name];
    if (value === undefined && rare) return null;
    if (value === undefined)
      return (
        <select
          key={`${name}?`}
          class="switch"
          title={say({ en: `${path}: as the program says`, zh: `${path}：由程序决定` })}
          aria-label={say(title)}
          value=""
          ref={(element) => focusIfUsed(name, element)}
          onChange={({ currentTarget }) => {
            used = name;
            choose(name, currentTarget.value);
          }}
        >
          <option value="" hidden>
            {say(label)}
          </option>
          {offered.map((one) => (
            <option key={String(one)} value={String(one)}>
              {short(one)}
            </option>
          ))}
        </select>
      );
    return (
      <button
        key={name}
        type="button"
        class="chip"
        aria-label={say({
          en: `${fixedAs(value).en}: leave it to the program again`,
          zh: `${fixedAs(value).zh}：改回由程序决定`,
        })}
        ref={(element) => focusIfUsed(name, element)}
        onClick={() => {
          used = name;
          fix(name, undefined);
        }}
      >
        {say(fixedAs(value))} <span aria-hidden="true">×</span>
      </button>
    );
  });
}
