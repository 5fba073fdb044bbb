/**
 * @file The names of PyTorch that a printed program may say. What is not here cannot be called, whatever a program
 * recorded: `torch` alone reaches files, processes and the network (`torch.load`, `torch.hub`, `torch.os`).
 */

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Below `torch.`: functions of tensors, dtypes, and the two gradients of a convolution. */
const torchNames = words(`
  abs absolute acos acosh add addcdiv addcmul addmm addmv all allclose amax amin aminmax angle any arange arccos arccosh arcsin arcsinh arctan arctan2 arctanh argmax argmin
  argsort asin asinh atan atan2 atanh atleast_1d atleast_2d atleast_3d baddbmm bincount bitwise_and bitwise_left_shift bitwise_not
  bitwise_or bitwise_right_shift bitwise_xor bmm broadcast_tensors broadcast_to bucketize cartesian_prod cat cdist ceil chunk clamp clamp_max clamp_min clip clone
  column_stack combinations concat concatenate copysign corrcoef cos cosh count_nonzero cov cross cummax cummin cumprod cumsum cumulative_trapezoid deg2rad
  detach diag diag_embed diagflat diagonal diff dist div divide dot dsplit dstack einsum eq equal erf erfc erfinv exp exp2 expm1 eye fake_quantize_per_channel_affine
  fake_quantize_per_tensor_affine fix flatten flip fliplr flipud float_power floor floor_divide fmax fmin fmod frac full full_like gather gcd ge greater greater_equal
  gt heaviside histc hsplit hstack hypot index_add index_copy index_fill index_put index_select inner inverse isclose isfinite isin isinf isnan isneginf isposinf isreal
  kron kthvalue lcm ldexp le lerp less less_equal lgamma linalg.cross linalg.inv linalg.matrix_norm linalg.norm linalg.vecdot linalg.vector_norm linspace log log10 log1p log2
  log_softmax logaddexp logaddexp2 logcumsumexp logical_and logical_not logical_or logical_xor logit logspace logsumexp lt masked_fill masked_select matmul max maximum
  mean median meshgrid min minimum mm mode moveaxis movedim mul multiply mv nan_to_num nanmean nanmedian nanquantile nansum narrow ne neg negative nextafter nn.grad.conv2d_input
  nn.grad.conv2d_weight nn.grad.conv1d_input nn.grad.conv1d_weight norm not_equal numel ones ones_like ops.aten.avg_pool2d_backward outer permute poly pow prod quantile rad2deg ravel reciprocal relu remainder
  renorm repeat_interleave reshape roll rot90 round rsqrt rsub scatter scatter_add scatter_reduce searchsorted select sgn sigmoid sign signbit sin sinc sinh softmax sort
  split sqrt square squeeze stack std std_mean sub subtract sum swapaxes swapdims t take take_along_dim tan tanh tensor tensor_split tensordot tile topk trace transpose
  trapezoid trapz tril tril_indices triu triu_indices true_divide trunc unbind unflatten unique unique_consecutive unsqueeze vander var var_mean vdot view_as_real vsplit vstack
  where xlogy zeros zeros_like
  float16 float32 float64 bfloat16 int8 int16 int32 int64 uint8 bool float double half long int
`);

/** Only of numbers that are loaded later: what `torch.empty` gives is whatever lay in that memory. */
const declarations = words('torch.empty');

const mathNames = words('inf nan pi e sqrt exp log');

/** What may follow a tensor and a dot. */
export const methods = words(`
  abs acos acosh add addcdiv addcmul addmm all amax amin any argmax argmin argsort asin asinh atan atan2 atanh bfloat16 bmm bool broadcast_to ceil chunk clamp clamp_max
  clamp_min clone contiguous cos cosh cumprod cumsum detach device diag diagonal diff div dot double dtype eq erf erfc erfinv exp exp2 expand expand_as expm1 fill_diagonal_ flatten flip
  float floor floor_divide fmod frac gather ge gt half index_add index_copy index_fill index_put index_select indices int isfinite isinf isnan kthvalue le lerp log log10 log1p log2
  log_softmax logaddexp logical_and logical_not logical_or logical_xor logsumexp long lt masked_fill masked_select matmul max maximum mean median min minimum mm moveaxis
  movedim mul mv nan_to_num nansum narrow ne neg norm numel outer permute pow prod quantile ravel reciprocal relu remainder repeat repeat_interleave reshape roll rot90 round rsqrt
  scatter scatter_add scatter_reduce select shape sigmoid sign sin sinh size softmax sort split sqrt square squeeze std sub sum swapaxes swapdims T t take tan tanh tile to topk
  transpose tril triu true_divide trunc type_as unbind unflatten unfold unsqueeze values var view view_as where
`);

/** What PyTorch's own modules call their tensors and the modules within them. */
export const ofLayers =
  /^(weight|bias|running_mean|running_var|num_batches_tracked|in_proj_weight|in_proj_bias|out_proj|self_attn|(weight|bias)_[ih]h(_l\d+(_reverse)?)?|(linear|norm|dropout)\d?|activation)$/;

/** Whether a dotted name may be called or read: in `__init__` what makes modules, in `forward` what computes. */
export function isAllowed(name: string, place: 'init' | 'forward'): boolean {
  const [root, rest] = [name.slice(0, name.indexOf('.')), name.slice(name.indexOf('.') + 1)];
  if (place === 'init' && (/^nn\.[A-Z][A-Za-z0-9]*$/.test(name) || declarations.has(name))) return true;
  if (root === 'torch') return torchNames.has(rest);
  if (root === 'math') return mathNames.has(rest);
  return place === 'forward' && /^F\.[a-z][a-z0-9_]*$/.test(name);
}
