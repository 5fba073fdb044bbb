/**
 * @file What layers and optimizers take in PyTorch 2.6, in Python's words, where that differs from 1.13 or inspect does not tell it.
 */
const recurrent = "input_size, hidden_size, num_layers=1, bias=True, batch_first=False, dropout=0.0, bidirectional=False";

export const laterLayers: Readonly<Record<string, string>> = {
  'nn.Embedding': 'num_embeddings, embedding_dim, padding_idx=None, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, sparse=False, _weight=None, _freeze=False, device=None, dtype=None',
  'nn.GRU': `${recurrent}, device=None, dtype=None`,
  'nn.LayerNorm': 'normalized_shape, eps=1e-5, elementwise_affine=True, bias=True, device=None, dtype=None',
  'nn.LSTM': `${recurrent}, proj_size=0, device=None, dtype=None`,
  'nn.MultiheadAttention.forward': 'query, key, value, key_padding_mask=None, need_weights=True, attn_mask=None, average_attn_weights=True, is_causal=False',
  'nn.Module.load_state_dict': 'state_dict, strict=True, assign=False',
  'nn.Module.named_buffers': "prefix='', recurse=True, remove_duplicate=True",
  'nn.Module.named_parameters': "prefix='', recurse=True, remove_duplicate=True",
  'nn.Module.register_forward_hook': 'hook, *, prepend=False, with_kwargs=False, always_call=False',
  'nn.Module.register_forward_pre_hook': 'hook, *, prepend=False, with_kwargs=False',
  'nn.Module.state_dict': "*, destination=None, prefix='', keep_vars=False",
  'nn.Module.to': 'device=None, dtype=None, non_blocking=False, *, memory_format=None',
  'nn.Module.zero_grad': 'set_to_none=True',
  'nn.RNN': "input_size, hidden_size, num_layers=1, nonlinearity='tanh', bias=True, batch_first=False, dropout=0.0, bidirectional=False, device=None, dtype=None",
  'nn.TransformerEncoder.forward': 'src, mask=None, src_key_padding_mask=None, is_causal=None',
  'nn.TransformerEncoderLayer': "d_model, nhead, dim_feedforward=2048, dropout=0.1, activation='relu', layer_norm_eps=1e-5, batch_first=False, norm_first=False, bias=True, device=None, dtype=None",
  'nn.TransformerEncoderLayer.forward': 'src, src_mask=None, src_key_padding_mask=None, is_causal=False',
  'optim.Adadelta': 'params, lr=1.0, rho=0.9, eps=1e-6, weight_decay=0, foreach=None, *, capturable=False, maximize=False, differentiable=False',
  'optim.Adagrad': 'params, lr=1e-2, lr_decay=0, weight_decay=0, initial_accumulator_value=0, eps=1e-10, foreach=None, *, maximize=False, differentiable=False, fused=None',
  'optim.Adam': 'params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0, amsgrad=False, *, foreach=None, maximize=False, capturable=False, differentiable=False, fused=None',
  'optim.AdamW': 'params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2, amsgrad=False, *, maximize=False, foreach=None, capturable=False, differentiable=False, fused=None',
  'optim.Optimizer.step': 'closure=None',
  'optim.Optimizer.zero_grad': 'set_to_none=True',
  'optim.RMSprop': 'params, lr=1e-2, alpha=0.99, eps=1e-8, weight_decay=0, momentum=0, centered=False, capturable=False, foreach=None, maximize=False, differentiable=False',
  'optim.SGD': 'params, lr=1e-3, momentum=0, dampening=0, weight_decay=0, nesterov=False, *, maximize=False, foreach=None, differentiable=False, fused=None',
};
