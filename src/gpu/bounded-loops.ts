/**
 * @file Loops that end: WGSL that a stranger wrote is rewritten so that no loop goes on for ever. A kernel cannot be
 * interrupted, and a software adapter would hang with it.
 *
 * Each loop gets a check, on a line that it has, so that lines stay where they were. An invocation counts the turns of
 * all its loops together. Loops that wait at a barrier each have a count of their own, kept in a local variable: every
 * invocation of the workgroup then leaves at the same turn, as WGSL asks for.
 */

export interface LoopBounds {
  /** How many turns an invocation has. */
  readonly turns: number;
  /** The binding of group 0 whose first word becomes 1 where an invocation ran out of turns. */
  readonly mark?: number;
  /** Leaves loops alone whose turns no data decides: what ended once ends always. */
  readonly spareCounted?: boolean;
  /** Counts each loop by itself, for kernels whose barriers allow nothing else. */
  readonly apart?: boolean;
}

interface Token {
  readonly text: string;
  readonly at: number;
}

interface Insert {
  readonly at: number;
  readonly text: string;
}

/** What a loop goes on by, and the statements with which its body begins. */
interface Check {
  condition: string;
  count: string;
}

interface Loop {
  /** Of the keyword, and of the body's braces: numbers of tokens. */
  readonly keyword: number;
  readonly open: number;
  readonly close: number;
}

/** The text with its loops bounded; a text that cannot be read so, since its brackets do not match, stays as it is. */
export function boundLoops(wgsl: string, bounds: LoopBounds): string {
  const tokens = tokensOf(wgsl);
  const reader = new Reader(tokens);
  const loops = reader.loops();
  if (!loops) return wgsl;
  const waits = reader.waiting();
  const inserts: Insert[] = [];
  let local = 0;
  for (const loop of loops) {
    if (bounds.spareCounted && reader.isCounted(loop)) continue;
    const check: Check = { condition: 'wudnn_goes_on()', count: '' };
    if (bounds.apart || reader.waitsIn(loop, waits)) {
      const count = `wudnn_turns_${local++}`;
      inserts.push({ at: tokens[loop.keyword].at, text: `var ${count} = 0u; ` });
      check.condition = `${count} < ${bounds.turns}u`;
      check.count = ` ${count}++; if (${count} == ${bounds.turns}u) { wudnn_give_up(); }`;
    }
    inserts.push(...reader.checks(loop, check));
  }
  if (inserts.length === 0) return wgsl;
  let text = '';
  let from = 0;
  for (const { at, text: added } of inserts.toSorted((a, b) => a.at - b.at)) {
    text += wgsl.slice(from, at) + added;
    from = at;
  }
  return `${text}${wgsl.slice(from)}\n${countingText(bounds)}`;
}

/** What the checks call. */
function countingText({ turns, mark }: LoopBounds): string {
  const marks = mark === undefined ? '' : ' atomicStore(&wudnn_mark[0], 1u);';
  // Where one has given up the others need not wait for their own end.
  const others =
    mark === undefined
      ? ''
      : '\n  if ((wudnn_turns & 1023u) == 0u && atomicLoad(&wudnn_mark[0]) != 0u) { return false; }';
  const binding =
    mark === undefined ? '' : `@group(0) @binding(${mark}) var<storage, read_write> wudnn_mark: array<atomic<u32>>;\n`;
  return `// Every loop above ends after at most ${turns} turns.
${binding}var<private> wudnn_turns = 0u;
fn wudnn_give_up() {${marks} }
fn wudnn_goes_on() -> bool {
  wudnn_turns++;${others}
  if (wudnn_turns <= ${turns}u) { return true; }
  wudnn_give_up();
  return false;
}
`;
}

/** The text without its comments. */
export function codeOf(wgsl: string): string {
  let code = '';
  let end = 0;
  for (const { text, at } of tokensOf(wgsl)) {
    code += at === end ? '' : wgsl.slice(end, at).includes('\n') ? '\n' : ' ';
    code += text;
    end = at + text.length;
  }
  return code;
}

/** How often the text has invocations wait for each other. */
export const meets = (wgsl: string): number => tokensOf(wgsl).filter(({ text }) => meeting.test(text)).length;

const blanks = /\s+|\/\/[^\n]*/y;
const words = /[\p{L}_][\p{L}\p{N}_]*|\d[\w.]*|<<=|>>=|[-+*/%&|^!=<>]=|\+\+|--|&&|\|\||->|[^\s]/uy;

function tokensOf(wgsl: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < wgsl.length;) {
    const blank = matchAt(blanks, wgsl, at);
    if (blank !== undefined) {
      at += blank.length;
      continue;
    }
    if (wgsl.startsWith('/*', at)) {
      at = endOfComment(wgsl, at);
      continue;
    }
    const text = matchAt(words, wgsl, at) ?? wgsl[at];
    tokens.push({ text, at });
    at += text.length;
  }
  return tokens;
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** Block comments nest. */
function endOfComment(wgsl: string, from: number): number {
  let depth = 0;
  for (let at = from; at < wgsl.length; at++) {
    if (wgsl.startsWith('/*', at)) depth++;
    else if (wgsl.startsWith('*/', at) && --depth === 0) return at + 2;
    else continue;
    at++;
  }
  return wgsl.length;
}

/** Whatever all invocations must come to together. */
const meeting = /^(?:(?:workgroup|storage|texture)Barrier|workgroupUniformLoad|(?:subgroup|quad)[A-Z]\w*)$/;
const assignments = new Set(['=', '+=', '-=', '*=', '/=', '%=', '&=', '|=', '^=', '<<=', '>>=', '++', '--']);
const isName = (text: string): boolean => /^[\p{L}_]/u.test(text);

class Reader {
  private readonly tokens: readonly Token[];
  /** The number of the bracket that closes one, by its number; `undefined` where some do not match. */
  private readonly closing: ReadonlyMap<number, number> | undefined;
  private readonly constant = new Map<string, boolean>();

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
    this.closing = closingBrackets(tokens);
  }

  /** `undefined` where the text's brackets do not match. */
  loops(): Loop[] | undefined {
    if (!this.closing) return undefined;
    const loops: Loop[] = [];
    this.tokens.forEach(({ text }, keyword) => {
      if (text !== 'for' && text !== 'while' && text !== 'loop') return;
      const open = this.braceBehind(keyword + 1);
      const isWhole =
        text !== 'for' || (this.tokens[keyword + 1].text === '(' && this.semicolons(keyword + 1).length === 2);
      if (open !== undefined && isWhole) loops.push({ keyword, open, close: this.closing!.get(open)! });
    });
    return loops;
  }

  /**
   * A check is part of the loop's condition where it has one: with a second way out, some drivers run a loop for ever
   * that has an end.
   */
  checks({ keyword, open }: Loop, { condition, count }: Check): Insert[] {
    const { text } = this.tokens[keyword];
    const body = this.tokens[open].at + 1;
    if (text === 'loop') return [{ at: body, text: ` if (!(${condition})) { break; }${count}` }];
    const counting = { at: body, text: count };
    if (text === 'while')
      return [
        { at: this.tokens[keyword + 1].at, text: `${condition} && (` },
        { at: this.tokens[open].at, text: ') ' },
        counting,
      ];
    const [first, second] = this.semicolons(keyword + 1);
    const isEmpty = second === first + 1;
    return [
      { at: this.tokens[first].at + 1, text: isEmpty ? ` ${condition}` : ` ${condition} && (` },
      ...(isEmpty ? [] : [{ at: this.tokens[second].at, text: ')' }]),
      counting,
    ];
  }

  /** Of a `for`'s header, which begins at that bracket. */
  private semicolons(open: number): number[] {
    const places: number[] = [];
    for (let i = open + 1; i < this.closing!.get(open)!; i++) {
      if (this.tokens[i].text === ';') places.push(i);
      i = this.closing!.get(i) ?? i;
    }
    return places;
  }

  /** The functions in which invocations wait for each other, or that call such. */
  waiting(): ReadonlySet<string> {
    const functions = this.functions();
    const waits = new Set<string>();
    for (let before = -1; before !== waits.size;) {
      before = waits.size;
      for (const { name, open, close } of functions)
        if (this.some(open, close, (text) => meeting.test(text) || waits.has(text))) waits.add(name);
    }
    return waits;
  }

  waitsIn({ keyword, close }: Loop, waits: ReadonlySet<string>): boolean {
    return this.some(keyword, close, (text) => meeting.test(text) || waits.has(text));
  }

  /** A `for` over constants of the problem and numbers of the invocation, whose variable nothing else changes. */
  isCounted({ keyword, open, close }: Loop): boolean {
    const name = this.countedBy(keyword);
    if (name === undefined || this.changes(name, open, close)) return false;
    return this.isConstant(keyword + 1, open, name);
  }

  private countedBy(keyword: number): string | undefined {
    const [word, bracket, kind, name] = [0, 1, 2, 3].map((i) => this.tokens[keyword + i]?.text);
    return word === 'for' && bracket === '(' && kind === 'var' ? name : undefined;
  }

  private changes(name: string, from: number, to: number): boolean {
    for (let i = from; i < to; i++) {
      if (this.tokens[i].text !== name || this.tokens[i - 1].text === '.') continue;
      if (assignments.has(this.tokens[i + 1].text) || this.tokens[i - 1].text === '&') return true;
    }
    return false;
  }

  /** Whether no name between two tokens stands for data; `own` is the variable that is being looked at. */
  private isConstant(from: number, to: number, own: string): boolean {
    for (let i = from; i < to; i++) {
      const { text } = this.tokens[i];
      if (!isName(text) || text === own || this.tokens[i - 1].text === '.') continue;
      if (!this.isConstantName(text)) return false;
    }
    return true;
  }

  /** A name that is not declared here is a constant, a type, or a function of the language. */
  private isConstantName(name: string): boolean {
    const known = this.constant.get(name);
    if (known !== undefined) return known;
    this.constant.set(name, false); // as long as it is asked about itself
    const answer = this.declarationsOf(name).every((at) => this.isConstantDeclaration(at));
    this.constant.set(name, answer);
    return answer;
  }

  /** Where a name is declared: numbers of the tokens. */
  private declarationsOf(name: string): number[] {
    const places: number[] = [];
    this.tokens.forEach(({ text }, i) => {
      if (text !== name || i === 0) return;
      const before = this.tokens[i - 1].text;
      const isParameter = this.tokens[i + 1]?.text === ':' && (before === '(' || before === ',' || before === ')');
      if (/^(?:let|const|var|override|fn|>)$/.test(before) || isParameter) {
        if (before !== '>' || this.isVariable(i)) places.push(i);
      }
    });
    return places;
  }

  /** `var<uniform> name`. */
  private isVariable(name: number): boolean {
    for (let i = name - 1; i >= Math.max(0, name - 6); i--) if (this.tokens[i].text === 'var') return true;
    return false;
  }

  private isConstantDeclaration(at: number): boolean {
    const before = this.tokens[at - 1].text;
    const name = this.tokens[at].text;
    if (before === 'let' || before === 'const' || before === 'override')
      return this.isConstant(at + 1, this.end(at), name);
    if (before === '>') return this.tokens[at - 2].text === 'uniform';
    if (before === ')') return this.some(at - 5, at, (text) => text === 'builtin');
    if (before !== 'var') return false;
    const keyword = at - 3;
    if (keyword < 0 || this.countedBy(keyword) !== name) return false;
    const open = this.braceBehind(keyword + 1);
    return open !== undefined && this.isCounted({ keyword, open, close: this.closing!.get(open)! });
  }

  /** The end of the declaration that begins here. */
  private end(from: number): number {
    for (let i = from; i < this.tokens.length; i++) if (this.tokens[i].text === ';') return i;
    return this.tokens.length;
  }

  private functions(): { readonly name: string; readonly open: number; readonly close: number }[] {
    return this.tokens.flatMap(({ text }, i) => {
      const open = text === 'fn' ? this.braceBehind(i + 1) : undefined;
      return open === undefined ? [] : [{ name: this.tokens[i + 1].text, open, close: this.closing!.get(open)! }];
    });
  }

  /** The next brace that is not within other brackets. */
  private braceBehind(from: number): number | undefined {
    for (let i = from; i < this.tokens.length; i++) {
      const { text } = this.tokens[i];
      if (text === '{') return i;
      if (text === '(' || text === '[') i = this.closing!.get(i)!;
      else if (text === '}') return undefined;
    }
    return undefined;
  }

  private some(from: number, to: number, is: (text: string) => boolean): boolean {
    for (let i = Math.max(0, from); i < to; i++) if (is(this.tokens[i].text)) return true;
    return false;
  }
}

function closingBrackets(tokens: readonly Token[]): ReadonlyMap<number, number> | undefined {
  const closing = new Map<number, number>();
  const open: number[] = [];
  const closes: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };
  for (const [i, { text }] of tokens.entries()) {
    if (text === '(' || text === '[' || text === '{') open.push(i);
    if (!Object.hasOwn(closes, text)) continue;
    const last = open.pop();
    if (last === undefined || tokens[last].text !== closes[text]) return undefined;
    closing.set(last, i);
  }
  return open.length === 0 ? closing : undefined;
}
