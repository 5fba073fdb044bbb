/**
 * @file When each kernel of a program ran: by timestamps of passes with one kernel each, else as the host sees the
 * queue.
 */
import type { Span } from './pass-times.ts';
import { PassTimes } from './pass-times.ts';
import type { DeviceBuffer } from './pool.ts';
import type { Program } from './program.ts';
import { QueueTimes } from './queue-times.ts';

export interface KernelTimes {
  /** Encodes a program's kernels apart from each other; work before and after it keeps its place. */
  encode(encoder: GPUCommandEncoder, program: Program, buffers: readonly DeviceBuffer[]): void;
  /**
   * When every kernel that was encoded ran, in that order, once all are done, on the host's clock: the first one begins
   * when it is encoded.
   */
  end(): Promise<Span[]>;
  destroy(): void;
}

export const kernelTimes = (device: GPUDevice): KernelTimes =>
  device.features.has('timestamp-query') ? byPasses(device) : bySubmissions(device);

function byPasses(device: GPUDevice): KernelTimes {
  const times = new PassTimes(device);
  let began: number | undefined;
  return {
    encode(encoder, program, buffers) {
      began ??= performance.now();
      program.steps.forEach((_, i) => encodeOne(encoder, program, i, buffers, times.next()));
    },
    async end() {
      const spans = await times.end();
      return spans.map(({ start, end }) => ({ start: start + began!, end: end + began! }));
    },
    destroy: () => times.destroy(),
  };
}

function bySubmissions(device: GPUDevice): KernelTimes {
  const times = new QueueTimes(() => device.queue.onSubmittedWorkDone());
  return {
    encode(_, program, buffers) {
      program.steps.forEach((_step, i) => {
        const encoder = device.createCommandEncoder({ label: 'a timed kernel' });
        encodeOne(encoder, program, i, buffers);
        device.queue.submit([encoder.finish()]);
        times.submitted();
      });
    },
    end: () => times.end(),
    destroy: () => {},
  };
}

function encodeOne(
  encoder: GPUCommandEncoder,
  program: Program,
  index: number,
  buffers: readonly DeviceBuffer[],
  descriptor?: GPUComputePassDescriptor,
): void {
  const pass = encoder.beginComputePass(descriptor);
  program.encodeOne(pass, index, buffers);
  pass.end();
}
