"""Steps with PyTorch's own gradient scaler, on the cpu: factors of the loss as JSON in, weights and the scaler's state after each out.

Before 2.3 the scaler was for CUDA alone. Then its class runs with what asks for CUDA taken out, and its two kernels are
written after CUDA's (aten/src/ATen/native/cuda/AmpKernels.cu); stages and state are PyTorch's code.
"""
import inspect
import json
import math
import re
import sys

import torch


class Replicator:
    """One tensor for all devices, since there is one device."""

    def __init__(self, tensor):
        self._per_device_tensors = {tensor.device: tensor}

    def get(self, device):
        return self._per_device_tensors[device]


def check_and_unscale(gradients, found, inverse):
    for gradient in gradients:
        if not torch.isfinite(gradient).all():
            found.fill_(1)
        gradient.mul_(inverse)


def update_scale(scale, tracker, found, growth, backoff, interval):
    if found.item():
        scale.mul_(backoff)
        tracker.zero_()
    elif tracker.item() + 1 == interval:
        if math.isfinite((scale * growth).item()):
            scale.mul_(growth)
        tracker.zero_()
    else:
        tracker.add_(1)


def scaler_of_cuda():
    import torch.cuda.amp.grad_scaler as module

    source = inspect.getsource(module.GradScaler)
    source = re.sub(r"assert .*is_cuda.*", "pass", source).replace("amp_definitely_not_available()", "False")
    source = source.replace("torch._amp_foreach_non_finite_check_and_unscale_", "check_and_unscale")
    source = source.replace("torch._amp_update_scale_", "update_scale")
    space = {**vars(module), "_MultiDeviceReplicator": Replicator, "check_and_unscale": check_and_unscale, "update_scale": update_scale}
    exec(source, space)
    return space["GradScaler"]


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    settings = {name: asked[name] for name in ("init_scale", "growth_interval", "growth_factor", "backoff_factor")}
    scaler = torch.amp.GradScaler("cpu", **settings) if hasattr(torch.amp, "GradScaler") else scaler_of_cuda()(**settings)
    w = torch.tensor([0.5, -0.25], requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.125, momentum=0.5)
    told = []
    for i, factor in enumerate(asked["factors"]):
        optimizer.zero_grad()
        scaler.scale((w * w * float(factor)).sum()).backward()
        if i % 2:
            scaler.unscale_(optimizer)
        scaler.step(optimizer)
        scaler.update()
        state = scaler.state_dict()
        told.append([w.tolist(), state["scale"], state["_growth_tracker"]])
    json.dump(told, sys.stdout)
