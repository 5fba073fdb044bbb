def attention_by_hand(query, key, value, attn_mask=None, is_causal=False, scale=1.0):
    """scaled_dot_product_attention, for versions of PyTorch that lack it or its scale."""
    scores = query @ key.transpose(-2, -1) * scale
    if is_causal:
        allowed = torch.ones(scores.shape[-2:], dtype=torch.bool, device=scores.device).tril()
        scores = scores.masked_fill(~allowed, float("-inf"))
    if attn_mask is not None:
        scores = scores + attn_mask
    forbidden = (scores == float("-inf")).all(-1, keepdim=True)
    return torch.softmax(scores, -1).masked_fill(forbidden, 0) @ value


if tuple(int(part) for part in torch.__version__.split(".")[:2]) < (2, 1):
    F.scaled_dot_product_attention = attention_by_hand
