/**
 * @file PyTorch's public names that are not here, each with its reason: what a program is told at the line that uses
 * one, and what FEATURES.md lists. A test holds this against PyTorch: a name of its is here or in this table.
 */
import { plain } from '../base/names.ts';

/** PyTorch's namespaces that the table covers, by the way a program says them here. */
export const pytorchSpaces = {
  torch: 'torch',
  nn: 'torch.nn',
  F: 'torch.nn.functional',
  optim: 'torch.optim',
  'optim.lrScheduler': 'torch.optim.lr_scheduler',
  linalg: 'torch.linalg',
  fft: 'torch.fft',
} as const;
export type Space = keyof typeof pytorchSpaces;

interface Absence {
  /** The end of a sentence: `torch has no 'svd': …`. */
  readonly why: string;
  readonly names: Readonly<Partial<Record<Space, string>>>;
}

/** By reason; names are PyTorch's. */
export const absences: readonly Absence[] = [
  {
    why: 'there are no complex numbers here',
    names: {
      torch: `angle complex conj conj_physical imag is_complex is_conj polar real resolve_conj resolve_neg
        view_as_complex view_as_real adjoint istft stft`,
      linalg: 'eig eigvals',
      fft: `fft ifft fft2 ifft2 fftn ifftn rfft irfft rfft2 irfft2 rfftn irfftn hfft ihfft hfft2 ihfft2 hfftn ihfftn
        fftfreq rfftfreq fftshift ifftshift`,
    },
  },
  {
    why: 'matrices are not decomposed or inverted here',
    names: {
      torch: `cholesky cholesky_inverse cholesky_solve det geqrf inverse lobpcg logdet lu lu_solve lu_unpack matrix_exp
        matrix_power orgqr ormqr pca_lowrank pinverse qr slogdet svd svd_lowrank triangular_solve symeig chain_matmul`,
      linalg: `cholesky cholesky_ex cond cross det diagonal eigh eigvalsh householder_product inv inv_ex ldl_factor
        ldl_factor_ex ldl_solve lstsq lu lu_factor lu_factor_ex lu_solve matmul matrix_exp matrix_norm matrix_power
        matrix_rank multi_dot norm pinv qr slogdet solve solve_ex solve_triangular svd svdvals tensorinv tensorsolve
        vander vecdot vector_norm`,
    },
  },
  {
    why: 'layers work on lines and planes here; there are none for volumes',
    names: {
      nn: `AdaptiveAvgPool3d AdaptiveMaxPool3d AvgPool3d BatchNorm3d CircularPad3d ConstantPad3d Conv3d ConvTranspose3d
        Dropout3d FractionalMaxPool3d InstanceNorm3d LPPool3d MaxPool3d MaxUnpool3d ReflectionPad3d ReplicationPad3d
        ZeroPad3d`,
      F: `adaptive_avg_pool3d adaptive_max_pool3d avg_pool3d conv3d conv_transpose3d dropout3d fractional_max_pool3d
        lp_pool3d max_pool3d max_unpool3d`,
    },
  },
  {
    why: 'pooling does not return where the largest elements were',
    names: { nn: 'MaxUnpool1d MaxUnpool2d FractionalMaxPool2d', F: 'max_unpool1d max_unpool2d fractional_max_pool2d' },
  },
  {
    why: "a layer is made with its sizes here; it does not wait for the first input's",
    names: {
      nn: `LazyBatchNorm1d LazyBatchNorm2d LazyBatchNorm3d LazyConv1d LazyConv2d LazyConv3d LazyConvTranspose1d
        LazyConvTranspose2d LazyConvTranspose3d LazyInstanceNorm1d LazyInstanceNorm2d LazyInstanceNorm3d LazyLinear
        UninitializedBuffer UninitializedParameter`,
    },
  },
  {
    why: 'give { inplace: true } to the function without the underscore',
    names: { F: `celu_ elu_ hardtanh_ leaky_relu_ relu_ rrelu_ selu_ threshold_` },
  },
  {
    why: 'there is one device here; training is not spread over several',
    names: {
      torch: 'Event Stream get_device_module set_default_device get_default_device',
      nn: 'DataParallel SyncBatchNorm',
    },
  },
  {
    why: 'tensors are dense here',
    names: {
      torch: `hspmm smm sspaddmm sparse_bsc_tensor sparse_bsr_tensor sparse_compressed_tensor sparse_coo_tensor
        sparse_csc_tensor sparse_csr_tensor`,
      optim: 'SparseAdam',
    },
  },
  {
    why: "a tensor's memory is the engine's to lay out; a program sees its elements",
    names: {
      torch: `BoolStorage ByteStorage CharStorage DoubleStorage FloatStorage IntStorage LongStorage ShortStorage
        TypedStorage UntypedStorage is_storage as_strided empty_strided frombuffer from_numpy asarray layout
        memory_format`,
    },
  },
  {
    why: 'write torch.tensor(data, { dtype })',
    names: {
      torch: `BoolTensor ByteTensor CharTensor DoubleTensor FloatTensor IntTensor LongTensor ShortTensor as_tensor
        set_default_tensor_type`,
    },
  },
  {
    why: 'a floating tensor is float32 unless its dtype is given',
    names: { torch: 'set_default_dtype get_default_dtype' },
  },
  {
    why: 'the browser and the GPU decide that here',
    names: {
      torch: `get_num_interop_threads get_num_threads set_num_interop_threads set_num_threads set_flush_denormal
        get_float32_matmul_precision set_float32_matmul_precision set_warn_always is_warn_always_enabled
        set_printoptions compiled_with_cxx11_abi fork`,
    },
  },
  {
    why: 'torch.backends.cudnn.deterministic = true takes algorithms that always give the same bits',
    names: {
      torch: `use_deterministic_algorithms are_deterministic_algorithms_enabled
        is_deterministic_algorithms_warn_only_enabled get_deterministic_debug_mode set_deterministic_debug_mode`,
    },
  },
  {
    why: 'write it in TypeScript: instanceof, x.dtype, x.shape',
    names: {
      torch: `is_tensor is_floating_point is_nonzero is_inference is_inference_mode_enabled typename numel
        broadcast_shapes`,
    },
  },
  {
    why: 'shapes are numbers here, and compiled code is recorded anew where they change',
    names: { torch: `cond sym_float sym_fresh_size sym_int sym_ite sym_max sym_min sym_not sym_sqrt sym_sum vmap` },
  },
  {
    why: 'it is a detail of PyTorch; call the function without the ending',
    names: {
      torch: `alias_copy as_strided_copy as_strided_scatter col_indices_copy crow_indices_copy detach_copy diagonal_copy
        expand_copy indices_copy narrow_copy permute_copy select_copy slice_copy split_copy split_with_sizes_copy
        squeeze_copy t_copy transpose_copy unbind_copy unfold_copy unsqueeze_copy values_copy view_as_complex_copy
        view_as_real_copy view_copy unsafe_chunk unsafe_split`,
    },
  },
  {
    why: 'torch.manualSeed(n) begins the random numbers anew, and a torch.Generator has its own',
    names: { torch: 'default_generator get_rng_state set_rng_state seed' },
  },
  {
    why: 'integers of quantised tensors are int8 and uint8 here, with torch.quantizePerTensor and quantizePerChannel',
    names: {
      torch: 'dequantize quantize_per_tensor_dynamic quantized_batch_norm quantized_max_pool1d quantized_max_pool2d',
    },
  },
  {
    why: 'PyTorch itself has given it up',
    names: {
      torch: 'range align_tensors',
      nn: 'Container CrossMapLRN2d NLLLoss2d',
      F: 'upsample upsample_bilinear upsample_nearest conv_tbc',
    },
  },
  {
    why: 'it is what PyTorch builds others of; call the function or the layer itself',
    names: { nn: 'RNNBase RNNCellBase', F: 'multi_head_attention_forward' },
  },
  {
    why: 'no kernel computes this special function yet',
    names: { torch: 'digamma erfinv i0 igamma igammac lgamma mvlgamma polygamma' },
  },
  {
    why: 'no random numbers of this distribution are drawn yet',
    names: {
      torch: 'bernoulli poisson',
      nn: 'RReLU AlphaDropout FeatureAlphaDropout Dropout1d',
      F: 'rrelu alpha_dropout feature_alpha_dropout dropout1d gumbel_softmax',
    },
  },
  {
    why: 'it is not here yet',
    names: {
      torch: `addbmm addr argwhere atleast_1d atleast_2d atleast_3d bartlett_window bincount bitwise_left_shift
        bitwise_right_shift blackman_window block_diag combinations copysign cummax cummin diagonal_scatter
        dsplit float_power frexp gcd gradient hamming_window hann_window heaviside histc histogram
        histogramdd hsplit index_reduce isreal kaiser_window lcm ldexp logaddexp2 logcumsumexp logspace mode
        msort nanmedian nextafter positive renorm scatter_reduce select_scatter sgn signbit slice_scatter
         true_divide unique_consecutive unravel_index vander vdot vsplit`,
      nn: `AdaptiveLogSoftmaxWithLoss Bilinear Buffer CTCLoss EmbeddingBag InstanceNorm1d LPPool1d LPPool2d
        MultiLabelMarginLoss MultiMarginLoss Transformer TransformerDecoder TransformerDecoderLayer
        TripletMarginWithDistanceLoss UpsamplingBilinear2d UpsamplingNearest2d`,
      F: `affine_grid bilinear ctc_loss embedding_bag grid_sample lp_pool1d lp_pool2d multi_margin_loss
        multilabel_margin_loss pdist triplet_margin_with_distance_loss`,
    },
  },
];

/** What is written instead, by PyTorch's name. */
const instead: Readonly<Partial<Record<Space, Readonly<Record<string, string>>>>> = {
  torch: {
    as_strided: 'x.unfold(dimension, size, step) gives windows',
    from_numpy: 'torch.tensor(array) takes arrays and typed arrays',
    asarray: 'torch.tensor(array) takes arrays and typed arrays',
    get_default_dtype: "it is 'float32'",
    broadcast_shapes: 'x.add(y).shape is the common shape',
    is_tensor: 'x instanceof torch.Tensor',
    is_nonzero: 'await x.item() !== 0',
    numel: 'x.numel()',
    range: 'torch.arange(start, end)',
    vmap: 'functions broadcast over leading dimensions',
    set_default_device: "give { device: 'webgpu' }, or model.to('webgpu')",
    fork: 'promises run side by side',
  },
  nn: {
    Container: 'nn.Sequential',
    NLLLoss2d: 'nn.NLLLoss takes planes too',
    DataParallel: 'call the model itself',
    SyncBatchNorm: 'nn.BatchNorm2d',
  },
  F: {
    upsample: 'F.interpolate',
    upsample_bilinear: "F.interpolate(x, { mode: 'bilinear', alignCorners: true })",
    upsample_nearest: 'F.interpolate',
    multi_head_attention_forward: 'F.scaledDotProductAttention, or nn.MultiheadAttention',
  },
  optim: { SparseAdam: 'optim.Adam' },
};

/** Modules of torch that are not here, and what is done instead. */
const modules: Readonly<Record<string, string>> = {
  cuda: "the GPU here is 'webgpu': write model.to('webgpu')",
  mps: "the GPU here is 'webgpu': write model.to('webgpu')",
  xpu: "the GPU here is 'webgpu': write model.to('webgpu')",
  accelerator: "the GPU here is 'webgpu': write model.to('webgpu')",
  linalg: 'matrices are not decomposed or inverted here; torch.norm and torch.matmul are',
  fft: 'there are no complex numbers here; dnn lists convolutions by FFT among its algorithms',
  special: 'what is here of it is in torch: torch.erf, torch.xlogy, torch.logsumexp',
  distributed: 'there is one device here; training is not spread over several',
  sparse: 'tensors are dense here',
  nested: 'sequences of different lengths are padded here',
  masked: 'x.maskedFill(mask, value) and torch.where are',
  random: 'torch.manualSeed(n) begins the random numbers anew',
  jit: 'torch.compile(model) compiles a model',
  fx: 'the Graph pane shows the graph of a model',
  func: 'torch.autograd.grad(…) gives gradients',
  export: 'wudnn compile prints the PyTorch program of a model',
  onnx: 'wudnn compile prints the PyTorch program of a model',
  hub: 'torch.load(file) reads a .safetensors file, vision.models has models',
  distributions: 'torch.normal, torch.rand and torch.multinomial draw numbers',
};

/** What makes a name the same in Python's spelling and ours; a form with an underscore behind it is another one. */
export const spelled = (name: string): string => plain(name) + (name.endsWith('_') ? '_' : '');

const reasons = new Map<string, string>();
for (const { why, names } of absences)
  for (const [space, text] of Object.entries(names))
    for (const name of text.split(/\s+/).filter(Boolean)) {
      const other = instead[space as Space]?.[name];
      reasons.set(`${space} ${spelled(name)}`, other ? `${why}; ${other}` : why);
    }

/**
 * Why a namespace lacks a name of PyTorch's, in either spelling; the namespace by the way a program reaches it:
 * `torch.nn` and `nn` are one.
 */
export function whyAbsent(path: string, name: string): string | undefined {
  const space = path.replace(/^torch\./, '').replace(/^nn\.functional$/, 'F');
  const ofModule = space === 'torch' && Object.hasOwn(modules, name) ? modules[name] : undefined;
  return ofModule ?? reasons.get(`${space} ${spelled(name)}`);
}
