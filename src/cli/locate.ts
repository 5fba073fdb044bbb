/**
 * @file Where a script's syntax error is, in Node: only a script with a file name has the place in its error.
 */
import { Script } from 'node:vm';

/** Line and column, from 1; `undefined` for a script without a syntax error. */
export async function locateSyntaxError(script: string): Promise<{ line: number; column: number } | undefined> {
  try {
    void new Script(script, { filename: 'program' });
    return undefined;
  } catch (error) {
    // 'program:3', the source line, a line with '^' under the place, then the error.
    const [place, , marker] = (error as Error).stack!.split('\n');
    return { line: Number(place.split(':').at(-1)), column: marker.indexOf('^') + 1 };
  }
}
