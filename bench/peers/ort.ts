/**
 * @file ONNX Runtime Web on its WebGPU provider; input and output stay on the device.
 */
import * as ort from 'onnxruntime-web/webgpu';
import type { PreparedCall } from '../prepared-call.ts';

/** A model of one input, `x`, and one output. */
export async function prepareModel(
  model: Uint8Array,
  x: { readonly data: Float32Array<ArrayBuffer>; readonly dims: readonly number[] },
  options?: { readonly preferredLayout: 'NCHW' | 'NHWC' },
): Promise<PreparedCall> {
  ort.env.wasm.numThreads = 1;
  const session = await ort.InferenceSession.create(model, {
    executionProviders: [{ name: 'webgpu', ...options }],
    preferredOutputLocation: 'gpu-buffer',
  });
  const device = (await ort.env.webgpu.device) as GPUDevice;
  const buffer = device.createBuffer({
    size: Math.ceil(x.data.byteLength / 16) * 16,
    usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC,
  });
  device.queue.writeBuffer(buffer, 0, x.data);
  const input = ort.Tensor.fromGpuBuffer(buffer, { dataType: 'float32', dims: [...x.dims] });
  const [output] = session.outputNames;
  let last: Awaited<ReturnType<typeof session.run>>[string] | undefined;
  return {
    call: async () => {
      last?.dispose();
      last = (await session.run({ x: input }))[output];
    },
    sync: () => device.queue.onSubmittedWorkDone(),
    output: async () => (await last!.getData()) as Float32Array,
    dispose: () => {
      last?.dispose();
      buffer.destroy();
      void session.release();
    },
  };
}
