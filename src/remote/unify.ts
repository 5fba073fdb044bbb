/**
 * @file Finds the class that several instances share: bodies that differ in numbers alone become one with parameters.
 *
 * `nn.Conv2d(64, 128, 3, stride=2)` and `nn.Conv2d(64, 64, 3, stride=1)` unify to `nn.Conv2d(64, out_channels, 3,
 * stride=stride)`. Numbers that vary together become one parameter, named after the first argument that it fills.
 */
import { groupBy } from '../base/group-by.ts';
import type { Forward } from './forward.ts';

export interface ClassBody {
  readonly base: string;
  readonly parameters: readonly string[];
  readonly init: readonly string[];
  readonly forward: Forward | undefined;
}

export interface SharedClass {
  readonly body: ClassBody;
  /** Which of the given bodies it stands for, and the arguments that make each of them. */
  readonly members: readonly { readonly index: number; readonly values: readonly string[] }[];
}

/** A number or truth value that stands as an argument. */
const literalPattern = /(?<![\w.])(?:-?\d+(?:\.\d+)?(?:e-?\d+)?|True|False)(?![\w.])/g;

/**
 * Groups bodies whose texts are equal but for literals in `__init__`. `classes` gives the parameters of PyTorch's
 * classes and of those that are printed already.
 */
export function unify(bodies: readonly ClassBody[], classes: ReadonlyMap<string, readonly string[]>): SharedClass[] {
  const groups = groupBy(
    bodies.map((body, index) => ({ body, index })),
    ({ body }) => skeleton(body),
  );
  return [...groups.values()].map((group) => shareOne(group, classes));
}

function skeleton({ base, init, forward }: ClassBody): string {
  return JSON.stringify([
    base,
    init.map((line) => line.replace(literalPattern, '?')),
    forward?.parameters,
    forward?.lines,
  ]);
}

function shareOne(
  group: readonly { body: ClassBody; index: number }[],
  classes: ReadonlyMap<string, readonly string[]>,
): SharedClass {
  const literals = group.map(({ body }) => body.init.flatMap((line) => line.match(literalPattern) ?? []));
  const first = group[0].body;

  // Holes whose values agree in every instance are one parameter.
  const parameters = new Map<string, { name: string; values: string[] }>();
  let hole = 0;
  const init = first.init.map((line) =>
    line.replace(literalPattern, (text, offset: number) => {
      const values = literals.map((list) => list[hole]);
      hole += 1;
      if (values.every((value) => value === text)) return text;
      const key = values.join(' ');
      const known = parameters.get(key);
      if (known) return known.name;
      const name = uniqueName(
        argumentName(line, offset, classes),
        [...parameters.values()].map((p) => p.name),
      );
      parameters.set(key, { name, values });
      return name;
    }),
  );

  const list = [...parameters.values()];
  return {
    body: { ...first, init, parameters: list.map((p) => p.name) },
    members: group.map(({ index }, i) => ({ index, values: list.map((p) => p.values[i]) })),
  };
}

/** What the argument at an offset of a line is called: its keyword, or its place in the nearest constructor. */
function argumentName(line: string, offset: number, classes: ReadonlyMap<string, readonly string[]>): string {
  const before = line.slice(0, offset);
  const keyword = /(\w+)=\(?(?:[^()=]*, )?$/.exec(before)?.[1];
  if (keyword) return keyword;
  const call = /([\w.]+)\(([^()]*)$/.exec(before);
  if (!call) return 'size';
  const [, constructor, earlier] = call;
  const place = earlier.split(',').length - 1;
  return classes.get(constructor)?.[place] ?? 'size';
}

function uniqueName(name: string, taken: readonly string[]): string {
  if (!taken.includes(name)) return name;
  for (let i = 2; ; i++) if (!taken.includes(`${name}${i}`)) return `${name}${i}`;
}
