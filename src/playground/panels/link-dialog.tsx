/**
 * @file A link to this page with this program, with its result where wanted; a teacher may leave controls out of it.
 * And the HTML that shows it in another page.
 */
import { signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { inputImage } from '../input-image.ts';
import { say } from '../language.ts';
import type { Control } from '../link.ts';
import { controls } from '../link.ts';
import { embedText, linkHash, pageAddress, sharedResult } from '../share.ts';

const open = signal(false);

export function LinkButton() {
  return (
    <button type="button" onClick={() => (open.value = true)}>
      {say({ en: 'Share…', zh: '分享…' })}
    </button>
  );
}

export function LinkDialog() {
  const dialog = useRef<HTMLDialogElement>(null);
  const hide = useSignal<readonly Control[]>([]);
  const withResult = useSignal(false);
  useEffect(() => {
    if (open.value) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open.value]);
  const { card, about } = open.value ? sharedResult.value : { about: '' };
  const hash = open.value ? linkHash(hide.value, withResult.value) : '';
  const toggle = (control: Control, on: boolean): void => {
    hide.value = on ? [...hide.value, control] : hide.value.filter((other) => other !== control);
  };
  return (
    <dialog ref={dialog} aria-labelledby="link-title" onClose={() => (open.value = false)}>
      <div class="heading">
        <h2 id="link-title">{say({ en: 'Link to this program', zh: '此程序的链接' })}</h2>
        <button type="button" class="quiet" onClick={() => (open.value = false)}>
          {say({ en: 'Close', zh: '关闭' })}
        </button>
      </div>
      <div class="body">
        <fieldset class="brings">
          <legend>{say({ en: 'The link brings', zh: '链接包含' })}</legend>
          <label>
            <input type="radio" name="brings" checked={!withResult.value} onChange={() => (withResult.value = false)} />
            {say({ en: 'The program', zh: '程序' })}
          </label>
          <label>
            <input
              type="radio"
              name="brings"
              aria-describedby="result-about"
              disabled={!card}
              checked={withResult.value && card !== undefined}
              onChange={() => (withResult.value = true)}
            />
            {say({ en: 'The program with this result', zh: '程序和这次的结果' })}
          </label>
          <p class="hint" id="result-about">
            {about}
          </p>
        </fieldset>
        <label class="address">
          <span>
            {say({
              en: 'It also holds how you arranged the panes, what you selected, forced and set. Whoever opens it sees the program; nothing runs until they press Run.',
              zh: '链接还包含面板布局、选中的内容、指定的算法和设置。任何打开链接的人都能看到程序；按下“运行”之前，什么也不会执行。',
            })}
            {inputImage.value &&
              say({
                en: ` Your image, ${inputImage.value.name}, is not in it: they give one, or get the sample.`,
                zh: `链接不包含您的图像“${inputImage.value.name}”：打开者可以自己提供，否则使用示例图像。`,
              })}
          </span>
          <input type="url" readOnly value={pageAddress(hash)} onFocus={(e) => e.currentTarget.select()} />
        </label>
        <fieldset>
          <legend>{say({ en: 'Hide on the page', zh: '在页面上隐藏' })}</legend>
          {Object.entries(controls).map(([control, name]) => (
            <label key={control}>
              <input
                type="checkbox"
                checked={hide.value.includes(control as Control)}
                onChange={(e) => toggle(control as Control, e.currentTarget.checked)}
              />
              {say(name)}
            </label>
          ))}
        </fieldset>
        <details class="how">
          <summary>{say({ en: 'Show it in another page', zh: '嵌入其他网页' })}</summary>
          <div class="embed-text">
            <p>
              {say({
                en: (
                  <>
                    Headline, race and output with a button to run it, for a page of yours. It compares with nothing and
                    loads nothing. wuDNN has to lie on a web server for it: what <code>npm start</code> serves is for
                    this machine alone, and shows in no page but those that you name with <code>--frame-by</code>.
                  </>
                ),
                zh: (
                  <>
                    可嵌入你的网页：结论、竞速和输出，外加一个运行按钮。它不与远端对比，也不加载任何内容。为此 wuDNN
                    须放在网页服务器上：<code>npm start</code> 只供本机使用，并且只能嵌入用 <code>--frame-by</code>{' '}
                    指定的网页。
                  </>
                ),
              })}
            </p>
            <textarea
              readOnly
              rows={4}
              aria-label={say({ en: 'HTML for another page', zh: '用于其他网页的 HTML' })}
              value={embedText(hash)}
              onFocus={(e) => e.currentTarget.select()}
            />
            <Copy key={hash} what={() => embedText(hash)} label={say({ en: 'Copy the HTML', zh: '复制 HTML' })} />
          </div>
        </details>
      </div>
      <div class="footer">
        <p class="hint">
          {hash.length > 8000
            ? say({ en: 'Some messaging apps truncate links this long.', zh: '有些聊天软件会截断这么长的链接。' })
            : ''}
        </p>
        <Copy key={hash} what={() => pageAddress(hash)} label={say({ en: 'Copy the link', zh: '复制链接' })} primary />
      </div>
    </dialog>
  );
}

/** Until the text is another one, it says that it was copied. */
function Copy({ what, label, primary = false }: { what: () => string; label: string; primary?: boolean }) {
  const copied = useSignal(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(what());
    copied.value = true;
  };
  return (
    <button type="button" class={primary ? 'primary' : 'quiet'} onClick={() => void copy()}>
      {copied.value ? say({ en: 'Copied', zh: '已复制' }) : label}
    </button>
  );
}
