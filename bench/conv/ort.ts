/**
 * @file ONNX Runtime Web in the race, on its WebGPU provider, in either layout; input and output stay on the device.
 */
import * as ort from 'onnxruntime-web/webgpu';
import type { Contender } from './contender.ts';
import { convModel } from './onnx-model.ts';

export const onnxRuntime = (layout: 'NCHW' | 'NHWC'): Contender => ({
  name: `ONNX Runtime Web ${ort.env.versions.web} ${layout}`,
  prepare: async (shape, xData, wData) => {
    ort.env.wasm.numThreads = 1;
    const session = await ort.InferenceSession.create(convModel(shape, wData), {
      executionProviders: [{ name: 'webgpu', preferredLayout: layout }],
      preferredOutputLocation: 'gpu-buffer',
    });
    const device = (await ort.env.webgpu.device) as GPUDevice;
    const gpuBuffer = device.createBuffer({
      size: Math.ceil(xData.byteLength / 16) * 16,
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC,
    });
    device.queue.writeBuffer(gpuBuffer, 0, xData as Float32Array<ArrayBuffer>);
    const x = ort.Tensor.fromGpuBuffer(gpuBuffer, { dataType: 'float32', dims: [...shape.x] });
    let last: Awaited<ReturnType<typeof session.run>>[string] | undefined;
    return {
      run: async () => {
        last?.dispose();
        last = (await session.run({ x })).y;
      },
      sync: () => device.queue.onSubmittedWorkDone(),
      output: async () => (await last!.getData()) as Float32Array,
      dispose: () => {
        last?.dispose();
        gpuBuffer.destroy();
        void session.release();
      },
    };
  },
});
