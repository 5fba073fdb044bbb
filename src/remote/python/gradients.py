# --- gradients of parameters and inputs ------------------------------------------------------------


def take_gradients(model, inputs, tensors, folder):
    """Goes backward once from the loss, and keeps the gradients of GRADIENTS."""
    print("taking gradients", flush=True)
    leaves = [x.detach().clone().requires_grad_() if x.is_floating_point() else x for x in inputs]
    named = {f"grad.{name}": parameter for name, parameter in model.named_parameters()}
    named.update({f"input_grad.{name}": leaf for name, leaf in zip(INPUTS, leaves)})
    model.zero_grad()
    with autocast():
        loss = load_loss(tensors)(*flatten(model(*leaves)), *load_targets(tensors))
    loss.backward()
    found = {name: named[name].grad.clone() for name in GRADIENTS if named[name].grad is not None}
    model.zero_grad()
    return {}, found
