/**
 * @file The remote job: one PyTorch program, one safetensors file, and the settings that the program was written for.
 *
 * A job is a folder of two files. Whoever runs `python job.py` in it finds `report.json` and `results.safetensors` beside
 * them; that is all a transport does.
 */
import { sha256Of } from '../base/checksum.ts';
import type { HostTensor } from '../base/safetensors.ts';

/** What the program does beyond one forward pass. All are PyTorch's own switches, printed into the program. */
export interface JobSettings {
  /** The dtype that weights and inputs of floating point are converted to. */
  readonly dtype: 'float32' | 'float16' | 'bfloat16' | 'float64';
  /** Runs the forward pass under `torch.autocast` with this dtype. */
  readonly autocast: 'float16' | 'bfloat16' | null;
  /** Both TF32 switches, cuDNN's and the matmul's. PyTorch's default for cuDNN is true; a fair comparison wants false. */
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
  /** Brings each layer's output back. */
  readonly activations: boolean;
  /** Lists the GPU's kernels of one run. */
  readonly kernels: boolean;
  /** Asks cuDNN for its table of algorithms of each convolution: every one with its time and workspace. */
  readonly findAlgorithms: boolean;
  readonly training: Training | null;
}

/** Steps of training on the one batch of the job's inputs. */
export interface Training {
  readonly steps: number;
  /** PyTorch's class of that name, of the model's first output and the target. */
  readonly loss: 'MSELoss' | 'CrossEntropyLoss' | 'L1Loss' | 'NLLLoss';
  /** The class of torch.optim, and its keyword arguments. */
  readonly optimizer: 'SGD' | 'Adam' | 'AdamW' | 'RMSprop';
  readonly options: Readonly<Record<string, number | boolean>>;
  readonly target: HostTensor;
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
  activations: false,
  kernels: true,
  findAlgorithms: false,
  training: null,
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
  target: 'target',
  activation: (layer: string): string => `activation.${layer}`,
  gradient: (parameter: string): string => `grad.${parameter}`,
};
