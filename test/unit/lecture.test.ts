/**
 * Intent: in a lecture the program shows the lines that use wuDNN, print or export, and folds the rest; and every
 * length of the page's styles grows with its type.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { inRem } from '../../scripts/rem.ts';
import { foldsOf, lectureFolds } from '../../src/playground/editor/folds.ts';

/** The lines that stay. */
function left(text: string, recorded?: ReadonlySet<number>): string[] {
  const folds = lectureFolds(text, recorded);
  return text.split('\n').filter((_, i) => !folds.some(({ start, end }) => i + 1 > start && i + 1 <= end));
}

describe('a program in a lecture', () => {
  test('keeps what uses wuDNN, prints or exports, and folds imports and helpers', () => {
    const program = `// A title
// and what it is about
import { torch, nn as layers } from 'wudnn';
import {
  other,
} from 'elsewhere';

function percent(share) {
  const hundredfold = 100 * share; // torch
  return \`\${hundredfold}%\`;
}

class Net extends layers.Module {
  constructor() {
    this.first = layers.Linear(1, 2);
  }
}
for (const i of [1, 2]) {
  console.log(i);
}
const settings = {
  a: 1,
};
export const y = new Net()(torch.ones(1));
`;
    expect(left(program).join('\n')).toBe(`// A title
import { torch, nn as layers } from 'wudnn';
} from 'elsewhere';

function percent(share) {
}

class Net extends layers.Module {
  constructor() {
    this.first = layers.Linear(1, 2);
  }
}
for (const i of [1, 2]) {
  console.log(i);
}
const settings = {
};
export const y = new Net()(torch.ones(1));
`);
  });

  test('keeps lines that are known to have recorded something', () => {
    const program = "import { torch } from 'wudnn';\nconst double = (x) => {\n  return x.mul(2);\n};\n";
    expect(left(program)).not.toContain('  return x.mul(2);');
    expect(left(program, new Set([3]))).toContain('  return x.mul(2);');
  });

  test("folds a kernel's text, whatever is in it", () => {
    const program =
      "import { dnn } from 'wudnn';\nconst wgsl = `\nfn main() {\n  dnn();\n}`;\ndnn.customConvolution('mine', wgsl, {\n  workgroups: 1,\n});\n";
    expect(left(program)).toEqual([
      "import { dnn } from 'wudnn';",
      'const wgsl = `',
      '}`;',
      "dnn.customConvolution('mine', wgsl, {",
      '});',
      '',
    ]);
  });

  test('leaves every example something to see', () => {
    for (const file of readdirSync('src/playground/examples')) {
      const text = readFileSync(`src/playground/examples/${file}`, 'utf8');
      const lines = left(text);
      expect([file, lines.length > 3]).toEqual([file, true]);
      expect([file, lines.some((line) => /\bexport\b|\bconsole\b/.test(line))]).toEqual([file, true]);
    }
  });

  test('a quote or a bracket that is never closed breaks nothing', () => {
    for (const text of ['const a = `\n\n', "const b = '\n(\n[", '/* \n\n', '}\n)\n', ''])
      expect(() => foldsOf(text)).not.toThrow();
  });
});

test.each([
  ['13px', '0.8125rem'],
  ['6px var(--gap) -10px', '0.375rem var(--gap) -0.625rem'],
  ['1px solid var(--line)', '1px solid var(--line)'],
  ['calc(11 * 1px) / 1 var(--sans)', 'calc(11 * 1px) / 1 var(--sans)'],
  ['(max-width: 640px)', '(max-width: 40rem)'],
  ['var(--a-4px)', 'var(--a-4px)'],
  ['0 8px 24px rgb(0 0 0 / 18%)', '0 0.5rem 1.5rem rgb(0 0 0 / 18%)'],
])('a length %s is built as %s', (given, built) => expect(inRem(given)).toBe(built));
