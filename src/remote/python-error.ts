/**
 * @file What a Python exception on the remote means for the visitor.
 */
import { RemoteError } from './transport.ts';

/** The error that an exception means; `traceback` is for whoever wants to see more. */
export function pythonError(name: string, value: string, traceback: string): RemoteError {
  const detail = { detail: traceback };
  const short = value.length > 500 ? `${value.slice(0, 500)}…` : value;
  if (name === 'ModuleNotFoundError' && /'torch'/.test(value)) {
    return new RemoteError(
      'no torch',
      'remote: this Python has no PyTorch; install it there, or choose another Python',
      detail,
    );
  }
  if (
    name.endsWith('OutOfMemoryError') ||
    name === 'MemoryError' ||
    /out of memory|can't allocate memory/i.test(value)
  ) {
    return new RemoteError('out of memory', `remote: out of memory: ${short}; use a smaller batch`, detail);
  }
  return new RemoteError('python exception', `remote: the program raised ${name}: ${short}`, detail);
}

/** The error of a program that ended with a status other than 0, from what it wrote to stderr. */
export function programError(status: number, stderr: string): RemoteError {
  const lines = stderr.trimEnd().split('\n');
  const start = lines.findLastIndex((line) =>
    /^[A-Za-z_][\w.]*(Error|Exception|Interrupt|Exit|Warning|Iteration)\b/.test(line),
  );
  if (start < 0)
    return new RemoteError('python exception', `remote: the program ended with status ${status}`, { detail: stderr });
  const [, name, value = ''] = /^([\w.]+)(?:: ?([^]*))?$/.exec(lines.slice(start).join('\n'))!;
  return pythonError(name, value, stderr);
}
