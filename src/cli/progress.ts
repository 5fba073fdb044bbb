/**
 * @file What is going on, on standard error: in a terminal the percentages of a step stay on its line, in a log each step has one line.
 */

/** Shows steps and, behind them, how far each is: `'uploading job.py: 40%'`. */
export function showProgress(stream: NodeJS.WriteStream = process.stderr): (text: string) => void {
  let before = '';
  return (text) => {
    const step = text.replace(/: \d+%$/, '');
    const same = step === before;
    before = step;
    if (same && stream.isTTY) stream.write(`\u001b[1A\r\u001b[K${text}\n`); // up one line, and over what is there
    else if (!same) stream.write(`${stream.isTTY ? text : step}\n`);
  };
}
