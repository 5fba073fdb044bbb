/**
 * @file What a first visitor does not need: switches that hold whatever the program says, how long is measured, the
 * look of the page.
 */
import { engineHasRun } from '../actions.ts';
import { downloadResults } from '../export.ts';
import { say } from '../language.ts';
import { otherLanguage, otherName, speak } from '../chosen-language.ts';
import { lecture, toggleLecture } from '../lecture.ts';
import { isHidden } from '../opening-link.ts';
import { fixedCount } from '../settings.ts';
import { benchmarkBudgetMs, busy } from '../state.ts';
import { openTour, tourOffer } from '../tour/first-visit.ts';
import { theme, toggleTheme } from '../theme.ts';
import { closeAround, Dropdown } from './dropdown.tsx';
import { AllSwitches } from './switches.tsx';

export function SettingsMenu() {
  const other = theme.value === 'dark' ? 'light' : 'dark';
  return (
    <Dropdown
      class="menu settings"
      badge="button"
      title={
        fixedCount.value > 0
          ? say({ en: `Settings (${fixedCount.value})`, zh: `设置（${fixedCount.value}）` })
          : say({ en: 'Settings', zh: '设置' })
      }
    >
      <div class="items">
        <fieldset>
          <legend>
            {say({ en: 'The next runs, whatever the program says', zh: '对之后的运行生效，优先于程序中的设置' })}
          </legend>
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
            {say({ en: 'Download results', zh: '下载结果' })}
          </button>
        )}
        <button
          type="button"
          class="item"
          onClick={toggleTheme}
          aria-label={
            other === 'dark'
              ? say({ en: 'Switch to dark colours', zh: '切换到深色' })
              : say({ en: 'Switch to light colours', zh: '切换到浅色' })
          }
        >
          {other === 'dark' ? say({ en: 'Dark colours', zh: '深色' }) : say({ en: 'Light colours', zh: '浅色' })}
        </button>
        <button type="button" class="item" lang={otherLanguage.value} onClick={() => speak(otherLanguage.value)}>
          {say(otherName)}
        </button>
        <button
          type="button"
          class="item"
          aria-pressed={lecture.value}
          title={say({
            en: 'Larger type, the lines that matter, a ring around the pointer',
            zh: '放大文字，只显示关键的代码行，并圈出指针',
          })}
          onClick={toggleLecture}
        >
          {say({ en: 'Lecture mode', zh: '讲课模式' })}
          {lecture.value && <span aria-hidden="true"> ✓</span>}
        </button>
        <button
          type="button"
          class="item"
          onClick={({ currentTarget }) => {
            closeAround(currentTarget);
            openTour();
          }}
        >
          {say(tourOffer)}
        </button>
        <a class="item" href="api.html" target="_blank" rel="noreferrer">
          {say({ en: 'API reference', zh: 'API 参考' })}
        </a>
      </div>
    </Dropdown>
  );
}

/** Measuring takes as long as it may; on a slow adapter more time means fewer candidates that were not tried. */
function Budget() {
  return (
    <label class="setting" title="torch.backends.cudnn.benchmarkBudgetMs">
      {say({ en: 'Measure each problem for up to', zh: '每个问题最多测量' })}
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
