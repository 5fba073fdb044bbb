/**
 * @file What layers take in PyTorch 2.6, in Python's words, where that differs from 1.13 or inspect does not tell it.
 */
const recurrent = "input_size, hidden_size, num_layers=1, bias=True, batch_first=False, dropout=0.0, bidirectional=False";

export const laterLayers: Readonly<Record<string, string>> = {
  'nn.Embedding': 'num_embeddings, embedding_dim, padding_idx=None, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, sparse=False, _weight=None, _freeze=False, device=None, dtype=None',
  'nn.GRU': `${recurrent}, device=None, dtype=None`,
  'nn.LayerNorm': 'normalized_shape, eps=1e-5, elementwise_affine=True, bias=True, device=None, dtype=None',
  'nn.LSTM': `${recurrent}, proj_size=0, device=None, dtype=None`,
  'nn.MultiheadAttention.forward': 'query, key, value, key_padding_mask=None, need_weights=True, attn_mask=None, average_attn_weights=True, is_causal=False',
  'nn.RNN': "input_size, hidden_size, num_layers=1, nonlinearity='tanh', bias=True, batch_first=False, dropout=0.0, bidirectional=False, device=None, dtype=None",
  'nn.TransformerEncoder.forward': 'src, mask=None, src_key_padding_mask=None, is_causal=None',
  'nn.TransformerEncoderLayer': "d_model, nhead, dim_feedforward=2048, dropout=0.1, activation='relu', layer_norm_eps=1e-5, batch_first=False, norm_first=False, bias=True, device=None, dtype=None",
  'nn.TransformerEncoderLayer.forward': 'src, src_mask=None, src_key_padding_mask=None, is_causal=False',
};
