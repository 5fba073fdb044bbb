/**
 * @file The root's type check knows the benches' libraries by name alone: they are installed by the bench that needs
 * them. `npx tsc -p bench` checks against their own types.
 */
declare module '@jax-js/jax';
declare module '@tensorflow/tfjs-backend-webgpu';
declare module '@tensorflow/tfjs-core';
declare module 'onnxruntime-web/webgpu';
