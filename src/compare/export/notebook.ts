/**
 * @file A notebook that runs the same model again wherever PyTorch is, and prints the checksum of its output beside
 * those of earlier runs. Format: nbformat 4.5.
 */

export interface NotebookInput {
  readonly model: string;
  readonly program: string;
  /** The job's weights and inputs, safetensors. */
  readonly tensors: Uint8Array;
  /** Where it ran before, and SHA-256 of the output there, as the notebook computes it. */
  readonly earlier: readonly { readonly ranOn: string; readonly checksum: string }[];
}

/** Above this the weights stay beside the notebook instead of in it. */
const maxEmbedded = 8 * 2 ** 20;
const jobFolder = 'wudnn-job';
const lineLength = 100;

export function toNotebook({ model, program, tensors, earlier }: NotebookInput): string {
  const cells = [
    markdown(
      `# ${model}\n\nThis notebook runs the model that wuDNN recorded, with the same weights and inputs, in the PyTorch of its kernel. The last cell prints the checksum of the output${earlier.length > 0 ? ' beside those of earlier runs' : ''}. Equal checksums mean equal bits; another device or another version may round otherwise.`,
    ),
    code(`import os\n\nos.makedirs("${jobFolder}", exist_ok=True)`),
    code(`%%writefile ${jobFolder}/job.py\n${program}`),
    code(tensors.length <= maxEmbedded ? embedded(tensors) : besideIt()),
    code(`%run ${jobFolder}/job.py ${jobFolder}`),
    code(
      [
        checksumSource,
        ...earlier.map(({ ranOn, checksum }) => `print(${JSON.stringify(`${checksum}  ${ranOn}`)})`),
      ].join('\n'),
    ),
  ];
  return JSON.stringify(
    {
      nbformat: 4,
      nbformat_minor: 5,
      metadata: {
        kernelspec: { name: 'python3', display_name: 'Python 3', language: 'python' },
        language_info: { name: 'python' },
      },
      cells: cells.map((cell, i) => ({ id: `cell-${i}`, ...cell })),
    },
    null,
    1,
  );
}

const checksumSource = `import hashlib
import json

with open("${jobFolder}/results.safetensors", "rb") as file:
    data = file.read()
start = 8 + int.from_bytes(data[:8], "little")
header = json.loads(data[8:start])
digest = hashlib.sha256()
for name in sorted(name for name in header if name.startswith("output")):
    begin, end = header[name]["data_offsets"]
    digest.update(data[start + begin : start + end])
print(digest.hexdigest(), " this run")`;

function embedded(tensors: Uint8Array): string {
  const base64 = toBase64(tensors);
  const lines = base64.match(new RegExp(`.{1,${lineLength}}`, 'g')) ?? [];
  return `import base64\n\nwith open("${jobFolder}/job.safetensors", "wb") as file:\n    file.write(base64.b64decode("""\n${lines.join('\n')}\n"""))`;
}

function besideIt(): string {
  return `import shutil\n\n# The weights are too large for a notebook: job.safetensors lies beside it.\nshutil.copy("job.safetensors", "${jobFolder}/job.safetensors")`;
}

function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let i = 0; i < bytes.length; i += 0x8000) binary += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(binary);
}

const markdown = (text: string): object => ({ cell_type: 'markdown', metadata: {}, source: text });
const code = (text: string): object => ({
  cell_type: 'code',
  metadata: {},
  execution_count: null,
  outputs: [],
  source: text,
});
