/**
 * @file On what the page computes, and the facts about it.
 */
import type { AdapterInfo } from '../../base/adapter-info.ts';
import { formatBytes } from '../../base/format.ts';
import { say } from '../language.ts';
import { engineInfo } from '../state.ts';
import { Dropdown } from './dropdown.tsx';

export function Device() {
  const info = engineInfo.value;
  if (!info) return <span class="badge">{say({ en: 'looking for a GPU…', zh: '正在查找 GPU…' })}</span>;
  const { adapter } = info;
  if (!adapter) return <span class="badge caution">{say({ en: 'cpu reference', zh: 'CPU 参考实现' })}</span>;
  return (
    <Dropdown
      class="device"
      badge={adapter.software ? 'badge caution' : 'badge good'}
      title={
        <>
          {info.device === 'webgpu' ? 'WebGPU' : say({ en: 'cpu reference', zh: 'CPU 参考实现' })}:{' '}
          {adapter.description}
          {adapter.software && say({ en: ', software adapter', zh: '（软件适配器）' })}
        </>
      }
    >
      <AdapterFacts adapter={adapter} />
    </Dropdown>
  );
}

function AdapterFacts({ adapter }: { adapter: AdapterInfo }) {
  const { timer, limits } = adapter;
  const step = timer.quantumNs.toLocaleString('en');
  const clock =
    timer.kind === 'timestamp-query'
      ? say({ en: 'timestamp queries on the GPU', zh: 'GPU 时间戳查询' })
      : say({ en: 'wall clock from submission to completion', zh: '从提交到完成的挂钟时间' });
  return (
    <div class="facts" role="group" aria-label={say({ en: 'Facts about the adapter', zh: '适配器信息' })} tabIndex={0}>
      {adapter.software && (
        <p>
          {say({
            en: 'A software adapter computes on the CPU. Its results are correct; its times say nothing about a GPU.',
            zh: '软件适配器在 CPU 上计算：结果正确，耗时不代表 GPU。',
          })}
        </p>
      )}
      <dl>
        <dt>{say({ en: 'Vendor', zh: '厂商' })}</dt>
        <dd>
          {[adapter.vendor, adapter.architecture].filter(Boolean).join(', ') ||
            say({ en: 'not disclosed by the browser', zh: '浏览器未透露' })}
        </dd>
        <dt>{say({ en: 'Kernels are timed by', zh: '内核计时方式' })}</dt>
        <dd>{say({ en: `${clock}, in steps of ${step} ns`, zh: `${clock}，最小刻度 ${step} ns` })}</dd>
        {Object.entries(limits).map(([name, value]) => (
          <>
            <dt lang="en">{words(name)}</dt>
            <dd>{/size/i.test(name) ? formatBytes(value) : value.toLocaleString('en')}</dd>
          </>
        ))}
        <dt>{say({ en: 'Features', zh: '特性' })}</dt>
        <dd>{adapter.features.join(', ') || say({ en: 'none', zh: '无' })}</dd>
      </dl>
    </div>
  );
}

/** `'maxBufferSize'` → `'Max buffer size'`. */
const words = (name: string): string =>
  name.charAt(0).toUpperCase() + name.slice(1).replaceAll(/[A-Z]/g, (c) => ` ${c.toLowerCase()}`);
