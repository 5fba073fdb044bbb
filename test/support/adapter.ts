/**
 * @file The adapter that tests run on: a software one wherever there is one, so that a test means the same on every
 * machine.
 */
import { listAdapters, openAdapter } from '../../src/machine/adapters.ts';

/** The fastest software adapter, or the machine's own GPU where it has none (macOS, Windows). */
export async function openTestAdapter(): Promise<{ gpu: GPU; name: string }> {
  const adapters = await listAdapters();
  return openAdapter(adapters.find((adapter) => adapter.software)?.name);
}
