/**
 * @file What must be done before the bench ends, whatever ends it: the last line, an error, Control-C, or a signal.
 */
import { constants } from 'node:os';

const actions = new Set<() => void>();

/** Has `action` run when the bench ends; what comes back takes that back. */
export function atEnd(action: () => void): () => void {
  if (actions.size === 0) listen();
  actions.add(action);
  return () => {
    actions.delete(action);
    if (actions.size === 0) ignore();
  };
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

function listen(): void {
  process.on('exit', runAll);
  for (const signal of signals) process.on(signal, exit);
}

function ignore(): void {
  process.off('exit', runAll);
  for (const signal of signals) process.off(signal, exit);
}

function runAll(): void {
  for (const action of actions) action();
}

/** Exits as shells tell of a signal. */
function exit(signal: NodeJS.Signals): void {
  process.exit(128 + constants.signals[signal]);
}
