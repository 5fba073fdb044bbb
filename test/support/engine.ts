/**
 * @file The engine on a software adapter, for tests that run programs rather than kernels.
 */
import { readShaders } from '../../src/cli/shaders.ts';
import { engine } from '../../src/compile/engine.ts';
import { context } from '../../src/dnn/choice/context.ts';
import { keyOfRates } from '../../src/dnn/model/rates.ts';
import { provideShaders } from '../../src/gpu/linker.ts';
import { openTestAdapter } from './adapter.ts';
import { lavapipe } from './rates.ts';

/**
 * Starts the engine on the fastest software adapter. Its rates are known, so that what the model chooses is the same in
 * every run, however busy the machine is.
 */
export async function startTestEngine(): Promise<void> {
  provideShaders(readShaders());
  const { gpu } = await openTestAdapter();
  await engine.start(gpu);
  await context.cache.recordRates(keyOfRates(engine.device!), lavapipe);
}

/** What the log says of convolutions: direction, algorithm, and where the choice came from. */
export const loggedConvolutions = (): string[] =>
  engine
    .takeChoices()
    .filter(({ operation }) => operation === 'conv2d')
    .map(({ direction, chosen, source }) => `${direction} ${chosen} ${source}`);
