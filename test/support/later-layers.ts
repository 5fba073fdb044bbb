/**
 * @file What layers, initialisations, optimizers and data loaders take in PyTorch 2.6, in Python's words, where that
 * differs from 1.13 or inspect does not tell it.
 */
/** Names begin in the lower case here: tMax is T_max. */
const always = "last_epoch=-1, verbose='deprecated'";
const recurrent =
  'input_size, hidden_size, num_layers=1, bias=True, batch_first=False, dropout=0.0, bidirectional=False';

export const laterLayers: Readonly<Record<string, string>> = {
  'nn.Embedding':
    'num_embeddings, embedding_dim, padding_idx=None, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, sparse=False, _weight=None, _freeze=False, device=None, dtype=None',
  'nn.GRU': `${recurrent}, device=None, dtype=None`,
  'nn.LayerNorm': 'normalized_shape, eps=1e-5, elementwise_affine=True, bias=True, device=None, dtype=None',
  'nn.LSTM': `${recurrent}, proj_size=0, device=None, dtype=None`,
  'nn.MultiheadAttention.forward':
    'query, key, value, key_padding_mask=None, need_weights=True, attn_mask=None, average_attn_weights=True, is_causal=False',
  'nn.Module.load_state_dict': 'state_dict, strict=True, assign=False',
  'nn.Module.named_buffers': "prefix='', recurse=True, remove_duplicate=True",
  'nn.Module.named_parameters': "prefix='', recurse=True, remove_duplicate=True",
  'nn.Module.register_forward_hook': 'hook, *, prepend=False, with_kwargs=False, always_call=False',
  'nn.Module.register_forward_pre_hook': 'hook, *, prepend=False, with_kwargs=False',
  'nn.Module.state_dict': "*, destination=None, prefix='', keep_vars=False",
  'nn.Module.to': 'device=None, dtype=None, non_blocking=False, *, memory_format=None',
  'nn.Module.zero_grad': 'set_to_none=True',
  'nn.Parameter': 'data=None, requires_grad=True',
  'nn.RMSNorm': 'normalized_shape, eps=None, elementwise_affine=True, device=None, dtype=None',
  'nn.CircularPad1d': 'padding',
  'nn.CircularPad2d': 'padding',
  'nn.ZeroPad1d': 'padding',
  'F.rms_norm': 'input, normalized_shape, weight=None, eps=None',
  'nn.RNN':
    "input_size, hidden_size, num_layers=1, nonlinearity='tanh', bias=True, batch_first=False, dropout=0.0, bidirectional=False, device=None, dtype=None",
  'nn.TransformerEncoder.forward': 'src, mask=None, src_key_padding_mask=None, is_causal=None',
  'nn.TransformerEncoderLayer':
    "d_model, nhead, dim_feedforward=2048, dropout=0.1, activation='relu', layer_norm_eps=1e-5, batch_first=False, norm_first=False, bias=True, device=None, dtype=None",
  'nn.TransformerEncoderLayer.forward': 'src, src_mask=None, src_key_padding_mask=None, is_causal=False',
  'nn.init.kaiming_normal_': "tensor, a=0, mode='fan_in', nonlinearity='leaky_relu', generator=None",
  'nn.init.kaiming_uniform_': "tensor, a=0, mode='fan_in', nonlinearity='leaky_relu', generator=None",
  'nn.init.normal_': 'tensor, mean=0.0, std=1.0, generator=None',
  'nn.init.orthogonal_': 'tensor, gain=1, generator=None',
  'nn.init.trunc_normal_': 'tensor, mean=0.0, std=1.0, a=-2.0, b=2.0, generator=None',
  'nn.init.uniform_': 'tensor, a=0.0, b=1.0, generator=None',
  'nn.init.xavier_normal_': 'tensor, gain=1.0, generator=None',
  'nn.init.xavier_uniform_': 'tensor, gain=1.0, generator=None',
  'nn.utils.clip_grad_norm_': 'parameters, max_norm, norm_type=2.0, error_if_nonfinite=False, foreach=None',
  'nn.utils.clip_grad_value_': 'parameters, clip_value, foreach=None',
  'optim.Adadelta':
    'params, lr=1.0, rho=0.9, eps=1e-6, weight_decay=0, foreach=None, *, capturable=False, maximize=False, differentiable=False',
  'optim.Adagrad':
    'params, lr=1e-2, lr_decay=0, weight_decay=0, initial_accumulator_value=0, eps=1e-10, foreach=None, *, maximize=False, differentiable=False, fused=None',
  'optim.Adam':
    'params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0, amsgrad=False, *, foreach=None, maximize=False, capturable=False, differentiable=False, fused=None',
  'optim.AdamW':
    'params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2, amsgrad=False, *, maximize=False, foreach=None, capturable=False, differentiable=False, fused=None',
  'optim.ASGD':
    'params, lr=1e-2, lambd=1e-4, alpha=0.75, t0=1e6, weight_decay=0, foreach=None, maximize=False, differentiable=False, capturable=False',
  'optim.Adafactor':
    'params, lr=1e-2, beta2_decay=-0.8, eps=(None, 1e-3), d=1.0, weight_decay=0.0, *, foreach=None, maximize=False',
  'optim.Adamax':
    'params, lr=2e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0, foreach=None, *, maximize=False, differentiable=False, capturable=False',
  'optim.LBFGS.step': 'closure',
  'optim.NAdam':
    'params, lr=2e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0, momentum_decay=4e-3, decoupled_weight_decay=False, *, foreach=None, maximize=False, capturable=False, differentiable=False',
  'optim.RAdam':
    'params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0, decoupled_weight_decay=False, *, foreach=None, maximize=False, capturable=False, differentiable=False',
  'optim.Rprop':
    'params, lr=1e-2, etas=(0.5, 1.2), step_sizes=(1e-6, 50), *, capturable=False, foreach=None, maximize=False, differentiable=False',
  'optim.Optimizer.step': 'closure=None',
  'optim.Optimizer.zero_grad': 'set_to_none=True',
  'optim.lr_scheduler.ChainedScheduler': 'schedulers, optimizer=None',
  'optim.lr_scheduler.ConstantLR': `optimizer, factor=1/3, total_iters=5, ${always}`,
  'optim.lr_scheduler.CosineAnnealingWarmRestarts': `optimizer, t0, t_mult=1, eta_min=0.0, ${always}`,
  'optim.lr_scheduler.CosineAnnealingWarmRestarts.step': 'epoch=None',
  'optim.lr_scheduler.CyclicLR': `optimizer, base_lr, max_lr, step_size_up=2000, step_size_down=None, mode='triangular', gamma=1.0, scale_fn=None, scale_mode='cycle', cycle_momentum=True, base_momentum=0.8, max_momentum=0.9, ${always}`,
  'optim.lr_scheduler.LinearLR': `optimizer, start_factor=1/3, end_factor=1.0, total_iters=5, ${always}`,
  'optim.lr_scheduler.MultiplicativeLR': `optimizer, lr_lambda, ${always}`,
  'optim.lr_scheduler.PolynomialLR': `optimizer, total_iters=5, power=1.0, ${always}`,
  'optim.lr_scheduler.ReduceLROnPlateau':
    "optimizer, mode='min', factor=0.1, patience=10, threshold=1e-4, threshold_mode='rel', cooldown=0, min_lr=0, eps=1e-8, verbose='deprecated'",
  'optim.lr_scheduler.ReduceLROnPlateau.step': 'metrics, epoch=None',
  'optim.lr_scheduler.SequentialLR': `optimizer, schedulers, milestones, ${always}`,
  'optim.lr_scheduler.CosineAnnealingLR': `optimizer, t_max, eta_min=0.0, ${always}`,
  'optim.lr_scheduler.ExponentialLR': `optimizer, gamma, ${always}`,
  'optim.lr_scheduler.LRScheduler.get_last_lr': '',
  'optim.lr_scheduler.LRScheduler.load_state_dict': 'state_dict',
  'optim.lr_scheduler.LRScheduler.state_dict': '',
  'optim.lr_scheduler.LRScheduler.step': 'epoch=None',
  'optim.lr_scheduler.LambdaLR': `optimizer, lr_lambda, ${always}`,
  'optim.lr_scheduler.MultiStepLR': `optimizer, milestones, gamma=0.1, ${always}`,
  'optim.lr_scheduler.OneCycleLR': `optimizer, max_lr, total_steps=None, epochs=None, steps_per_epoch=None, pct_start=0.3, anneal_strategy='cos', cycle_momentum=True, base_momentum=0.85, max_momentum=0.95, div_factor=25.0, final_div_factor=1e4, three_phase=False, ${always}`,
  'optim.lr_scheduler.StepLR': `optimizer, step_size, gamma=0.1, ${always}`,
  'optim.RMSprop':
    'params, lr=1e-2, alpha=0.99, eps=1e-8, weight_decay=0, momentum=0, centered=False, capturable=False, foreach=None, maximize=False, differentiable=False',
  'optim.SGD':
    'params, lr=1e-3, momentum=0, dampening=0, weight_decay=0, nesterov=False, *, maximize=False, foreach=None, differentiable=False, fused=None',
  'utils.data.DataLoader':
    "dataset, batch_size=1, shuffle=None, sampler=None, batch_sampler=None, num_workers=0, collate_fn=None, pin_memory=False, drop_last=False, timeout=0, worker_init_fn=None, multiprocessing_context=None, generator=None, *, prefetch_factor=None, persistent_workers=False, pin_memory_device='', in_order=True",
  'utils.data.random_split': 'dataset, lengths, generator=None',
};
