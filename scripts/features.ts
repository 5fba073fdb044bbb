/**
 * @file Writes FEATURES.md: what of PyTorch is here, by name, and how it is tested. All of it is read from the code: names from
 * the modules that a program imports, dtypes, gradients and counts from the cases and the goldens.
 *
 *     npx tsx scripts/features.ts
 */
import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { DType } from '../src/base/dtype.ts';
import { dtypes } from '../src/base/dtype.ts';
import * as F from '../src/torch/functional.ts';
import * as nn from '../src/torch/nn/index.ts';
import * as optim from '../src/torch/optim/index.ts';
import * as torch from '../src/torch/torch.ts';
import { titleOf } from '../test/ops/case.ts';
import { families } from '../test/ops/cases/index.ts';
import { readGoldens } from '../test/ops/golden.ts';

/** What the cases say of one name. */
interface Tested {
  cases: number;
  readonly dtypes: Set<DType>;
  gradient: boolean;
  twice: boolean;
}

/** Where PyTorch's name is not ours in snake case. */
const otherNames: Readonly<Record<string, string>> = { variance: 'var', bceWithLogits: 'binary_cross_entropy_with_logits' };

const snake = (name: string): string => otherNames[name] ?? name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();

/** By our name: a case tests the name that its operation begins with, and every function or method that its expression calls. */
function testedNames(): Map<string, Tested> {
  const found = new Map<string, Tested>();
  for (const [family, cases] of Object.entries(families)) {
    const goldens = readGoldens(family, cases);
    for (const c of cases) {
      const calls = [...String(c.ours).matchAll(/\.(\w+)\(/g)].map((match) => match[1]);
      for (const name of new Set([c.op.split(/[ ,]/)[0], ...calls])) {
        const tested = found.get(name) ?? { cases: 0, dtypes: new Set<DType>(), gradient: false, twice: false };
        tested.cases++;
        for (const input of Object.values(c.inputs)) tested.dtypes.add(input.dtype);
        for (const key of goldens.get(titleOf(c))!.keys()) {
          tested.gradient ||= key.startsWith('grad ');
          tested.twice ||= key.startsWith('grad2 ');
        }
        found.set(name, tested);
      }
    }
  }
  return found;
}

const isClass = (value: unknown): boolean => typeof value === 'function' && /^class\b/.test(String(value));

function operations(title: string, prefix: string, python: string, space: object, tested: ReadonlyMap<string, Tested>): string[] {
  const names = Object.entries(space).filter(([, value]) => typeof value === 'function' && !isClass(value)).map(([name]) => name).sort();
  const order = Object.keys(dtypes);
  const rows = names.map((name) => {
    const t = tested.get(name);
    const types = t ? [...t.dtypes].sort((a, b) => order.indexOf(a) - order.indexOf(b)).join(', ') : '';
    return `| \`${python}.${snake(name)}\` | \`${prefix}.${name}\` | ${types} | ${t?.gradient ? (t.twice ? 'yes, twice' : 'yes') : ''} | ${t ? `${t.cases} ${t.cases === 1 ? 'case' : 'cases'}` : ''} |`;
  });
  return [`## ${title}`, '', '| PyTorch | here | dtypes tested | gradient tested | against PyTorch |', '| --- | --- | --- | --- | --- |', ...rows, ''];
}

function classes(title: string, space: object): string[] {
  const names = Object.entries(space).filter(([, value]) => isClass(value)).map(([name]) => `\`${name}\``).sort();
  return [`## ${title}`, '', names.join(', '), ''];
}

export function featuresText(): string {
  const tested = testedNames();
  const total = Object.values(families).reduce((n, cases) => n + cases.length, 0);
  return [
    '# What of PyTorch is here',
    '',
    '<!-- Made by scripts/features.ts; a test fails where it is out of date. -->',
    '',
    `Functions of a tensor are methods too: \`torch.exp(x)\` is \`x.exp()\`. ${total} cases are held against PyTorch's results, on the cpu reference`,
    'and on the GPU; a case that calls several functions counts for each. An empty field means that no such case names the function; others',
    'are tested in their own way (random numbers bit for bit, layers and optimizers by training).',
    '',
    ...operations('torch', 'torch', 'torch', torch, tested),
    ...operations('torch.nn.functional', 'F', 'F', F, tested),
    ...classes('torch.nn', nn),
    ...classes('torch.optim', optim),
  ].join('\n');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) writeFileSync('FEATURES.md', featuresText());
