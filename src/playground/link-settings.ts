/**
 * @file What a link forces and fixes, as text. A stranger may have written it.
 */
import { messageOf, fail } from '../base/errors.ts';
import { list, object, text as textForm } from '../base/form.ts';
import type { ForcedCandidate } from '../dnn/choice/records.ts';
import { directionForm, operationForm } from '../session/forms.ts';
import { say } from './language.ts';
import { readPacked } from './packed.ts';
import type { FixedSettings } from './settings.ts';

const name = textForm(1000);
const forced = list(
  object<ForcedCandidate>({
    operation: operationForm,
    direction: directionForm,
    descriptor: name,
    algo: name,
    candidateId: name,
  }),
  200,
);

export function readForced(text: string): readonly ForcedCandidate[] {
  try {
    return forced(readPacked(text, say({ en: 'forced algorithms', zh: '强制使用的算法' }), 100_000), 'force');
  } catch (error) {
    fail(
      say({
        en: `link: what it forces cannot be read: ${messageOf(error)}`,
        zh: `链接：无法读取其中强制使用的算法：${messageOf(error)}`,
      }),
    );
  }
}

/** `'benchmark:on,deterministic:off,workspaceLimit:4096,seed:7'`. */
export const writeFixed = (fixed: FixedSettings): string =>
  Object.entries(fixed)
    .map(([name, value]) => `${name}:${value === true ? 'on' : value === false ? 'off' : String(value)}`)
    .join(',');

const flags = ['benchmark', 'benchmarkInBackground', 'deterministic'] as const;
const isFlag = (name: string): name is (typeof flags)[number] => (flags as readonly string[]).includes(name);

export function readFixed(text: string): FixedSettings {
  const fixed: { -readonly [Name in keyof FixedSettings]: FixedSettings[Name] } = {};
  for (const part of text.split(',').filter(Boolean)) {
    const [name, value = ''] = part.split(':');
    if (isFlag(name) && (value === 'on' || value === 'off')) fixed[name] = value === 'on';
    else if (part === 'compile:off') fixed.compile = false;
    else if ((name === 'workspaceLimit' || name === 'seed') && /^\d{1,15}$/.test(value)) fixed[name] = Number(value);
    else
      fail(
        say({
          en: `link: '${part.slice(0, 50)}' fixes nothing; write benchmark:on, benchmarkInBackground:on, deterministic:off, compile:off, workspaceLimit:BYTES or seed:NUMBER`,
          zh: `链接：“${part.slice(0, 50)}”没有固定任何设置；请写 benchmark:on、benchmarkInBackground:on、deterministic:off、compile:off、workspaceLimit:BYTES 或 seed:NUMBER`,
        }),
      );
  }
  return fixed;
}
