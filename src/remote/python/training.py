# --- training: forward, backward and the optimizer's step -----------------------------------------


def train(model, inputs, tensors, folder):
    """Trains on the one batch for some steps; gives the losses, the times, and the gradients of the first step."""
    target = prepare(tensors["target"])
    losses, times, gradients = train_steps(model.train(), inputs, target, report_progress=True)
    return {"training": {"losses": losses, "step_ms": times}}, gradients


def train_steps(model, inputs, target, report_progress=False):
    optimizer = getattr(torch.optim, TRAINING["optimizer"])(model.parameters(), **TRAINING["options"])
    loss_function = getattr(nn, TRAINING["loss"])()
    losses, times, gradients = [], [], {}
    for step in range(TRAINING["steps"]):
        synchronize()
        start = time.perf_counter()
        optimizer.zero_grad()
        with autocast():
            loss = loss_function(flatten(model(*inputs))[0], target)
        loss.backward()
        if step == 0:
            gradients = {f"grad.{name}": p.grad.clone() for name, p in model.named_parameters() if p.grad is not None}
        optimizer.step()
        synchronize()
        times.append((time.perf_counter() - start) * 1000)
        losses.append(loss.item())
        if report_progress:
            print(f"step {step + 1} of {TRAINING['steps']}: loss {losses[-1]:.6g}", flush=True)
    return losses, times, gradients
