/**
 * @file What a first visitor does not need: switches that hold whatever the program says, how long is measured, the
 * look of the page.
 */
import { formatBytes } from '../../base/format.ts';
import { engineHasRun } from '../actions.ts';
import { downloadResults } from '../export.ts';
import { isHidden } from '../opening-link.ts';
import type { FixedSettings } from '../settings.ts';
import { fix, fixed, fixedCount } from '../settings.ts';
import { benchmarkBudgetMs, busy } from '../state.ts';
import { theme, toggleTheme } from '../theme.ts';
import { Dropdown } from './dropdown.tsx';

export function SettingsMenu() {
  const other = theme.value === 'dark' ? 'light' : 'dark';
  return (
    <Dropdown
      class="menu settings"
      badge="button"
      title={fixedCount.value > 0 ? `Settings (${fixedCount.value})` : 'Settings'}
    >
      <div class="items">
        <fieldset>
          <legend>The next runs, whatever the program says</legend>
          <Switch name="benchmark" title="Measure the algorithms" />
          <Switch name="deterministic" title="Deterministic algorithms only" />
          <label class="setting" title="torch.compile">
            torch.compile
            <select
              value={fixed.value.compile === false ? 'off' : ''}
              onChange={({ currentTarget: { value } }) => fix('compile', value === 'off' ? false : undefined)}
            >
              <option value="">{said}</option>
              <option value="off">off</option>
            </select>
          </label>
          <WorkspaceLimit />
          <Budget />
        </fieldset>
        {!isHidden('download') && (
          <button
            type="button"
            class="item"
            disabled={busy.value || !engineHasRun.value}
            onClick={() => void downloadResults()}
          >
            Download results
          </button>
        )}
        <button type="button" class="item" onClick={toggleTheme} aria-label={`Switch to ${other} colours`}>
          {other === 'dark' ? 'Dark colours' : 'Light colours'}
        </button>
        <a class="item" href="api.html" target="_blank" rel="noreferrer">
          API reference
        </a>
      </div>
    </Dropdown>
  );
}

const said = 'as the program says';

function Switch({ name, title }: { name: 'benchmark' | 'deterministic'; title: string }) {
  const value = fixed.value[name];
  return (
    <label class="setting" title={`torch.backends.cudnn.${name}`}>
      {title}
      <select
        value={value === undefined ? '' : String(value)}
        onChange={({ currentTarget: { value: chosen } }) => fix(name, chosen ? chosen === 'true' : undefined)}
      >
        <option value="">{said}</option>
        <option value="true">on</option>
        <option value="false">off</option>
      </select>
    </label>
  );
}

const limits = [0, ...[1, 16, 64, 256].map((kib) => kib * 1024), ...[1, 4, 16, 64, 256].map((mib) => mib * 2 ** 20)];

function WorkspaceLimit() {
  const limit = fixed.value.workspaceLimit;
  const offered = limit === undefined || limits.includes(limit) ? limits : [...limits, limit].sort((a, b) => a - b);
  return (
    <label class="setting" title="torch.backends.cudnn.workspaceLimit">
      Workspace at most
      <select
        value={limit === undefined ? '' : String(limit)}
        onChange={({ currentTarget: { value } }) => fix('workspaceLimit', value === '' ? undefined : Number(value))}
      >
        <option value="">{said}</option>
        {offered.map((bytes) => (
          <option key={bytes} value={bytes}>
            {formatBytes(bytes)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Measuring takes as long as it may; on a slow adapter more time means fewer candidates that were not tried. */
function Budget() {
  return (
    <label class="setting" title="torch.backends.cudnn.benchmarkBudgetMs">
      Measure each problem for up to
      <select
        value={benchmarkBudgetMs.value}
        onChange={(event) => (benchmarkBudgetMs.value = Number(event.currentTarget.value))}
      >
        {[1000, 5000, 20_000, 60_000].map((ms) => (
          <option key={ms} value={ms}>
            {ms / 1000} s
          </option>
        ))}
      </select>
    </label>
  );
}

/** How a fixed switch is named where it stands in sight. */
const names: { readonly [Name in keyof FixedSettings]-?: (value: NonNullable<FixedSettings[Name]>) => string } = {
  benchmark: (on) => (on ? 'measuring on' : 'measuring off'),
  deterministic: (on) => (on ? 'deterministic only' : 'deterministic off'),
  compile: () => 'torch.compile off',
  workspaceLimit: (bytes) => `workspace at most ${formatBytes(bytes)}`,
};

/** What is fixed, in sight, with the way back. */
export function FixedSwitches() {
  const all = Object.entries(fixed.value) as [keyof FixedSettings, never][];
  return all.map(([name, value]) => (
    <button
      key={name}
      type="button"
      class="chip"
      aria-label={`${names[name](value)}: leave it to the program again`}
      onClick={() => fix(name, undefined)}
    >
      {names[name](value)} <span aria-hidden="true">×</span>
    </button>
  ));
}
