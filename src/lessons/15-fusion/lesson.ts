/**
 * @file Fusing convolution and ReLU makes one kernel of two: the tensor between them is neither written nor read.
 */
import { formatBytes, formatPercent } from '../../base/format.ts';
import { numbersOf, time } from '../evidence.ts';
import type { Evidence, Finding, Lesson } from '../lesson.ts';
import { cannot, fails, holds } from '../lesson.ts';

function check(evidence: Evidence): Finding {
  const [eagerKernels, fusedKernels] = numbersOf(evidence, 'kernels', 2);
  const [eagerBytes, fusedBytes] = numbersOf(evidence, 'bytes', 2);
  const [eagerMs, fusedMs] = numbersOf(evidence, 'ms', 2);
  const [activation] = numbersOf(evidence, 'activation');
  if (fusedKernels === eagerKernels && fusedBytes === eagerBytes)
    return cannot({
      en: 'Both ways ran the same kernels: torch.compile is switched off. Leave it to the program, and run again.',
      zh: '两种方式运行了同样的内核：torch.compile 被关闭了。请交还给程序后再运行。',
    });
  const saved = eagerBytes - fusedBytes;
  if (!(fusedKernels < eagerKernels && saved >= activation))
    return fails('computed', {
      en: `Compiled code ran ${fusedKernels} kernels instead of ${eagerKernels} and moves ${formatBytes(Math.max(saved, 0))} less; at least ${formatBytes(activation)} were expected.`,
      zh: `编译后运行 ${fusedKernels} 个内核（原为 ${eagerKernels} 个），少搬运 ${formatBytes(Math.max(saved, 0))}；预期至少 ${formatBytes(activation)}。`,
    });
  const gain = 1 - fusedMs / eagerMs;
  return holds(
    'computed',
    {
      en: `${fusedKernels} kernel instead of ${eagerKernels}; ${formatBytes(saved)} of ${formatBytes(eagerBytes)} are moved no longer: the activation, ${formatBytes(activation)}, is not written and read in between. Measured, fastest of seven: ${time(fusedMs)} instead of ${time(eagerMs)}${gain > 0.1 ? `, ${formatPercent(gain)} less` : gain < -0.1 ? ', which is more: the fused kernel is slower here' : ', which is not told apart here'}. The article says about 30%.`,
      zh: `内核从 ${eagerKernels} 个变为 ${fusedKernels} 个；${formatBytes(eagerBytes)} 中有 ${formatBytes(saved)} 不再搬运：${formatBytes(activation)} 的激活值不必先写出再读回。实测（七次取最快）：从 ${time(eagerMs)} 变为 ${time(fusedMs)}${gain > 0.1 ? `，减少 ${formatPercent(gain)}` : gain < -0.1 ? '，反而更慢：融合后的内核在本机较慢' : '，在本机分不出快慢'}。文章的说法是约 30%。`,
    },
    1,
  );
}

export const lesson: Lesson = { panes: ['graph', 'console'], check };
