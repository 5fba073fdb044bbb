/**
 * @file Writes FEATURES.md: PyTorch API coverage, by name, and how it is tested. All of it is read from the code: names
 * from the modules that a program imports, dtypes, gradients and counts from the cases and the goldens.
 *
 *     npx tsx scripts/features.ts
 */
import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { dtypes } from '../src/base/dtype.ts';
import * as amp from '../src/torch/amp.ts';
import * as data from '../src/torch/data/index.ts';
import * as nn from '../src/torch/nn/index.ts';
import * as optim from '../src/torch/optim/index.ts';
import * as profiler from '../src/torch/profiler.ts';
import { absences, pytorchSpaces } from '../src/torch/absent.ts';
import { namesAbsent, namesHere, spaces } from '../test/support/coverage.ts';
import { families } from '../test/ops/cases/index.ts';
import { denormals } from '../test/ops/denormals.ts';
import { known } from '../test/ops/known-differences.ts';
import type { Callable } from '../test/ops/operations.ts';
import { everything, exceptions, isClass } from '../test/ops/operations.ts';
import { call } from './api/call.ts';
import { signed } from './api/signed-value.ts';
import type { CaseCoverage } from '../test/ops/tested.ts';
import { pythonName, testedNames } from '../test/ops/tested.ts';

/** What lives in PyTorch under another path than here. */
const elsewhere = new Map([
  ['torch.chooseQparams', 'torch.ops.quantized_decomposed.choose_qparams'],
  ['torch.dequantizePerChannel', 'torch.ops.quantized_decomposed.dequantize_per_channel'],
  ['torch.dequantizePerTensor', 'torch.ops.quantized_decomposed.dequantize_per_tensor'],
  ['F.quantizedConv2d', 'torch.ao.nn.quantized.functional.conv2d'],
  ['F.quantizedLinear', 'torch.ao.nn.quantized.functional.linear'],
]);

const byPath = new Map(signed.map((callable) => [callable.path, callable]));

/** What a call takes, one line a signature. */
function taken(name: string): string {
  const callable = byPath.get(name);
  const calls = callable?.signatures.map((signature) => call(callable, signature)) ?? [name];
  return calls.map((text) => `\`${text}\``).join('<br>');
}

function operations(title: string, calls: readonly Callable[], tested: ReadonlyMap<string, CaseCoverage>): string[] {
  const order = Object.keys(dtypes);
  const rows = calls
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, tested: key }) => {
      const t = tested.get(key);
      const types = t ? [...t.dtypes].sort((a, b) => order.indexOf(a) - order.indexOf(b)).join(', ') : '';
      const [prefix, own] = name.split('.');
      return `| \`${elsewhere.get(name) ?? `${prefix}.${pythonName(own)}`}\` | ${taken(name)} | ${types} | ${t?.gradient ? (t.twice ? 'yes, twice' : 'yes') : ''} | ${exceptions.get(name) ?? `${t!.cases} cases`} |`;
    });
  return [
    `## ${title}`,
    '',
    '| PyTorch | wuDNN | dtypes tested | gradient tested | checked against PyTorch |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ];
}

function listed(title: string, space: object, isListed: (value: unknown) => boolean = isClass): string[] {
  const names = Object.entries(space)
    .filter(([, value]) => isListed(value))
    .map(([name]) => `\`${name}\``)
    .sort();
  return [`## ${title}`, '', names.join(', '), ''];
}

/** What NaN, infinities and denormals do here that they do not do in PyTorch. */
function numbers(): string[] {
  const rows = known.map(
    ({ why, operations: of, numbers: given, wgsl }) =>
      `| ${why} | ${given ? given.join(' or ') : 'all'}${wgsl ? ', on adapters' : ''} | ${of.join('; ')} |`,
  );
  return [
    '## NaN, infinity and the ends of the range',
    '',
    'Every operation and its gradient is given NaN, both infinities, both zeros, and the largest and smallest numbers, in every argument and as the',
    'incoming gradient, and compared with PyTorch (`test/remote/extremes.test.ts`). WGSL lets a compiler assume that every number is finite, so kernels',
    "test bits instead, and the program's numbers are parameters. WGSL also lets an adapter treat denormals as 0:",
    '',
    ...Object.entries(denormals).map(([adapter, what]) => `- ${adapter}: ${what}`),
    '',
    'Known differences (huge: ±3.4e38; tiny: 1.2e-38 and below):',
    '',
    '| cause | for which numbers | operations, by the names of their cases |',
    '| --- | --- | --- |',
    ...rows,
    '',
  ];
}

/** How many of PyTorch's public names are here, and why the others are not. */
function coverage(): string[] {
  const rows = spaces.map((space) => {
    const [here, absent] = [namesHere(space).length, namesAbsent(space).length];
    return `| \`${pytorchSpaces[space]}\` | ${here} | ${here + absent} | ${Math.round((100 * here) / (here + absent))}% |`;
  });
  const missing = absences.flatMap(({ why, names }) =>
    spaces.flatMap((space) => {
      const listed = names[space]?.split(/\s+/).filter(Boolean) ?? [];
      return listed.length === 0
        ? []
        : [
            `| \`${pytorchSpaces[space]}\` | ${listed
              .toSorted()
              .map((name) => `\`${name}\``)
              .join(' ')} | ${why} |`,
          ];
    }),
  );
  return [
    "## PyTorch's public names",
    '',
    'Functions and classes that PyTorch documents. A program that uses one that is not here is told at its line why, and what is nearest',
    "(`test/remote/names.test.ts` asks the machine's PyTorch for its names).",
    '',
    '| namespace | here | in PyTorch | share |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
    'Not here:',
    '',
    '| namespace | names | why |',
    '| --- | --- | --- |',
    ...missing,
    '',
  ];
}

const isFunction = (value: unknown): boolean => typeof value === 'function';

export function featuresText(): string {
  const tested = testedNames();
  const called = (prefix: string): Callable[] => everything.filter((c) => c.name.startsWith(`${prefix}.`));
  const total = Object.values(families).reduce((n, cases) => n + cases.length, 0);
  return [
    '# PyTorch API coverage',
    '',
    '<!-- Made by scripts/features.ts; a test fails where it is out of date. -->',
    '',
    `Most functions are methods too: \`torch.exp(x)\` is \`x.exp()\`. ${total} cases compare results with PyTorch's, on the cpu reference and on the`,
    'GPU; a case counts for every operation that its PyTorch expression calls. Where no case can test a name, its row says what does. In-place forms',
    '(with an underscore) are compared with the forms without. Layers and optimizers are trained beside PyTorch.',
    '',
    "Arguments go in PyTorch's order with its defaults, or by name, in camel case, in one object at the end: `x.sum(1, true)` is",
    '`x.sum(1, { keepdim: true })`, and `nn.Conv2d(3, 8, 3, padding=1)` is `new nn.Conv2d(3, 8, 3, { padding: 1 })` or',
    '`new nn.Conv2d(3, 8, 3, 1, 1)`. `null` is None. Keyword-only arguments in Python are given by name here. Too many arguments, an unknown name,',
    "a value of the wrong kind, and an option that is not supported are errors at their line. Signatures are checked against PyTorch's own",
    '(`test/remote/signatures.test.ts`), and random calls against its answers (`test/remote/fuzz-calls.test.ts`; `npm run fuzz -- --calls 10000`);',
    '`test/ops/calls.ts` lists the intended extensions.',
    '',
    'Tensors print as in PyTorch (`test/remote/printed-live.test.ts` compares the texts): `console.log(x)` shows the values in their place once they',
    'are computed; `String(x)` shows `<not computed>` while they are not on the host. `grad_fn=<add>` names the operation in wuDNN.',
    '',
    "Integers have PyTorch's dtypes: sums, counts, indices and ranges are int64, which is kept in 32 bits here. A result that 32 bits do not hold is",
    'an error at its line, on the cpu reference and on the GPU (`test/engine/integers.test.ts`). int32 and bytes wrap as they do in PyTorch. Whole',
    'numbers in an array are still float32: `torch.tensor([1, 2])` needs `{ dtype: torch.long }`.',
    '',
    'bfloat16 is kept in 16 bits, two numbers to a word on the GPU, computed with in float32 and rounded to nearest even once an operation, as in',
    "PyTorch's kernels. So is float16 where the adapter has no shader-f16; a line of the console says so then.",
    '',
    "`torch.autocast({ deviceType, dtype, enabled, cacheEnabled }, body)` stands for Python's `with torch.autocast(…):`. On the cpu each function is held",
    "against PyTorch's own autocast (`test/remote/autocast.test.ts`); on webgpu the lists are CUDA's as PyTorch 2.6 has them, checked by the dtypes of",
    'results (`test/unit/autocast.test.ts`), since no CUDA ran beside. The scaler is awaited, `await scaler.step(optimizer)` and `await scaler.update()`,',
    'for whether a gradient is infinite is known when it is computed.',
    '',
    'What PyTorch refuses by value is an error at its line here too, also where only the GPU knows the value: indices and target classes out of',
    'range, masks with more places than values, probabilities, weights, standard deviations and zero points out of range, and integers divided by',
    'zero (`test/engine/out-of-range.test.ts`). The error tells the number, and where it is in its tensor.',
    '',
    ...operations('torch', called('torch'), tested),
    ...operations('torch.nn.functional', called('F'), tested),
    ...operations(
      'Methods without a torch function',
      called('x').filter((c) => !exceptions.has(c.name)),
      tested,
    ),
    ...numbers(),
    ...coverage(),
    ...listed('torch.nn', nn),
    ...listed('torch.nn.init', nn.init, isFunction),
    ...listed('torch.nn.utils', nn.utils, isFunction),
    ...listed('torch.amp', amp, isFunction),
    ...listed('torch.optim', optim),
    ...listed('torch.optim.lr_scheduler', optim.lrScheduler),
    ...listed('torch.profiler', profiler, isFunction),
    ...listed('torch.utils.data', data, isFunction),
  ].join('\n');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) writeFileSync('FEATURES.md', featuresText());
