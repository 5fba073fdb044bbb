/**
 * @file The remote job: one PyTorch program, one safetensors file, and the settings that the program was written for.
 *
 * A job is a folder of two files. Whoever runs `python job.py` in it finds `report.json` and `results.safetensors`
 * beside them; that is all a transport does.
 */
import { sha256Of } from '../base/checksum.ts';
import { fail } from '../base/errors.ts';

/** What the program does beyond one forward pass. All are PyTorch's own switches, printed into the program. */
export interface JobSettings {
  /** The dtype that weights and inputs of floating point are converted to. */
  readonly dtype: 'float32' | 'float16' | 'bfloat16' | 'float64';
  /** Runs the forward pass under `torch.autocast` with this dtype. */
  readonly autocast: 'float16' | 'bfloat16' | null;
  /**
   * Both TF32 switches, cuDNN's and the matmul's. PyTorch's default for cuDNN is true; a fair comparison wants false.
   */
  readonly allowTf32: boolean;
  readonly channelsLast: boolean;
  /** Wraps the model in `torch.compile`. */
  readonly compile: boolean;
  /** `torch.backends.cudnn.benchmark`. */
  readonly benchmark: boolean;
  readonly deterministic: boolean;
  /** Runs before the timed ones; the first of all is reported apart, as the cold one. */
  readonly warmup: number;
  readonly repeats: number;
  /** `'auto'`: cuda where there is one. */
  readonly device: 'auto' | 'cpu' | 'cuda';
  /** Times each layer by itself too. */
  readonly layers: boolean;
  /** Brings each layer's output back, as far as `maxCapturedBytes` go. */
  readonly activations: boolean;
  /**
   * Brings the gradients of parameters and floating inputs back, as far as `maxCapturedBytes` go: of the program's own
   * loss where the model was trained, else of the sum of its outputs, PyTorch's `output.sum().backward()`.
   */
  readonly gradients: boolean;
  /** Lists the GPU's kernels of one run. */
  readonly kernels: boolean;
  /** Asks cuDNN for its table of algorithms of each convolution: every one with its time and workspace. */
  readonly findAlgorithms: boolean;
  readonly training: Training | null;
}

/**
 * Steps of training on the one batch of the job's inputs, with the program's loss and a fresh optimizer of its kind.
 */
export interface Training {
  readonly steps: number;
  /** Above 1, torchrun trains on so many processes besides, each with its part of the batch. */
  readonly processes: number;
}

export const defaultSettings: JobSettings = {
  dtype: 'float32',
  autocast: null,
  allowTf32: false,
  channelsLast: false,
  compile: false,
  benchmark: true,
  deterministic: false,
  warmup: 3,
  repeats: 20,
  device: 'auto',
  layers: true,
  activations: true,
  gradients: false,
  kernels: true,
  findAlgorithms: false,
  training: null,
};

/** What comes back beside the outputs is at most so large, layers and gradients each, in the order of the model. */
export const maxCapturedBytes = 64 * 2 ** 20;

/**
 * The settings of a report, or some of them, as those of a job that runs so; throws at a name that is no setting of
 * PyTorch's.
 */
export function settingsFrom(run: Readonly<Record<string, string | number | boolean | null>>): Partial<JobSettings> {
  const entries = Object.entries(run).map(([name, value]) => [
    jobNames[name] ?? fail(`job: unknown setting ${name}; known are ${Object.keys(jobNames).join(', ')}`),
    value,
  ]);
  return Object.fromEntries(entries) as Partial<JobSettings>;
}

/** PyTorch's switches, by their names in a report. */
const jobNames: Readonly<Record<string, keyof JobSettings>> = {
  dtype: 'dtype',
  autocast: 'autocast',
  allow_tf32: 'allowTf32',
  channels_last: 'channelsLast',
  compile: 'compile',
  benchmark: 'benchmark',
  deterministic: 'deterministic',
};

export interface Job {
  /** The model's class, `'SimpleCNN'`. */
  readonly model: string;
  /** The self-contained PyTorch program. */
  readonly program: string;
  /** Weights and inputs, safetensors. */
  readonly tensors: Uint8Array;
}

/** What the job's program says that it ran: SHA-256 of its own bytes and then the tensors', in hex. */
export async function jobDigest({ program, tensors }: Pick<Job, 'program' | 'tensors'>): Promise<string> {
  return sha256Of(new Uint8Array(await new Blob([program, tensors as Uint8Array<ArrayBuffer>]).arrayBuffer()));
}

/** The files of a job's folder. */
export const jobFiles = {
  program: 'job.py',
  tensors: 'job.safetensors',
  report: 'report.json',
  results: 'results.safetensors',
} as const;

/** Prefixes of the names in the two safetensors files. */
export const tensorNames = {
  state: (key: string): string => `state.${key}`,
  input: (name: string): string => `input.${name}`,
  target: (name: string): string => `target.${name}`,
  activation: (layer: string): string => `activation.${layer}`,
  gradient: (parameter: string): string => `grad.${parameter}`,
  inputGradient: (name: string): string => `input_grad.${name}`,
};
