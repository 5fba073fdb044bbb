/**
 * @file Intent: whatever the seed and the calls, our random numbers are those of the PyTorch on this machine.
 *
 * Seeds, calls and sizes are new each time; a failure tells the seed and the call.
 */
import { expect, test } from 'vitest';
import { Generator, randint, uniform } from '../../src/base/random.ts';
import { compareVersions } from '../../src/machine/pythons.ts';
import { describeWith } from '../support/needs.ts';
import { runPython } from '../support/python.ts';
import type { Call, Run } from '../support/random.ts';
import { differences, stateDigest } from '../support/random.ts';

const runCount = 60;
const callCount = 20;

const facts = `
import json, torch
capability = [line for line in torch.__config__.show().splitlines() if "CPU capability" in line]
torch.manual_seed(0)
half = torch.empty(8, dtype=torch.float16).uniform_()
torch.manual_seed(0)
bits = torch.randint(0, 2**11, (8,))
print(json.dumps({
    "version": torch.__version__,
    "mkl": torch.backends.mkl.is_available(),
    "capability": "".join(capability),
    "halves_of_eleven_bits": bool((half * 2**11 == bits).all()),
}))
`;

const answer = `
import json, sys
sys.path.insert(0, "scripts/goldens")
from random_numbers import run
json.dump([run(**asked) for asked in json.load(sys.stdin)], sys.stdout)
`;

interface Facts {
  readonly version: string;
  readonly mkl: boolean;
  /** `'CPU capability usage: AVX2'`. */
  readonly capability: string;
  /** Whether float16 takes its own 11 bits of a draw; later versions round a float32 of 24. */
  readonly halves_of_eleven_bits: boolean;
}

describeWith(['python'], "the machine's own PyTorch", () => {
  test(`draws the same through ${runCount} runs of ${callCount} calls`, async (context) => {
    const torch = JSON.parse(String(await runPython(facts))) as Facts;
    context.skip(
      !torch.capability.includes('AVX'),
      `this PyTorch draws normal samples without AVX2: ${torch.capability}`,
    );
    const chance = new Generator();
    chance.seed();
    const asked = Array.from({ length: runCount }, () => ({
      seed: String(chance.random64()),
      calls: randomCalls(chance, torch),
    }));
    const runs = JSON.parse(String(await runPython(answer, JSON.stringify(asked)))) as Run[];
    expect(runs).toHaveLength(runCount);
    for (const { seed, calls, state } of runs) {
      const g = new Generator(BigInt(seed));
      expect({ seed, differ: differences(g, calls) }).toEqual({ seed, differ: [] });
      expect({ seed, state: stateDigest(g) }).toEqual({ seed, state });
    }
  });
});

/** Calls that this PyTorch and ours agree on. */
function randomCalls(chance: Generator, torch: Facts): Call[] {
  const widest = compareVersions(torch.version, '2.7') < 0 ? 2 ** 32 : 2 ** 28 - 1;
  const kinds: ((n: number, x: number, y: number) => Call)[] = [
    (n) => ['uniform', n, 0, 1],
    (n, x, y) => ['uniform', n, -x, y],
    (n) => ['normal', n, 0, 1],
    (n, x, y) => ['normal', n, x - y, y],
    (n, x) => ['randint', n, -5, -4 + Math.floor(x * 100)],
    (n) => ['randint', n, -(2 ** 31), -(2 ** 31) + widest],
    (n) => ['randperm', n, 0, 0],
    () => ['conv2d', 448, 0, 0],
    () => ['linear', 630, 0, 0],
  ];
  if (torch.halves_of_eleven_bits) kinds.push((n, x, y) => ['uniformHalf', n, -x, y]);
  // A PyTorch with MKL draws these from MKL's generator on Intel processors.
  if (!torch.mkl)
    kinds.push(
      (n, x) => ['bernoulli', n, x, 0],
      (n, x) => ['dropout', n, x, 0],
    );
  return Array.from({ length: callCount }, () => {
    const size = randint(chance, 1, 0, [20, 100, 5000, 100_000][randint(chance, 1, 0, 4)[0]])[0];
    const [x, y] = uniform(chance, 2);
    return kinds[randint(chance, 1, 0, kinds.length)[0]](size, x, y);
  });
}
