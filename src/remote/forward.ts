/**
 * @file Prints `forward`: the statements of one module call.
 */
import { fail } from '../base/errors.ts';
import { pythonNumber } from '../base/python.ts';
import type { Call } from '../graph/call.ts';
import { inRange, nonZero } from '../graph/ops/elementwise/index.ts';
import { fullOp } from '../graph/ops/full.ts';
import type { Node } from '../graph/types.ts';
import { printArguments, printCall, tensorArguments } from './calls.ts';
import type { ModuleCall, ModuleInfo, Step, Trace } from './modules.ts';
import { inputsOf, isConstant, outputsOf, ownState, saysAll, pythonCallOf } from './modules.ts';
import { accessPath, argumentNames, isBelow, Variables } from './names.ts';

export interface Forward {
  readonly parameters: readonly string[];
  /** Without indentation; the last one returns. */
  readonly lines: readonly string[];
  /** Leaves that the program made itself, by the name of the buffer that holds them. */
  readonly constants: ReadonlyMap<string, Node>;
}

/**
 * A call's steps, those of inlined calls in their place, and the operations of functions that cannot be written as
 * one.
 */
export function stepsOf(trace: Trace, call: ModuleCall, inlined: ReadonlySet<ModuleInfo>): Step[] {
  return call.steps.flatMap((step): Step[] => {
    if ('call' in step && inlined.has(step.call.module)) return stepsOf(trace, step.call, inlined);
    if ('made' in step && !saysAll(trace, step.made.pythonCall, step.made.nodes))
      return [...step.made.nodes].map((node) => ({ node }));
    return [step];
  });
}

/** Whether everything that the call touches hangs below its own module, so that `self` can reach it. */
export function isSelfContained(trace: Trace, call: ModuleCall, inlined: ReadonlySet<ModuleInfo>): boolean {
  return (
    stepsOf(trace, call, inlined).every(
      (step) => !('call' in step) || isBelow(step.call.module.path, call.module.path),
    ) && outputsOf(trace, call).length > 0
  );
}

/**
 * Whether `self.conv1(x)` says everything about a call of a module that PyTorch constructs. Where autocast was on in a
 * part of the model alone, it does not; the operations are printed with the casts that they had.
 */
export function printsAsCall(trace: Trace, call: ModuleCall): boolean {
  return (
    call.autocast === trace.model.autocast &&
    outputsOf(trace, call).length > 0 &&
    saysAll(trace, pythonCallOf(trace, call), call.nodes, ownState(trace, call.module)) &&
    inputsOf(trace, call).every((node) => !trace.keys.has(node))
  );
}

export function printForward(
  trace: Trace,
  call: ModuleCall,
  inlined: ReadonlySet<ModuleInfo>,
  constantName: (node: Node) => string,
): Forward {
  const { path } = call.module;
  const isRoot = call === trace.root;
  const inputs = isRoot ? trace.model.inputs : inputsOf(trace, call);
  const outputs = isRoot ? trace.model.outputs : outputsOf(trace, call);
  const all = stepsOf(trace, call, inlined)
    .filter((step) => !('node' in step && isCheck(step.node)))
    .map((step) => statementOf(trace, step));
  const unchecked = withoutChecks(new Set([...inputs, ...all.flatMap(({ writes }) => writes)]));
  const returned = outputs.map(unchecked);
  const statements = needed(
    all.map((statement) => ({ ...statement, reads: statement.reads.map(unchecked) })),
    returned,
  );

  const lastUse = new Map<Node, number>();
  statements.forEach(({ reads }, i) => reads.forEach((node) => lastUse.set(node, i)));
  for (const node of returned) lastUse.set(node, Infinity);

  const variables = new Variables(lastUse);
  const parameters = argumentNames(inputs.length);
  inputs.forEach((node, i) => variables.bind(node, parameters[i]));

  const constants = new Map<string, Node>();
  const read = (node: Node, user?: Node): string => {
    const name = variables.nameOf(node);
    if (name !== undefined) return name;
    const key = trace.keys.get(node)?.find((k) => isBelow(k, path));
    if (key !== undefined) return accessPath(key, path);
    if (!isConstant(trace, node))
      fail(`program: ${node.op.name} (node ${node.id}) is read in ${path || 'the model'} before it is made`);
    if (node.op === fullOp) return literal(node, user);
    const constant = constantName(node);
    constants.set(constant, node);
    return `self.${constant}`;
  };

  const lines = statements.flatMap(({ reads, writes, print, user }, i) => {
    const right = print(
      reads.map((node) => read(node, user)),
      path,
    );
    const left = writes.map((node) => (node ? variables.assign(node, reads, i) : '_')).join(', ');
    return left === right ? [] : [`${left} = ${right}`]; // a move between devices is nothing on one device
  });
  lines.push(`return ${returned.map((node) => read(node)).join(', ')}`);
  return { parameters, lines, constants };
}

/** PyTorch's functions check by themselves. */
const isCheck = ({ op }: Node): boolean => op === inRange || op === nonZero;
/** Leads from a check to what it passes on, except for those that have a name of their own. */
function withoutChecks(named: ReadonlySet<Node | undefined>): (node: Node) => Node {
  const passedOn = (node: Node): Node => (isCheck(node) && !named.has(node) ? passedOn(node.inputs[0]) : node);
  return passedOn;
}

/** Statements that the results depend on: others computed what a check looks at. */
function needed(statements: readonly Statement[], results: readonly Node[]): Statement[] {
  const read = new Set<Node | undefined>(results);
  return statements
    .toReversed()
    .filter(({ reads, writes }) => {
      const isRead = writes.some((node) => read.has(node));
      if (isRead) for (const node of reads) read.add(node);
      return isRead;
    })
    .toReversed();
}

interface Statement {
  readonly reads: readonly Node[];
  /** `undefined` for a part of a result that nobody reads. */
  readonly writes: readonly (Node | undefined)[];
  readonly print: (names: readonly string[], from: string) => string;
  /** The operation, where the statement is one. */
  readonly user?: Node;
}

/** A constant in the place where it is used: a number where the operation takes one, else the call that makes it. */
function literal(node: Node, user: Node | undefined): string {
  const { value } = node.attrs;
  const bare = user?.op.takesNumbers && user.inputs.some((input) => input.op !== fullOp);
  if (bare && node.shape.length === 0 && typeof value === 'number') return pythonNumber(value);
  return node.op.python([], node.attrs, node);
}

/** `a + b` of `(a + b)`: a whole statement needs no brackets. */
function withoutBrackets(text: string): string {
  if (!/^\(.*\)$/.test(text)) return text;
  let depth = 0;
  for (let i = 0; i < text.length - 1; i++) {
    if (text[i] === '(') depth += 1;
    if (text[i] === ')') depth -= 1;
    if (depth === 0) return text;
  }
  return text.slice(1, -1);
}

function statementOf(trace: Trace, step: Step): Statement {
  if ('node' in step) {
    const { node } = step;
    return {
      reads: node.inputs,
      writes: [node],
      user: node,
      print: (names) => withoutBrackets(node.op.python(names, node.attrs, node)),
    };
  }
  if ('made' in step)
    return callStatement(trace, step.made.pythonCall, step.made.nodes, (names) =>
      printCall(step.made.pythonCall, names),
    );
  const { call } = step;
  const pythonCall = pythonCallOf(trace, call);
  return callStatement(
    trace,
    pythonCall,
    call.nodes,
    (names, from) => `${accessPath(call.module.path, from)}(${printArguments(pythonCall.arguments, names).join(', ')})`,
  );
}

/** A tuple of which one part is read is indexed; one of which several are is taken apart. */
function callStatement(
  trace: Trace,
  { arguments: args, results, isTuple }: Call,
  nodes: ReadonlySet<Node>,
  print: Statement['print'],
): Statement {
  const isRead = new Set(outputsOf(trace, { nodes }).map((node) => node.id));
  const writes = results.map((number) =>
    number !== null && isRead.has(number) ? trace.byNumber.get(number) : undefined,
  );
  const [first, ...others] = writes.flatMap((node, i) => (node ? [i] : []));
  const suffix = isTuple && others.length === 0 ? `[${first}]` : '';
  return {
    reads: tensorArguments(args).map((argument) => trace.byNumber.get(argument.node)!),
    writes: others.length === 0 ? [writes[first]] : writes,
    print: (names, from) => `${print(names, from)}${suffix}`,
  };
}
