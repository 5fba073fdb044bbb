/**
 * @file The connection doctor: the way to a remote in stages, each with a mark, a plain message and, where it fails,
 * the one command that mends it. The first failure ends the examination; what comes after it is not known.
 */
import { messageOf } from '../../base/errors.ts';
import { plainText } from '../../base/text.ts';
import { RemoteError } from '../transport.ts';
import type { RemoteFacts } from './facts.ts';
import { cudnnVersion, judgeVersions } from './versions.ts';

export type StageState = 'ok' | 'warning' | 'failed' | 'not reached';

export interface StageResult {
  readonly name: string;
  readonly state: StageState;
  readonly message: string;
  /** The command or the step that mends it. */
  readonly remedy?: string;
}

export interface Stage<Context> {
  readonly name: string;
  /** What was found; throws where it fails. */
  readonly examine: (context: Context) => Promise<Finding>;
  /** What mends a failure that says nothing about it itself. */
  readonly remedy?: string;
}

export interface Finding {
  readonly state?: 'ok' | 'warning';
  readonly message: string;
  readonly remedy?: string;
}

/** A failure with its remedy. */
export class StageFailure extends Error {
  override readonly name = 'StageFailure';
  readonly remedy: string | undefined;
  constructor(message: string, remedy?: string) {
    super(message);
    this.remedy = remedy;
  }
}

/** Examines stage by stage; `onStage` hears each as it ends. Never rejects. */
export async function examineStages<Context>(
  stages: readonly Stage<Context>[],
  context: Context,
  onStage: (result: StageResult) => void = () => {},
): Promise<StageResult[]> {
  const results: StageResult[] = [];
  let failed = false;
  for (const stage of stages) {
    const result: StageResult = failed
      ? { name: stage.name, state: 'not reached', message: '' }
      : await examineOne(stage, context);
    failed ||= result.state === 'failed';
    results.push(result);
    onStage(result);
  }
  return results;
}

async function examineOne<Context>({ name, examine, remedy }: Stage<Context>, context: Context): Promise<StageResult> {
  try {
    const found = await examine(context);
    return {
      name,
      state: found.state ?? 'ok',
      message: plainText(found.message),
      ...(found.remedy !== undefined && { remedy: found.remedy }),
    };
  } catch (error) {
    const mend = error instanceof StageFailure ? (error.remedy ?? remedy) : remedy;
    const message = messageOf(
      error instanceof RemoteError && error.kind === 'bad results' && error.cause instanceof Error
        ? error.cause
        : error,
    );
    return { name, state: 'failed', message: plainText(message), ...(mend !== undefined && { remedy: mend }) };
  }
}

/** What the stages about PyTorch look at: the facts, once they are there. */
export interface FactsContext {
  facts: RemoteFacts | undefined;
}

const factsOf = ({ facts }: FactsContext): RemoteFacts => {
  if (!facts) throw new StageFailure('the remote has not answered yet');
  return facts;
};

const GiB = 2 ** 30;
/** DataLoader's workers pass batches through /dev/shm; Docker gives a container 64 MiB of it. */
const enoughSharedMemory = GiB;

/** The stages from PyTorch on; they are the same however the remote is reached. */
export const torchStages: readonly Stage<FactsContext>[] = [
  {
    name: 'torch',
    examine: async (context) => {
      const { torch, torch_error, python, executable } = factsOf(context);
      if (!torch)
        throw new StageFailure(
          `python ${python} at ${executable} cannot import torch: ${torch_error}`,
          `${executable || 'python3'} -m pip install torch`,
        );
      return { message: `PyTorch ${torch.version} on python ${python}` };
    },
  },
  {
    name: 'CUDA',
    examine: async (context) => {
      const { devices, torch, driver } = factsOf(context);
      if (devices.length > 0)
        return {
          message: devices
            .map((d) => `${d.name}, compute capability ${d.capability}, ${(d.memory_bytes / GiB).toFixed(0)} GiB`)
            .join('; '),
        };
      const why = torch?.cuda
        ? `PyTorch is built for CUDA ${torch.cuda}, but finds no GPU; jobs run on the CPU`
        : 'PyTorch is a CPU build; jobs run on the CPU';
      return {
        state: 'warning',
        message: driver ? `${why}; the driver is ${driver}` : `${why}; no NVIDIA driver is visible`,
        remedy: 'docker run --gpus all …',
      };
    },
  },
  {
    name: 'cuDNN',
    examine: async (context) => {
      const { torch } = factsOf(context);
      if (torch?.cudnn) return { message: `cuDNN ${cudnnVersion(torch.cudnn)}` };
      return { state: 'warning', message: torch?.cuda ? 'PyTorch finds no cuDNN' : 'a CPU build has no cuDNN' };
    },
  },
  {
    name: 'versions',
    examine: async (context) => {
      const { fits, message, remedy } = judgeVersions(factsOf(context));
      if (!fits) throw new StageFailure(message, remedy);
      return { message };
    },
  },
  {
    name: 'distributed',
    examine: async (context) => {
      const { torch, devices } = factsOf(context);
      if (torch?.nccl) return { message: `NCCL ${torch.nccl}` };
      if (devices.length > 1) return { state: 'warning', message: 'there are several GPUs, but no NCCL' };
      return torch?.gloo
        ? { message: 'gloo, for processes on the CPU' }
        : { state: 'warning', message: 'this build has no torch.distributed' };
    },
  },
  {
    name: 'shared memory',
    examine: async (context) => {
      const bytes = factsOf(context).shared_memory_bytes;
      if (bytes === null) return { message: 'no /dev/shm here' };
      const message = `${(bytes / 2 ** 20).toFixed(0)} MiB in /dev/shm`;
      return bytes >= enoughSharedMemory
        ? { message }
        : {
            state: 'warning',
            message: `${message}: too small for DataLoader's workers`,
            remedy: 'docker run --shm-size=8g …',
          };
    },
  },
];
