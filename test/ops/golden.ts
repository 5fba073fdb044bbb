/**
 * @file What PyTorch says: asked now, or read from the golden file of a family.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import type { DType } from '../../src/base/dtype.ts';
import { dtypes } from '../../src/base/dtype.ts';
import { fail } from '../../src/base/errors.ts';
import { fnv1a64 } from '../../src/base/hash.ts';
import type { Shape } from '../../src/base/shape.ts';
import { sizeOf } from '../../src/base/shape.ts';
import type { HostTensor } from '../../src/base/safetensors.ts';
import { decodeSafetensors, encodeSafetensors } from '../../src/base/safetensors.ts';
import { runPython } from '../support/python.ts';
import type { Case } from './case.ts';
import { stored, titleOf } from './case.ts';
import type { Results } from './evaluate.ts';

const base64 = (data: ArrayBufferView): string =>
  Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64');

/** A case as scripts/goldens/ops.py takes it. */
const question = (c: Case) => ({
  title: titleOf(c),
  python: c.python,
  grad: c.grad ?? true,
  ...(c.incoming && {
    incoming: { ...c.incoming, value: Object.is(c.incoming.value, -0) ? '-0' : String(c.incoming.value) },
  }),
  ...(c.autocast && { autocast: true }),
  ...(c.mayRefuse && { mayRefuse: true }),
  inputs: Object.entries(c.inputs).map(([name, { dtype, placement, gradient }]) => {
    const { shape, data } = stored(c, name);
    return { name, dtype, shape, placement, gradient, data: base64(data) };
  }),
});

interface Answer {
  readonly torch: string;
  readonly results: readonly (readonly { name: string; dtype: DType; shape: Shape; data: string }[])[];
}

/** The machine's PyTorch evaluates the cases. */
export async function askPyTorch(cases: readonly Case[]): Promise<{ torch: string; results: Results[] }> {
  const code = "import runpy; runpy.run_path('scripts/goldens/ops.py', run_name='__main__')";
  const answer = JSON.parse(String(await runPython(code, JSON.stringify(cases.map(question))))) as Answer;
  const results = answer.results.map(
    (tensors) =>
      new Map(
        tensors.map(({ name, dtype, shape, data }): [string, HostTensor] => {
          const host = new dtypes[dtype].array(sizeOf(shape));
          new Uint8Array(host.buffer).set(Buffer.from(data, 'base64'));
          return [name, { dtype, shape, data: host }];
        }),
      ),
  );
  return { torch: answer.torch, results };
}

const fileOf = (family: string): string => `test/golden/ops/${family}.safetensors`;

/** Changes with the cases' numbers, expressions and order. */
const digest = (cases: readonly Case[]): string => fnv1a64(JSON.stringify(cases.map(question)));

export function writeGoldens(
  family: string,
  cases: readonly Case[],
  torch: string,
  results: readonly Results[],
): number {
  const tensors = results.flatMap((of, i) =>
    [...of].map(([name, t]): [string, HostTensor] => [`${titleOf(cases[i])}/${name}`, t]),
  );
  const bytes = encodeSafetensors(tensors, { torch, cases: digest(cases) });
  writeFileSync(fileOf(family), bytes);
  return bytes.length;
}

/** The results of a family's cases by title. */
export function readGoldens(family: string, cases: readonly Case[]): Map<string, Results> {
  const { tensors, metadata } = decodeSafetensors(readFileSync(fileOf(family)));
  if (metadata['cases'] !== digest(cases))
    fail(
      `goldens: ${fileOf(family)} is not of these cases; make it anew with npx tsx scripts/goldens/ops.ts ${family}`,
    );
  const goldens = new Map(cases.map((c) => [titleOf(c), new Map<string, HostTensor>()]));
  if (goldens.size < cases.length)
    fail(
      `goldens: two cases of ${family} have one title: ${cases.map(titleOf).find((title, i, all) => all.indexOf(title) < i)}`,
    );
  for (const [key, tensor] of tensors) {
    const at = key.lastIndexOf('/');
    goldens.get(key.slice(0, at))!.set(key.slice(at + 1), tensor);
  }
  return goldens;
}
