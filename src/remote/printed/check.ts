/**
 * @file What a printed program may be, checked where it leaves the realm that the visitor's program has touched: in the
 * page, and again in the bridge.
 *
 * The program is the text of a worker in which a stranger's code has run, so nothing of how it was made counts. It
 * passes only where it consists of the fixed parts (python/*.py, letter by letter), settings within their schema, and
 * classes that declare PyTorch's modules, call them and PyTorch's functions of tensors, and do nothing else: no import,
 * no loop, no other name, no attribute beside those listed.
 */
import { fail, messageOf } from '../../base/errors.ts';
import type { Job } from '../job.ts';
import { isReserved } from '../names.ts';
import { fixedLines, fixedParts, partNames } from '../parts.ts';
import { check } from '../schema.ts';
import { constantSchemas } from './constants.ts';
import type { Module, Scope } from './expression.ts';
import { plainValue, Reader } from './expression.ts';
import type { Line } from './tokens.ts';
import { readLine } from './tokens.ts';

/** A program is some kilobytes; one of a deep network some hundred. */
const maxProgram = 16 * 2 ** 20;

/** The job as it came; throws with the line where its program is none that is printed here. */
export function checkJob(job: Job): Job {
  const { model, program, tensors } = job;
  if (
    typeof model !== 'string' ||
    model.length > 200 ||
    typeof program !== 'string' ||
    !(tensors instanceof Uint8Array)
  )
    fail('job: it has no model, program and tensors');
  checkProgram(program);
  return job;
}

export function checkProgram(program: string): void {
  if (program.length > maxProgram)
    fail(`job: its program has ${program.length} characters; the limit is ${maxProgram}`);
  new Checker(program.split('\n')).run();
}

const docstring =
  /^"""[A-Za-z_][A-Za-z0-9_]*, (recorded by wuDNN: the same layers, weights and inputs in PyTorch|printed by wuDNN: cuDNN's own times of each convolution, on the GPU of this machine)\.$/;

class Checker {
  private readonly lines: readonly string[];
  private readonly fixed = fixedParts().map((text) => text.trimEnd().split('\n'));
  private readonly classes = new Map<string, Module>();
  private at = 0;

  constructor(lines: readonly string[]) {
    this.lines = lines;
  }

  run(): void {
    try {
      if (!docstring.test(this.lines[0])) fail('it does not begin as a printed program does');
      for (this.at = 1; this.at < this.lines.length;) this.statement();
    } catch (error) {
      fail(`job: line ${this.at + 1} of its program is not allowed, so it is not sent: ${messageOf(error)}`);
    }
  }

  private statement(): void {
    const text = this.lines[this.at];
    const part = this.fixed.find(
      (lines) => lines[0] === text && lines.every((line, i) => line === this.lines[this.at + i]),
    );
    if (part) this.at += part.length;
    else if (text === '' || fixedLines.has(text)) this.at += 1;
    else if (text.startsWith('class ')) this.class();
    else this.constant();
  }

  /** The logical line at the place where the check is, which moves on behind it. */
  private take(indent: number): Line {
    const { line, next } = readLine(this.lines, this.at);
    if (line.indent !== indent) fail('it is indented otherwise');
    this.at = next;
    return line;
  }

  /** `INPUTS = ["x"]`. */
  private constant(): void {
    const reader = new Reader(this.take(0));
    const name = reader.name();
    reader.expect('=');
    if (name === 'MODEL' || name === 'LOSS') {
      const of = reader.name();
      if (!this.classes.has(of) && !(name === 'LOSS' && of === 'None')) fail(`${of} is not one of its classes`);
    } else if (name === 'PARTS') {
      reader.expect('[');
      while (!reader.accept(']')) {
        if (!partNames.has(reader.name())) fail('it has another part');
        if (!reader.isAt(']')) reader.expect(',');
      }
    } else {
      const schema = Object.hasOwn(constantSchemas, name)
        ? constantSchemas[name]
        : fail(`${name} is not one of its constants`);
      check(schema, plainValue(reader.expression()), name);
    }
    reader.end();
  }

  private class(): void {
    const reader = new Reader(this.take(0));
    reader.expect('class');
    const name = reader.name();
    if (isReserved(name) || this.classes.has(name)) fail(`${name} is the name of something else`);
    for (const word of ['(', 'nn', '.']) reader.expect(word);
    if (!reader.accept('Sequential')) reader.expect('Module');
    for (const word of [')', ':']) reader.expect(word);
    reader.end();
    const self: Module = { is: 'module', children: new Map(), own: false };
    while (
      this.lines[this.at]?.startsWith('    ') ||
      (this.lines[this.at] === '' && this.lines[this.at + 1]?.startsWith('    def '))
    ) {
      if (this.lines[this.at] === '') this.at += 1;
      this.method(self);
    }
    this.classes.set(name, self);
  }

  private method(self: Module): void {
    const reader = new Reader(this.take(4));
    reader.expect('def');
    const place = reader.accept('__init__') ? 'init' : 'forward';
    if (place === 'forward') reader.expect('forward');
    for (const word of ['(', 'self']) reader.expect(word);
    const variables = new Set<string>();
    while (!reader.accept(')')) {
      reader.expect(',');
      variables.add(reader.name());
    }
    reader.expect(':');
    reader.end();
    const scope = { place, self, variables, classes: this.classes } as const;
    while (this.lines[this.at]?.startsWith('        ')) {
      const line = new Reader(this.take(8), scope);
      if (place === 'init') declaration(line, scope);
      else computation(line, variables);
      line.end();
    }
  }
}

/** A statement of `__init__`: a module or a tensor under a name. */
function declaration(line: Reader, { self }: Scope): void {
  if (line.accept('super')) {
    for (const word of ['(', ')', '.', '__init__', '(']) line.expect(word);
    for (const [name, value] of line.children()) self!.children.set(name, value);
    return;
  }
  const { owner, name } = line.target();
  if (line.accept('=')) return hold(owner, name, line);
  if (!['add_module', 'register_buffer', 'register_parameter'].includes(name)) fail(`.${name} declares nothing`);
  line.expect('(');
  const key = line.text();
  line.expect(',');
  hold(owner, key, line);
  line.expect(')');
}

function hold(owner: Module, name: string, line: Reader): void {
  const value = line.expression();
  if (value.is !== 'module' && value.is !== 'tensor') fail(`${name} holds neither a module nor a tensor`);
  owner.children.set(name, value);
}

/** A statement of `forward`: what is computed takes names, or is returned. */
function computation(line: Reader, variables: Set<string>): void {
  const names: string[] = [];
  if (!line.accept('return')) {
    do names.push(line.name());
    while (line.accept(','));
    line.expect('=');
  }
  if (line.list().some(({ is }) => is === 'module')) fail('a module is not a result');
  for (const name of names) variables.add(name);
}
