/**
 * Intent: modules, parameters and buffers that stand under several names are walked as in PyTorch: once where it gives
 * them once, under every name where it gives all.
 */
import { expect, test } from 'vitest';
import { nn, torch } from '../../src/torch/index.ts';
import { describeWith } from '../support/needs.ts';
import { runPython } from '../support/python.ts';

const python = `
import json, torch
from torch import nn

class Leaf(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.ones(2))
        self.register_buffer('b', torch.ones(1))
        self.alias = self.w
        self.register_buffer('same', self.b)
        self.register_buffer('scratch', torch.ones(3), persistent=False)

class Pair(nn.Module):
    def __init__(self, leaf):
        super().__init__()
        self.first = leaf
        self.second = leaf
        self.tied = nn.Parameter(torch.ones(1))
        self.other = Leaf()
        self.other.w = leaf.w
        self.other.register_buffer('b', leaf.b)

class Top(nn.Module):
    def __init__(self):
        super().__init__()
        leaf = Leaf()
        self.pair = Pair(leaf)
        self.leaf = leaf
        self.seq = nn.Sequential(leaf, self.pair, leaf)
        self.again = self.pair
        self.list = nn.ModuleList([leaf, leaf])
        self.tied = self.pair.tied

m = Top()
visits = []
m.apply(lambda x: visits.append(type(x).__name__))
names = lambda pairs: [name for name, _ in pairs]
print(json.dumps({
    'namedParameters': names(m.named_parameters()), 'parameters': [list(p.shape) for p in m.parameters()], 'own': names(m.pair.named_parameters(recurse=False)),
    'namedBuffers': names(m.named_buffers()), 'buffers': [list(b.shape) for b in m.buffers()], 'namedModules': names(m.named_modules()), 'allModules': names(m.named_modules(remove_duplicate=False)),
    'modules': [type(x).__name__ for x in m.modules()], 'namedChildren': names(m.named_children()), 'children': [type(x).__name__ for x in m.children()], 'stateDict': list(m.state_dict()), 'apply': visits,
}))
`;

class Leaf extends nn.Module {
  w = new nn.Parameter(torch.ones(2));
  declare b: torch.Tensor;
  declare alias: nn.Parameter;

  constructor() {
    super();
    this.registerBuffer('b', torch.ones(1));
    this.alias = this.w;
    this.registerBuffer('same', this.b);
    this.registerBuffer('scratch', torch.ones(3), false);
  }

  forward(x: torch.Tensor): torch.Tensor {
    return x.mul(this.w);
  }
}

class Pair extends nn.Module {
  first: Leaf;
  second: Leaf;
  tied = new nn.Parameter(torch.ones(1));
  other = new Leaf();

  constructor(leaf: Leaf) {
    super();
    this.first = leaf;
    this.second = leaf;
    this.other.w = leaf.w;
    this.other.registerBuffer('b', leaf.b);
  }

  forward(x: torch.Tensor): torch.Tensor {
    return this.first(x);
  }
}

class Top extends nn.Module {
  pair: Pair;
  leaf = new Leaf();
  seq: nn.Sequential;
  again: Pair;
  list: nn.ModuleList;
  tied: nn.Parameter;

  constructor() {
    super();
    const { leaf } = this;
    this.pair = new Pair(leaf);
    this.seq = new nn.Sequential(leaf, this.pair, leaf);
    this.again = this.pair;
    this.list = new nn.ModuleList([leaf, leaf]);
    this.tied = this.pair.tied;
  }

  forward(x: torch.Tensor): torch.Tensor {
    return this.pair(x);
  }
}

const names = (pairs: Iterable<[string, unknown]>): string[] => [...pairs].map(([name]) => name);
const classes = (modules: readonly nn.Module[]): string[] => modules.map((module) => module.constructor.name);

describeWith(['python'], 'what is shared', () => {
  test('is walked as in PyTorch', async () => {
    const m = new Top();
    const visits: string[] = [];
    m.apply((module) => void visits.push(module.constructor.name));
    expect({
      namedParameters: names(m.namedParameters()),
      parameters: m.parameters().map((p) => [...p.shape]),
      own: names(m.pair.namedParameters('', false)),
      namedBuffers: names(m.namedBuffers()),
      buffers: m.buffers().map((b) => [...b.shape]),
      namedModules: names(m.namedModules()),
      allModules: names(m.namedModules(null, '', false)),
      modules: classes(m.modules()),
      namedChildren: names(m.namedChildren()),
      children: classes(m.children()),
      stateDict: [...m.stateDict().keys()],
      apply: visits,
    }).toEqual(JSON.parse((await runPython(python)).toString()));
  });

  test('stays shared through to() and has one gradient, which zeroGrad() takes from all', () => {
    const m = new Top().to('float16');
    expect([
      m.leaf.w.dtype,
      m.pair.other.w === m.leaf.w,
      m.leaf.alias === m.leaf.w,
      m.pair.other.b === m.leaf.b,
      m.leaf.b.dtype,
    ]).toEqual(['float16', true, true, true, 'float16']);
    m(torch.ones(2).to('float16')).sum().backward();
    expect(m.pair.other.w.grad).toBe(m.leaf.w.grad);
    expect(m.leaf.w.grad).not.toBeNull();
    m.zeroGrad();
    expect(m.pair.other.w.grad).toBeNull();
  });
});
