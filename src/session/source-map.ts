/**
 * @file Places: from an error's stack to lines and columns of the visitor's program.
 *
 * The compiled program carries a `sourceURL` of its own, so its frames can be told from the engine's in the stack of
 * any browser. The compiler keeps every line where it was; columns move, and a source map brings them back. An
 * `AsyncFunction` puts two lines in front of its body (ECMAScript, CreateDynamicFunction: the parameters end with a
 * line feed, and so does the opening brace).
 */
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import type { ProgramError } from './protocol.ts';

export type Frame = ProgramError['frames'][number];

/** Lines that `AsyncFunction` puts in front of its body. */
export const linesBeforeBody = 2;

export class Places {
  private readonly map: TraceMap;
  private readonly frame: RegExp;

  /** `url` is the program's `sourceURL`; `map` is the compiler's source map, in JSON or as an object. */
  constructor(url: string, map: ConstructorParameters<typeof TraceMap>[0]) {
    this.map = new TraceMap(map);
    this.frame = new RegExp(`${url.replaceAll('.', '\\.')}:(\\d+):(\\d+)`);
  }

  /** The visitor's own frames of a stack, innermost first. */
  frames(stack: string | undefined): Frame[] {
    const frames: Frame[] = [];
    for (const line of stack?.split('\n') ?? []) {
      const match = this.frame.exec(line);
      if (!match) continue;
      const place = this.original(Number(match[1]) - linesBeforeBody, Number(match[2]));
      const name = functionName(line);
      if (place) frames.push(name === undefined ? place : { ...place, name });
    }
    return frames;
  }

  /** The visitor's place of a line and column of the compiled body, all counted from 1. */
  original(line: number, column: number): { line: number; column: number } | undefined {
    if (line < 1) return undefined;
    const at = originalPositionFor(this.map, { line, column: column - 1 });
    return at.line === null ? { line, column: 1 } : { line: at.line, column: at.column + 1 };
  }

  /** The line of the call that is being made now, from 1. */
  currentLine(): number | undefined {
    return this.frames(new Error('here').stack)[0]?.line;
  }
}

/** The function that a frame is in: `at SimpleCNN.forward (…)` in Chromium and Node, `forward@…` in others. */
function functionName(frame: string): string | undefined {
  const match = /^\s*at (?:async )?(?:new )?(.+?) \(/.exec(frame) ?? /^([^@]+)@/.exec(frame);
  const name = match?.[1].replace(/ \[as .+\]$/, '').replace(/^Object\./, '');
  return name === undefined || /^(eval|anonymous|<anonymous>|async)$/.test(name) ? undefined : name;
}
