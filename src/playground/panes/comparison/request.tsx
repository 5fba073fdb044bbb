/**
 * @file What the next comparison is asked for: the remote's arithmetic, gradients, the program's training.
 */
import type { Words } from '../../../base/words.ts';
import { alike } from '../../../base/words.ts';
import { arithmetics } from '../../../compare/arithmetics.ts';
import { RemoteName } from '../../panels/remote-name.tsx';
import { arithmetic, gradients, optimizer, training, trainingSteps } from '../../comparison-request.ts';
import { say } from '../../language.ts';

const arithmeticNames: Readonly<Record<string, Words>> = {
  tf32: {
    en: "TF32 where it has it, PyTorch's default for convolutions",
    zh: '有 TF32 就用 TF32（PyTorch 卷积的默认值）',
  },
  bfloat16: { en: 'bfloat16, by autocast', zh: 'bfloat16（自动混合精度）' },
  float16: { en: 'float16, by autocast', zh: 'float16（自动混合精度）' },
};

export function RequestControls() {
  return (
    <fieldset class="asked">
      <legend>{say({ en: 'The next comparison', zh: '下一次对比' })}</legend>
      <RemoteName />
      <label>
        {say({ en: 'PyTorch computes in', zh: 'PyTorch 的计算精度' })}
        <select value={arithmetic.value} onChange={(e) => (arithmetic.value = e.currentTarget.value)}>
          {Object.entries(arithmetics).map(([id, { name }]) => (
            <option key={id} value={id}>
              {say(arithmeticNames[id] ?? alike(name))}
            </option>
          ))}
        </select>
      </label>
      <label>
        <input
          type="checkbox"
          checked={gradients.value}
          onChange={(e) => (gradients.value = e.currentTarget.checked)}
        />
        {say({ en: 'Gradients', zh: '梯度' })}
      </label>
      {optimizer.value !== undefined && (
        <label>
          <input
            type="checkbox"
            checked={training.value}
            onChange={(e) => (training.value = e.currentTarget.checked)}
          />
          {say({
            en: `Training: ${trainingSteps} steps of ${optimizer.value}`,
            zh: `训练：${optimizer.value} ${trainingSteps} 步`,
          })}
        </label>
      )}
    </fieldset>
  );
}
