/**
 * @file What of a program folds, and what does in a lecture: everything but the lines that record operations or show
 * something. Lines are counted from 1.
 */

/** From a line that stays to the last one that is hidden below it. */
export interface Fold {
  readonly start: number;
  readonly end: number;
}

interface Scanned {
  /** Brackets, templates and comments of several lines. */
  readonly folds: readonly Fold[];
  /** The text with everything in comments and in quotes left out, line by line. */
  readonly code: readonly string[];
}

const closes: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };
const blankOrComment =
  /\/\/[^\n]*|\/\*[^]*?(?:\*\/|$)|'(?:\\.|[^'\\\n])*'?|"(?:\\.|[^"\\\n])*"?|`(?:\\[^]|[^`\\])*`?|[^]/g;

function scan(text: string): Scanned {
  const folds: Fold[] = [];
  const open: { bracket: string; line: number }[] = [];
  let line = 1;
  let code = '';
  for (const [piece] of text.matchAll(blankOrComment)) {
    const more = piece.split('\n').length - 1;
    if (piece.length > 1) {
      // The last line of a template and of a bracket is the one that closes it, and stays.
      const end = line + more - (piece.startsWith('`') ? 1 : 0);
      if (end > line) folds.push({ start: line, end });
      code += '\n'.repeat(more);
    } else {
      if ('([{'.includes(piece)) open.push({ bracket: piece, line });
      else if (open.length > 0 && open.at(-1)!.bracket === closes[piece]) {
        const { line: start } = open.pop()!;
        if (line - 1 > start) folds.push({ start, end: line - 1 });
      }
      code += piece;
    }
    line += more;
  }
  return { folds, code: code.split('\n') };
}

/** Runs of lines that are alike: comments, imports. */
function runs(lines: readonly string[], is: (line: string) => boolean): Fold[] {
  const found: Fold[] = [];
  for (let i = 0; i < lines.length; i++) {
    const start = i;
    while (i < lines.length && is(lines[i])) i++;
    if (i - start > 1) found.push({ start: start + 1, end: i });
  }
  return found;
}

/** Everything that folds; where two begin on one line, the longer. */
export function foldsOf(text: string): Fold[] {
  const lines = text.split('\n');
  const all = [
    ...scan(text).folds,
    ...runs(lines, (line) => /^\s*\/\//.test(line)),
    ...runs(lines, (line) => /^import\b/.test(line)),
  ];
  const longest = new Map<number, Fold>();
  for (const fold of all) if ((longest.get(fold.start)?.end ?? 0) < fold.end) longest.set(fold.start, fold);
  return [...longest.values()].toSorted((a, b) => a.start - b.start);
}

const importStatement = /^import\b[^;'"]*(['"])[^'"\n]*\1;?/gm;

/** What the program imports from wuDNN, by the names that it has here. */
function importedNames(text: string): string[] {
  const imports = text.matchAll(/\bimport\s+(?:\{([^}]*)\}|\*\s*as\s+(\w+))\s*from\s*(['"])wudnn\3/g);
  return Array.from(imports, ([, list, all]) =>
    all === undefined
      ? list.split(',').map((part) =>
          part
            .trim()
            .split(/\s+as\s+/)
            .at(-1)!,
        )
      : [all],
  )
    .flat()
    .filter(Boolean);
}

/**
 * What is folded in a lecture: whatever holds no line that uses what the program imports from wuDNN, prints, exports,
 * or is known to have recorded an operation.
 */
export function lectureFolds(text: string, recorded: ReadonlySet<number> = new Set()): Fold[] {
  const names = new Set(['console', 'export', ...importedNames(text)]);
  const { code } = scan(text.replaceAll(importStatement, (statement) => statement.replaceAll(/[^\n]/g, ' ')));
  const matters = (line: number): boolean =>
    recorded.has(line) || (code[line - 1].match(/[\w$]+/g) ?? []).some((word) => names.has(word));
  const isIdle = ({ start, end }: Fold): boolean => {
    for (let line = start + 1; line <= end; line++) if (matters(line)) return false;
    return true;
  };
  const idle = foldsOf(text).filter(isIdle);
  return idle.filter((fold) => !idle.some((other) => other.start < fold.start && other.end >= fold.end));
}
