/**
 * @file What is going on, on standard error: in a terminal the percentages of a step stay on its line; elsewhere each
 * step has one line, and one that lasts says every few seconds how far it is.
 */

/** Without a terminal, a step is told of again after this time. */
const usualIntervalMs = 5000;

/** Whether somebody looks on; `scripts/wudnn.mjs` stands between the terminal and us, and says so. */
export const onTerminal = (stream: NodeJS.WriteStream): boolean =>
  stream.isTTY || (stream === process.stderr && process.env['WUDNN_TERMINAL'] === '1');

/** Shows steps and, behind them, how far each is: `'uploading job.py: 40%'`. */
export function showProgress(
  stream: NodeJS.WriteStream = process.stderr,
  everyMs = usualIntervalMs,
): (text: string) => void {
  const terminal = onTerminal(stream);
  let before = '';
  let told = -Infinity;
  return (text) => {
    const step = text.replace(/: \d+%$/, '');
    const same = step === before;
    before = step;
    const now = performance.now();
    // Up one line, and over what is there.
    if (terminal) stream.write(same ? `\u001b[1A\r\u001b[K${text}\n` : `${text}\n`);
    else if (!same || now - told >= everyMs) stream.write(`${same ? text : step}\n`);
    else return;
    told = now;
  };
}

/** Shows only what goes on now: on one line of a terminal, elsewhere every few seconds; `end` clears it away. */
export function showStatus(
  stream: NodeJS.WriteStream = process.stderr,
  everyMs = usualIntervalMs,
): { show: (text: string) => void; end: () => void } {
  const terminal = onTerminal(stream);
  let told = performance.now();
  return {
    show: (text) => {
      if (terminal) return void stream.write(`\r\u001b[K${text.slice(0, (stream.columns || Infinity) - 1)}`);
      if (performance.now() - told < everyMs) return;
      told = performance.now();
      stream.write(`${text}\n`);
    },
    end: () => void (terminal && stream.write('\r\u001b[K')),
  };
}
