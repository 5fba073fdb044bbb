/**
 * @file Models recorded by hand, below the torch layer: what the printer and the transports are tried on.
 */
import { Generator, uniform } from '../../src/base/random.ts';
import type { Shape } from '../../src/base/shape.ts';
import { sizeOf } from '../../src/base/shape.ts';
import * as e from '../../src/graph/expr.ts';
import { conv2d } from '../../src/graph/ops/conv2d.ts';
import { relu } from '../../src/graph/ops/elementwise/unary.ts';
import { leaf, record } from '../../src/graph/record.ts';
import { recordingNow, recordingWith } from '../../src/graph/recording.ts';
import type { Construction } from '../../src/graph/call.ts';
import type { Node, TracedModel } from '../../src/graph/types.ts';

/** Records a model: weights by key, calls of modules by path. */
export class Recorder {
  readonly state = new Map<string, Node>();
  private readonly random = new Generator(7);
  private calls = 0;

  /** A leaf of uniform numbers in −1…1. */
  input(...shape: number[]): Node {
    return leaf({ shape, dtype: 'float32' }, 'cpu', uniform(this.random, sizeOf(shape), -1, 1));
  }

  parameter(key: string, shape: Shape): Node {
    const known = this.state.get(key);
    if (known) return known;
    const node = leaf({ shape, dtype: 'float32' }, 'cpu', uniform(this.random, sizeOf(shape), -1, 1), true);
    this.state.set(key, node);
    return node;
  }

  /** Records `body` as a call of the module at `path`. */
  call<T>(path: string, type: string, body: () => T, construction?: Construction): T {
    const parent = recordingNow().scope;
    const scope = { path, type, call: ++this.calls, ...(construction && { construction }), ...(parent && { parent }) };
    return recordingWith({ scope }, body);
  }

  conv(path: string, x: Node, channels: number, size = 3, stride = 1): Node {
    const inputs = x.shape[1];
    const padding = (size - 1) / 2;
    const options = { ...(stride !== 1 && { stride }), ...(padding !== 0 && { padding }) };
    const construction = {
      name: 'nn.Conv2d',
      arguments: [inputs, channels, size, ...(Object.keys(options).length ? [options] : [])],
      places: ['in_channels', 'out_channels', 'kernel_size'],
    };
    return this.call(
      path,
      'Conv2d',
      () => {
        const w = this.parameter(`${path}.weight`, [channels, inputs, size, size]);
        const b = this.parameter(`${path}.bias`, [channels]);
        const y = record(conv2d, [x, w], {
          stride: [stride, stride],
          padding: [padding, padding, padding, padding],
          dilation: [1, 1],
          groups: 1,
        });
        return e.add(y, e.reshape(b, [1, channels, 1, 1]));
      },
      construction,
    );
  }

  relu(path: string, x: Node): Node {
    return this.call(path, 'ReLU', () => record(relu, [x], {}), { name: 'nn.ReLU', arguments: [], places: [] });
  }
}

/** Conv2d(3, 16, 3, padding=1), ReLU on x of the shape [n, 3, size, size]. */
export function smallCnn(n = 4, size = 32): TracedModel {
  const r = new Recorder();
  const x = r.input(n, 3, size, size);
  const y = r.call('', 'SmallCNN', () => r.relu('relu', r.conv('conv1', x, 16)));
  return { name: 'SmallCNN', inputs: [x], state: r.state, outputs: [y] };
}

/** Two stages of residual blocks, as ResNet has them: nested classes of one kind with other numbers. */
export function smallResNet(): TracedModel {
  const r = new Recorder();
  const block = (path: string, x: Node, channels: number, stride: number): Node =>
    r.call(path, 'BasicBlock', () => {
      const y = r.conv(
        `${path}.conv2`,
        r.relu(`${path}.relu`, r.conv(`${path}.conv1`, x, channels, 3, stride)),
        channels,
      );
      const shortcut =
        stride === 1
          ? x
          : r.call(`${path}.downsample`, 'Sequential', () => r.conv(`${path}.downsample.0`, x, channels, 1, stride));
      return r.relu(`${path}.relu`, e.add(y, shortcut));
    });
  const stage = (path: string, x: Node, channels: number, stride: number): Node =>
    r.call(path, 'Sequential', () => block(`${path}.1`, block(`${path}.0`, x, channels, stride), channels, 1));
  const x = r.input(2, 3, 16, 16);
  const y = r.call('', 'SmallResNet', () =>
    stage('layer2', stage('layer1', r.relu('relu', r.conv('conv1', x, 8)), 8, 1), 16, 2),
  );
  return { name: 'SmallResNet', inputs: [x], state: r.state, outputs: [y] };
}
