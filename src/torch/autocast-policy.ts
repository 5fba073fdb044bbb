/**
 * @file What autocast does to each function's operands: PyTorch's table (aten/src/ATen/autocast_mode.h and .cpp of
 * PyTorch 2.6, and "Autocast Op Reference" in its documentation), as far as the functions are here.
 *
 * PyTorch looks at the operations that a function is made of. Here the function itself is looked up, so those that
 * PyTorch makes of listed operations stand in the table too, behind the comment. Whatever is in no list takes its
 * operands as they come, and promotes them by their dtypes as always.
 */
import type { DeviceType } from '../graph/types.ts';

/**
 * `lower`: to autocast's dtype. `float32`: to float32, so that what is summed or exponentiated stays exact and in
 * range; not where a call names a dtype. `widest`: to float32 where an operand has it, else to autocast's dtype.
 * `refused`: not safe.
 */
export type Policy = 'lower' | 'float32' | 'widest' | 'refused';

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** By device, since PyTorch's kernels differ: of `'webgpu'` CUDA's lists. Names are PyTorch's. */
export const policyLists: Readonly<Record<DeviceType, Readonly<Record<Policy, readonly string[]>>>> = {
  webgpu: {
    lower: words(`
      addmm addmv baddbmm bmm conv1d conv2d conv_transpose1d conv_transpose2d einsum linear matmul mm mv prelu
      scaled_dot_product_attention
    `),
    float32: [
      ...words(`
        acos asin binary_cross_entropy_with_logits cdist cosh cosine_embedding_loss cosine_similarity cumprod cumsum exp
        expm1 group_norm hinge_embedding_loss huber_loss kl_div l1_loss layer_norm log log10 log1p log2 log_softmax
        logsumexp margin_ranking_loss mse_loss nll_loss norm pow prod reciprocal rsqrt sinh smooth_l1_loss
        soft_margin_loss softmax softplus sum tan triplet_margin_loss
      `),
      // By log_softmax and nll_loss; by upsample_nearest2d and its kin; by norm, after a difference in the operands'
      // dtype.
      ...words('cross_entropy interpolate normalize pairwise_distance softmin'),
    ],
    widest: words('addcdiv addcmul atan2 dot index_put scatter_add tensordot'),
    refused: words('binary_cross_entropy'),
  },
  cpu: {
    lower: [
      ...words(`
        addmm baddbmm bmm conv1d conv2d conv_transpose1d conv_transpose2d linear matmul mm prelu
        scaled_dot_product_attention
      `),
      // By bmm; by mm.
      ...words('einsum tensordot'),
    ],
    float32: [
      ...words(`
        binary_cross_entropy binary_cross_entropy_with_logits cdist cosine_embedding_loss cross_entropy
        fake_quantize_per_tensor_affine hinge_embedding_loss huber_loss kl_div l1_loss margin_ranking_loss mse_loss
        nanquantile nll_loss poisson_nll_loss prod quantile smooth_l1_loss soft_margin_loss trace triplet_margin_loss
      `),
      // By avg_pool3d.
      ...words('local_response_norm'),
    ],
    widest: words('cat index_copy stack'),
    refused: [],
  },
};

const byName = (device: DeviceType): ReadonlyMap<string, Policy> =>
  new Map(
    Object.entries(policyLists[device]).flatMap(([policy, names]) => names.map((name) => [name, policy as Policy])),
  );
const policies = { webgpu: byName('webgpu'), cpu: byName('cpu') } as const satisfies Record<DeviceType, unknown>;

/** The policy of a function by its path in PyTorch, `'torch.matmul'` or `'F.conv2d'`. */
export const policyOf = (path: string, device: DeviceType): Policy | undefined =>
  policies[device].get(path.slice(path.lastIndexOf('.') + 1));
