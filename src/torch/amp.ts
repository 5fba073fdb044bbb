/**
 * @file torch.amp: a lower precision where it is safe, and losses scaled so that small gradients do not vanish in it.
 */
import type { DType } from '../base/dtype.ts';
import { fail } from '../base/errors.ts';
import { isPlain, shown } from '../base/options.ts';
import { recordingNow, recordingThrough } from '../graph/recording.ts';
import { keepCasts } from './autocast.ts';
import type { DeviceType } from './device.ts';
import { fn, p } from './signature.ts';
import { noteSwitch } from './trace.ts';

export { GradScaler } from './amp/grad-scaler.ts';

/** What `torch.autocast` takes in PyTorch, by the names here. */
export interface AutocastOptions {
  readonly deviceType: DeviceType;
  /** float16 on the GPU and bfloat16 on the cpu, unless given. */
  readonly dtype?: DType | null;
  readonly enabled?: boolean;
  /** Whether a weight is cast once, however often it is read. */
  readonly cacheEnabled?: boolean | null;
}

const lowerOf: Readonly<Record<DeviceType, DType>> = { webgpu: 'float16', cpu: 'bfloat16' };
const known: readonly (keyof AutocastOptions)[] = ['deviceType', 'dtype', 'enabled', 'cacheEnabled'];

const where = p.kind<DeviceType | AutocastOptions>(
  'a device, or options with one',
  "'webgpu', 'cpu', or { deviceType: 'webgpu', dtype: 'bfloat16' }",
  (v) => typeof v === 'string' || isPlain(v),
  { plain: true },
)('deviceType');

function checkedOptions(given: DeviceType | AutocastOptions): Required<AutocastOptions> & { readonly dtype: DType } {
  const options = typeof given === 'string' ? { deviceType: given } : given;
  const unknown = Object.keys(options).find((name) => !known.includes(name as keyof AutocastOptions));
  if (unknown !== undefined) fail(`autocast: unknown option ${unknown}; known are ${known.join(', ')}`);
  const { deviceType, enabled = true, cacheEnabled } = options;
  if (!Object.hasOwn(lowerOf, deviceType))
    fail(`autocast: deviceType is ${shown(deviceType)}, not a device; give 'webgpu', which is the GPU here, or 'cpu'`);
  for (const [name, value] of Object.entries({ enabled, cacheEnabled: cacheEnabled ?? true }))
    if (typeof value !== 'boolean') fail(`autocast: ${name} is ${shown(value)}, not a boolean; give true or false`);
  const dtype = options.dtype ?? lowerOf[deviceType];
  if (dtype !== 'float16' && dtype !== 'bfloat16')
    fail(`autocast: ${shown(dtype)} is no lower precision; give 'float16' or 'bfloat16', or { enabled: false }`);
  return { deviceType, dtype, enabled, cacheEnabled: cacheEnabled ?? true };
}

type Within = <T>(options: DeviceType | AutocastOptions, body: () => T) => T;

/**
 * Runs `body` with the operands of each function in the precision that PyTorch's table gives it: products and
 * convolutions in `dtype`, sums, exponentials and losses in float32. PyTorch writes `with torch.autocast('cuda'):`.
 */
export const autocast = fn('ours.autocast', [where, p.callback('body')], (options, body): unknown => {
  const { deviceType, dtype, enabled, cacheEnabled } = checkedOptions(options);
  const { autocast: around, scope } = recordingNow();
  const inside = enabled ? { device: deviceType, dtype } : undefined;
  if (inside && cacheEnabled) keepCasts(inside, around);
  if (scope) noteSwitch(scope);
  // In PyTorch autocast for another device stays on beside it; here a program computes on one, and the innermost
  // counts.
  return recordingThrough('autocast', { autocast: inside }, body);
}) as unknown as Within;
