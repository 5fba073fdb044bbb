/**
 * @file torch.profiler: where a program's time goes, by operation, kernel and layer.
 */
import { recordingThrough } from '../graph/recording.ts';
import { Profile } from './profiler/profile.ts';
import { fn, p } from './signature.ts';

export { KeyAverages } from './profiler/key-averages.ts';
export type { KeyAverage } from './profiler/key-averages.ts';
export { Profile };

/**
 * A profile to be taken: `await prof.run(async () => …)`, or from `await prof.start()` to `await prof.stop()`. With
 * `withFlops` it also tells floating-point operations and what share of the adapter's measured rates each row reaches.
 * `recordShapes` lets averages be told apart by shapes.
 */
export const profile = fn(
  'torch.profiler.profile',
  [
    '*',
    p.refused('activities', null, 'leave it out; the device is profiled, and operations on the cpu'),
    p.refused('schedule', null, 'call start() and stop() around the steps that count'),
    p.refused('onTraceReady', null, 'await stop(), then ask'),
    p.flag('recordShapes', false),
    p.refused('profileMemory', false, 'torch.webgpu.memorySummary() tells it'),
    p.refused('withStack', false, 'name ranges by torch.profiler.recordFunction'),
    p.flag('withFlops', false),
    p.refused('withModules', false, "leave it out; keyAverages({ by: 'layer' }) tells of modules"),
    p.refused('experimentalConfig', null, 'leave it out'),
    p.refused('executionTraceObserver', null, 'leave it out'),
    p.refused('accEvents', false, 'leave it out; a profile has all of its events'),
    p.refused('useCuda', null, 'leave it out'),
  ],
  (_activities, _schedule, _onTraceReady, recordShapes, _profileMemory, _withStack, withFlops): Profile =>
    new Profile({ recordShapes, withFlops }),
);

/** Runs `body` under a name: profiles by layer show what it records beside modules as that. */
export const recordFunction = fn('ours.record_function', [p.text('name'), p.callback('body')], (name, body): unknown =>
  recordingThrough('recordFunction', { part: { range: name } }, body),
) as unknown as <T>(name: string, body: () => T) => T;
