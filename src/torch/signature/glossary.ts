/**
 * @file What options mean, by name: the editor shows it on hover, wherever a call takes one by its name. Names that
 * mean something else from one function to the next are not here.
 */
export interface Glossary {
  // optimizers
  /** What is updated: `model.parameters()`, or groups of them with options of their own. */
  params: unknown;
  /** The learning rate: how far a step goes. */
  lr: unknown;
  /**
   * In an optimizer, the share of the last step that goes on in this one. In a norm, the weight of a batch in the
   * running statistics.
   */
  momentum: unknown;
  /** How much of each gradient is kept out of the momentum. */
  dampening: unknown;
  /** Steps with the momentum looked ahead (Nesterov). */
  nesterov: unknown;
  /** Draws the parameters towards 0, by so much of each. */
  weightDecay: unknown;
  /** Decay of the running means of the gradient and of its square. */
  betas: unknown;
  /** Added to a divisor, which keeps a quotient finite where that is 0. */
  eps: unknown;
  /** Divides by the largest mean square so far (Reddi and others, ICLR 2018). */
  amsgrad: unknown;
  /** Divides by the gradient's standard deviation rather than by its root mean square. */
  centered: unknown;
  /** Decay of the running means of the squared gradient and of the squared change. */
  rho: unknown;
  /** Lets the rate fall with the steps: lr / (1 + steps · lrDecay). */
  lrDecay: unknown;
  /** What the sum of squared gradients starts from. */
  initialAccumulatorValue: unknown;
  /** Changes nothing here: a step is always one kernel a parameter. */
  foreach: unknown;
  /** Changes nothing here: a step is always one kernel a parameter. */
  fused: unknown;
  /** Changes nothing here: it is for CUDA graphs. */
  capturable: unknown;
  /** The rate that a scheduler started from. */
  initialLr: unknown;
  /** Steps uphill: the gradient is taken with the other sign. */
  maximize: unknown;
  /** How fast the decay of the mean square comes near to 1, as a power of the step. */
  beta2Decay: unknown;
  /** The largest root mean square of a step, beyond which it is made smaller. */
  d: unknown;
  /** How fast the momentum grows towards its last value. */
  momentumDecay: unknown;
  /** Draws the parameters towards 0 apart from the gradient, as AdamW does. */
  decoupledWeightDecay: unknown;
  /** The most changes of direction in one step. */
  maxIter: unknown;
  /** The most calls of the closure in one step; 1.25 times `maxIter` unless given. */
  maxEval: unknown;
  /** A step ends where the largest gradient is below this. */
  toleranceGrad: unknown;
  /** A step ends where the loss or the parameters change by less than this. */
  toleranceChange: unknown;
  /** How many earlier changes stand for the matrix of second derivatives. */
  historySize: unknown;
  /** `'strong_wolfe'` looks for the length of each change; without it the length is `lr`. */
  lineSearchFn: unknown;
  /** How fast the rate falls. */
  lambd: unknown;
  /** In ASGD, the step from which parameters are averaged. In a scheduler, the steps until the first restart. */
  t0: unknown;
  /** By what a parameter's step shrinks and grows. */
  etas: unknown;
  /** The smallest and the largest step of a parameter. */
  stepSizes: unknown;

  // schedulers
  /** The optimizer whose learning rate is set. */
  optimizer: unknown;
  /** By what the time between restarts is multiplied at each. */
  tMult: unknown;
  /** The lowest rate of a cycle; one number, or one for each group. */
  baseLr: unknown;
  /** How many steps the rate rises in a cycle. */
  stepSizeUp: unknown;
  /** How many steps the rate falls in a cycle; as many as it rises unless given. */
  stepSizeDown: unknown;
  /** The factor of a cycle's height, by its number or the step's; then `mode` says nothing. */
  scaleFn: unknown;
  /** Whether `scaleFn` is given the cycle or the step. */
  scaleMode: unknown;
  /** How many steps without progress are waited for. */
  patience: unknown;
  /** Whether the threshold is a share of the best value so far, or a difference from it. */
  thresholdMode: unknown;
  /** How many steps after a change none is counted. */
  cooldown: unknown;
  /** The lowest rate; one number, or one for each group. */
  minLr: unknown;
  /** The schedulers, which follow one another. */
  schedulers: unknown;
  /** How many steps the change of the rate takes. */
  totalIters: unknown;
  /** The factor of the rate at the first step. */
  startFactor: unknown;
  /** The factor of the rate at the end. */
  endFactor: unknown;
  /** The factor by which the rate changes. */
  gamma: unknown;
  /** How many steps go by between two changes of the rate. */
  stepSize: unknown;
  /** The steps at which the rate changes, in ascending order. */
  milestones: unknown;
  /** Half the period of the cosine, in steps. */
  tMax: unknown;
  /** The lowest rate. */
  etaMin: unknown;
  /** The factor of the first rate at a step; one function, or one for each group. */
  lrLambda: unknown;
  /** The highest rate; one number, or one for each group. */
  maxLr: unknown;
  /** How many steps the cycle has; else `epochs · stepsPerEpoch`. */
  totalSteps: unknown;
  /** How many epochs the cycle has, with `stepsPerEpoch`. */
  epochs: unknown;
  /** How many steps an epoch has, with `epochs`. */
  stepsPerEpoch: unknown;
  /** The share of the cycle in which the rate rises. */
  pctStart: unknown;
  /** How the rate moves: by a cosine or in a line. */
  annealStrategy: unknown;
  /** Whether the momentum falls while the rate rises, and rises while it falls. */
  cycleMomentum: unknown;
  /** The lowest momentum of the cycle. */
  baseMomentum: unknown;
  /** The highest momentum of the cycle. */
  maxMomentum: unknown;
  /** The first rate is the highest one divided by this. */
  divFactor: unknown;
  /**
   * One of several ways, which the type names: in a scheduler, how the rate swings, or whether a lower value is better.
   */
  mode: unknown;
  /** What the rate is multiplied by. */
  factor: unknown;
  /** In a scheduler, the least change that is progress. In an activation, where it turns into another function. */
  threshold: unknown;
  /** The exponent by which the rate falls. */
  power: unknown;
  /** The last rate is the first one divided by this. */
  finalDivFactor: unknown;
  /** Falls to the first rate before it goes on to the last one. */
  threePhase: unknown;

  // layers
  /** What is added to each output channel or feature; of a layer, whether it learns one. */
  bias: unknown;
  /**
   * A factor: of the second operand in a sum, of what is below 0 in an activation, of the mean of squares so far in
   * RMSprop.
   */
  alpha: unknown;
  /** Channels of the input. */
  inChannels: unknown;
  /** Channels of the output: how many filters there are. */
  outChannels: unknown;
  /** The size of the window: one number, or one for each dimension. */
  kernelSize: unknown;
  /** How far the window moves from one output to the next. */
  stride: unknown;
  /** What is put around the input, on each side. */
  padding: unknown;
  /** What the padding is made of: zeros, or elements of the input. */
  paddingMode: unknown;
  /** The distance between the window's taps. */
  dilation: unknown;
  /** Into how many groups the channels are divided; each sees its own alone. */
  groups: unknown;
  /** Added to one side of a transposed convolution's output size. */
  outputPadding: unknown;
  /** Rounds the output size up, so that windows may reach beyond the input. */
  ceilMode: unknown;
  /** Whether the padding's zeros count in a mean. */
  countIncludePad: unknown;
  /** Numbers of each input row. */
  inFeatures: unknown;
  /** Numbers of each output row. */
  outFeatures: unknown;
  /** Channels that are normalized. */
  numFeatures: unknown;
  /** The last dimensions, which are normalized together. */
  normalizedShape: unknown;
  /** Groups of channels, each normalized by itself. */
  numGroups: unknown;
  /** Channels of the input. */
  numChannels: unknown;
  /** Whether a weight and a bias are learned behind the normalization. */
  affine: unknown;
  /** Whether a weight and a bias are learned behind the normalization. */
  elementwiseAffine: unknown;
  /** Whether statistics are kept over the batches, for evaluation. */
  trackRunningStats: unknown;
  /** How many rows the table has. */
  numEmbeddings: unknown;
  /** How long a row of the table is. */
  embeddingDim: unknown;
  /** The row that stays as it is: it gets no gradient. */
  paddingIdx: unknown;
  /** Numbers of each step of a sequence. */
  inputSize: unknown;
  /** Numbers of the hidden state. */
  hiddenSize: unknown;
  /** How many layers lie on one another. */
  numLayers: unknown;
  /** Whether the batch comes first, before the sequence. */
  batchFirst: unknown;
  /** Also reads the sequence from its end. */
  bidirectional: unknown;
  /** The width of the embedding. */
  embedDim: unknown;
  /** Among how many heads the embedding is divided. */
  numHeads: unknown;
  /** The probability with which an element is dropped in training. */
  dropout: unknown;
  /** What becomes of the losses: `'mean'`, `'sum'` or `'none'`. */
  reduction: unknown;
  /** The class that counts for nothing. */
  ignoreIndex: unknown;
  /** The share of each target that is spread over all classes. */
  labelSmoothing: unknown;
  /** The weight of positive targets, by class. */
  posWeight: unknown;
  /** The slope of negative inputs. */
  negativeSlope: unknown;
  /** The algorithm, by its name; without one it is chosen. */
  algo: unknown;
  /** Takes PyTorch's places; nothing is saved by it here. */
  inplace: unknown;
}
