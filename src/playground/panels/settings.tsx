/**
 * @file What a first visitor does not need: switches that hold whatever the program says, how long is measured, the
 * look of the page.
 */
import { engineHasRun } from '../actions.ts';
import { downloadResults } from '../export.ts';
import { isHidden } from '../opening-link.ts';
import { fixedCount } from '../settings.ts';
import { benchmarkBudgetMs, busy } from '../state.ts';
import { theme, toggleTheme } from '../theme.ts';
import { Dropdown } from './dropdown.tsx';
import { AllSwitches } from './switches.tsx';

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
          <AllSwitches />
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
