/**
 * @file Errors: lower case, cause first, then the values, then the remedy.
 *
 * There is one plain `Error` for everything that a caller only prints, and a class only for what code catches.
 */
import { plainText } from './text.ts';

/** Throws an `Error` with the given message; an expression, so it fits after `??` and in a ternary. */
export function fail(message: string): never {
  throw new Error(message);
}

/** The GPU, its driver or WGSL refused; carries the place in the shader file where one is known. */
export class GpuError extends Error {
  override readonly name = 'GpuError';
}

/** The device has no room for a buffer; what was in use and what is kept for reuse is told with it. */
export class OutOfMemoryError extends Error {
  override readonly name = 'OutOfMemoryError';
}

/** An algorithm that was asked for by name cannot run; `reason` says why, in one line. */
export class NotSupportedError extends Error {
  override readonly name = 'NotSupportedError';
  readonly reason: string;
  constructor(what: string, reason: string) {
    super(`${what}: ${reason}`);
    this.reason = reason;
  }
}

/** The device went away (driver reset, tab discarded, `destroy`); the engine starts a new one. */
export class DeviceLostError extends Error {
  override readonly name = 'DeviceLostError';
}

/** The message of anything that was thrown, as plain text: it may quote a remote or a file. */
export function messageOf(error: unknown): string {
  return plainText(error instanceof Error ? error.message : String(error));
}
