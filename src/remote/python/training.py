# --- training: forward, backward and the optimizer's step -----------------------------------------


def train(model, inputs, tensors, folder):
    """Trains on the one batch for some steps; gives the loss before each, and the times."""
    losses, times = train_steps(model, inputs, load_loss(tensors), load_targets(tensors), report_progress=True)
    return {"training": {"losses": losses, "step_ms": times}}, {}


def train_steps(model, inputs, loss_function, targets, report_progress=False):
    trained = [p for name, p in model.named_parameters() if name not in TRAINING["frozen"]]
    optimizer = getattr(torch.optim, TRAINING["optimizer"])(trained, **TRAINING["options"])
    losses, times = [], []
    for step in range(TRAINING["steps"]):
        synchronize()
        start = time.perf_counter()
        optimizer.zero_grad()
        with autocast():
            loss = loss_function(*flatten(model(*inputs)), *targets)
        loss.backward()
        optimizer.step()
        synchronize()
        times.append((time.perf_counter() - start) * 1000)
        if not math.isfinite(loss.item()):
            print(f"step {step + 1}: the loss is {loss.item()}, so training ends", flush=True)
            break
        losses.append(loss.item())
        if report_progress:
            print(f"step {step + 1} of {TRAINING['steps']}: loss {losses[-1]:.6g}", flush=True)
    return losses, times
