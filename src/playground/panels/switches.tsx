/**
 * @file The switches that hold whatever the program says: in the settings by their effect, in the bar by PyTorch's
 * names.
 */
import { formatBytes } from '../../base/format.ts';
import type { FixedSettings } from '../settings.ts';
import { fix, fixed } from '../settings.ts';

type Name = keyof FixedSettings;
type Value = boolean | number;

interface Fixable {
  readonly title: string;
  /** In the bar. */
  readonly label: string;
  /** Where a program sets it. */
  readonly path: string;
  readonly offered: readonly Value[];
  /** As it is named where it stands in sight. */
  readonly fixedAs: (value: Value) => string;
}

const limits = [0, ...[1, 16, 64, 256].map((kib) => kib * 1024), ...[1, 4, 16, 64, 256].map((mib) => mib * 2 ** 20)];

const switches: Readonly<Record<Name, Fixable>> = {
  benchmark: {
    title: 'Measure the algorithms',
    label: 'benchmark',
    path: 'torch.backends.cudnn.benchmark',
    offered: [true, false],
    fixedAs: (on) => (on ? 'measuring on' : 'measuring off'),
  },
  benchmarkInBackground: {
    title: 'Measure in the background',
    label: 'in background',
    path: 'torch.backends.cudnn.benchmarkInBackground',
    offered: [true, false],
    fixedAs: (on) => (on ? 'measuring in the background' : 'measuring first'),
  },
  deterministic: {
    title: 'Deterministic algorithms only',
    label: 'deterministic',
    path: 'torch.backends.cudnn.deterministic',
    offered: [true, false],
    fixedAs: (on) => (on ? 'deterministic only' : 'deterministic off'),
  },
  compile: {
    title: 'torch.compile',
    label: 'compile',
    path: 'torch.compile',
    offered: [false],
    fixedAs: () => 'torch.compile off',
  },
  workspaceLimit: {
    title: 'Workspace at most',
    label: 'workspace limit',
    path: 'torch.backends.cudnn.workspaceLimit',
    offered: limits,
    fixedAs: (bytes) => `workspace at most ${formatBytes(Number(bytes))}`,
  },
};
const names = Object.keys(switches) as Name[];

const short = (value: Value): string => (typeof value === 'number' ? formatBytes(value) : value ? 'on' : 'off');

/** Fixes what was chosen; the empty text leaves it to the program. */
const choose = (name: Name, chosen: string): void =>
  fix(name, switches[name].offered.find((offered) => String(offered) === chosen) as FixedSettings[typeof name]);

/** All of them with their values, in the settings. */
export function AllSwitches() {
  return names.map((name) => {
    const { title, path, offered } = switches[name];
    const value = fixed.value[name];
    // A limit may have been dragged in the race, or come with a link.
    const all =
      value === undefined || offered.includes(value) ? offered : [...limits, Number(value)].sort((a, b) => a - b);
    return (
      <label key={name} class="setting" title={path}>
        {title}
        <select
          value={value === undefined ? '' : String(value)}
          onChange={({ currentTarget }) => choose(name, currentTarget.value)}
        >
          <option value="">as the program says</option>
          {all.map((one) => (
            <option key={String(one)} value={String(one)}>
              {short(one)}
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
    const { path, title, label, offered, fixedAs } = switches[name];
    const value = fixed.value[name];
    if (value === undefined)
      return (
        <select
          key={`${name}?`}
          class="switch"
          title={`${path}: as the program says`}
          aria-label={title}
          value=""
          ref={(element) => focusIfUsed(name, element)}
          onChange={({ currentTarget }) => {
            used = name;
            choose(name, currentTarget.value);
          }}
        >
          <option value="" hidden>
            {label}
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
        aria-label={`${fixedAs(value)}: leave it to the program again`}
        ref={(element) => focusIfUsed(name, element)}
        onClick={() => {
          used = name;
          fix(name, undefined);
        }}
      >
        {fixedAs(value)} <span aria-hidden="true">×</span>
      </button>
    );
  });
}
