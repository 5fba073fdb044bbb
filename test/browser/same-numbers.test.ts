/**
 * @file Intent: a program gives the same numbers in the page and on the command line, since both run the same engine
 * from the same seed. Both run on SwiftShader here, with the algorithm named, so the bits must be equal.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import type { RunSuccess } from '../../src/session/protocol.ts';
import { paneText, run, startPlayground, write } from '../support/browser.ts';
import { describeWith } from '../support/needs.ts';

const program = `import { torch, nn, F } from 'wudnn'
torch.manualSeed(2026)
const model = new nn.Sequential(new nn.Conv2d(3, 8, { kernelSize: 3, padding: 1, algo: 'DIRECT' }), new nn.ReLU(), new nn.MaxPool2d(2))
export const output = model.to('webgpu')(torch.randn(2, 3, 16, 16).to('webgpu'))
console.log(\`shape \${output.shape}\`)
`;

describeWith(['browser', 'adapter'], 'page and command line', () => {
  test('the same program prints the same shape and has the same checksum', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'wudnn-run-'));
    const playground = await startPlayground();
    try {
      const page = await playground.open();
      await write(page, program);
      expect(await run(page)).toMatch(/^Finished/);
      const printed = await paneText(page, 'Console');
      const [, checksum] = /checksum\s+([0-9a-f]{8})/.exec(await paneText(page, 'Output'))!;

      const file = join(folder, 'program.ts');
      const json = join(folder, 'result.json');
      await writeFile(file, program);
      const { stdout } = await promisify(execFile)('npm', [
        'run',
        '-s',
        'wudnn',
        '--',
        'run',
        file,
        '--adapter',
        'swiftshader',
        '--json',
        json,
      ]);
      const result = JSON.parse(await readFile(json, 'utf8')) as RunSuccess;

      expect(printed).toContain('shape [2, 8, 8, 8]');
      expect(stdout).toContain('shape [2, 8, 8, 8]');
      expect(result.outputs[0].checksum).toBe(checksum);
    } finally {
      await playground.close();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
