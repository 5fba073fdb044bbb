/**
 * @file On what the page computes, and the facts about it.
 */
import type { AdapterInfo } from '../../base/adapter-info.ts';
import { formatBytes } from '../../base/format.ts';
import { engineInfo } from '../state.ts';
import { Dropdown } from './dropdown.tsx';

export function Device() {
  const info = engineInfo.value;
  if (!info) return <span class="badge">looking for a GPU…</span>;
  const { adapter } = info;
  if (!adapter) return <span class="badge caution">cpu reference</span>;
  return (
    <Dropdown
      class="device"
      badge={adapter.software ? 'badge caution' : 'badge good'}
      title={
        <>
          {info.device === 'webgpu' ? 'WebGPU' : 'cpu reference'}: {adapter.description}
          {adapter.software && ', software adapter'}
        </>
      }
    >
      <AdapterFacts adapter={adapter} />
    </Dropdown>
  );
}

function AdapterFacts({ adapter }: { adapter: AdapterInfo }) {
  const { timer, limits } = adapter;
  const clock =
    timer.kind === 'timestamp-query' ? 'timestamp queries on the GPU' : 'wall clock from submission to completion';
  return (
    <div class="facts" role="group" aria-label="Facts about the adapter" tabIndex={0}>
      {adapter.software && (
        <p>A software adapter computes on the CPU. Its results are correct; its times say nothing about a GPU.</p>
      )}
      <dl>
        <dt>Vendor</dt>
        <dd>{[adapter.vendor, adapter.architecture].filter(Boolean).join(', ') || 'not disclosed by the browser'}</dd>
        <dt>Kernels are timed by</dt>
        <dd>
          {clock}, in steps of {timer.quantumNs.toLocaleString('en')} ns
        </dd>
        {Object.entries(limits).map(([name, value]) => (
          <>
            <dt>{words(name)}</dt>
            <dd>{/size/i.test(name) ? formatBytes(value) : value.toLocaleString('en')}</dd>
          </>
        ))}
        <dt>Features</dt>
        <dd>{adapter.features.join(', ') || 'none'}</dd>
      </dl>
    </div>
  );
}

/** `'maxBufferSize'` → `'Max buffer size'`. */
const words = (name: string): string =>
  name.charAt(0).toUpperCase() + name.slice(1).replaceAll(/[A-Z]/g, (c) => ` ${c.toLowerCase()}`);
