"""Evaluates cases of operations with PyTorch: reads them as JSON, writes the results as JSON. scripts/goldens/ops.ts calls it."""
import base64
import json
import math
import sys

import torch
import torch.nn.functional as F

try:
    import torch.ao.quantization  # the observers; PyTorch is giving torch.ao up for a package of its own
except ImportError:
    print("this PyTorch has no torch.ao.quantization: goldens of chooseQparams need an older one", file=sys.stderr)

NAMES = {torch.float32: "float32", torch.float16: "float16", torch.bfloat16: "bfloat16", torch.int32: "int32", torch.int64: "int64", torch.int16: "int32",
         torch.uint8: "uint8", torch.int8: "int8", torch.bool: "bool"}
PLACED = {
    "contiguous": lambda x: x,
    "permuted": lambda x: x.permute(*reversed(range(x.dim()))),
    "stepped": lambda x: x[..., ::2],
}


class qF:
    """torch.ao.nn.quantized.functional, by the operators under it, which stay where torch.ao goes."""

    @staticmethod
    def conv2d(x, weight, bias, stride=1, padding=0, dilation=1, groups=1, scale=1.0, zero_point=0):
        pair = lambda value: [value, value] if isinstance(value, int) else list(value)
        packed = torch.ops.quantized.conv2d_prepack(weight, bias, pair(stride), pair(padding), pair(dilation), groups)
        return torch.ops.quantized.conv2d(x, packed, scale, zero_point)

    @staticmethod
    def linear(x, weight, bias, scale, zero_point):
        return torch.ops.quantized.linear(x, torch.ops.quantized.linear_prepack(weight, bias), scale, zero_point)


def leaf(given):
    dtype = getattr(torch, given["dtype"])
    data = bytearray(base64.b64decode(given["data"]))
    return torch.frombuffer(data, dtype=kept(dtype)).to(dtype).reshape(given["shape"]) if data else torch.empty(given["shape"], dtype=dtype)


def kept(dtype):
    """What wuDNN keeps a dtype's numbers in: int64 has 32 bits there."""
    return torch.int32 if dtype == torch.int64 else dtype


def seed(y, incoming):
    seeds = ((7 * torch.arange(y.numel())) % 11 - 4) / 4
    if incoming:
        first, end = (0, y.numel()) if incoming["everywhere"] else (y.numel() // 3, y.numel() // 3 + 1)
        seeds[first:end] = float(incoming["value"])
    return seeds.reshape(y.shape).to(y.dtype)


def tensors(value):
    return [value] if isinstance(value, torch.Tensor) else [t for part in value for t in tensors(part)]


def differentiate(outputs, leaves, twice, incoming):
    """The gradients of the outputs that have one, by the name of the leaf that gets one."""
    outputs = [y for y in outputs if y.requires_grad]
    wanted = {name: x for name, x in leaves.items() if x.requires_grad}
    if not outputs or not wanted:
        return {}
    grads = torch.autograd.grad(outputs, list(wanted.values()), [seed(y, incoming) for y in outputs], create_graph=twice, retain_graph=True, allow_unused=True)
    return {name: grad for name, grad in zip(wanted, grads) if grad is not None}


def evaluate(case, leaves):
    twice = case["grad"] == "twice"
    for given in case["inputs"]:
        leaves[given["name"]].requires_grad_(given["gradient"] and case["grad"] is not False)
    seen = {given["name"]: PLACED[given["placement"]](leaves[given["name"]]) for given in case["inputs"]}
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=case.get("autocast", False)):
        outputs = tensors(eval(case["python"], {"torch": torch, "F": F, "qF": qF, "math": math, "nan": math.nan, "inf": math.inf, **seen}))
    results = {f"out{i or ''}": y for i, y in enumerate(outputs)}
    incoming = case.get("incoming")
    grads = differentiate(outputs, leaves, twice, incoming)
    results.update({f"grad {name}": grad for name, grad in grads.items()})
    if twice:
        second = differentiate(list(grads.values()), leaves, False, incoming)
        results.update({f"grad2 {name}": grad for name, grad in second.items()})
    return results


def answer(case):
    """PyTorch's cpu lacks operations on 16 bits; those are computed in float32, as its GPUs do, and rounded."""
    brief = next((given["dtype"] for given in case["inputs"] if given["dtype"] in ("float16", "bfloat16")), None)
    try:
        try:
            return evaluate(case, {given["name"]: leaf(given) for given in case["inputs"]})
        except RuntimeError:
            if brief is None:
                raise
            wide = {given["name"]: leaf(given).float() if given["dtype"] == brief else leaf(given) for given in case["inputs"]}
            return {name: y.to(getattr(torch, brief)) if y.is_floating_point() else y for name, y in evaluate(case, wide).items()}
    except Exception as error:
        if case.get("mayRefuse"):
            return {}
        raise RuntimeError(f"{case['title']}: {case['python']}") from error


def tell(name, y):
    dtype = NAMES[y.dtype]
    stored = y.detach().to(kept(getattr(torch, dtype)))
    if not torch.equal(stored.to(y.dtype), y.detach()) and not y.is_floating_point():
        raise OverflowError(f"{name}: a result is beyond int32; wuDNN refuses it, so it is no case")
    stored = stored.contiguous().reshape(-1)
    data = (stored.view(torch.int16) if y.dtype == torch.bfloat16 else stored).numpy().tobytes()
    return {"name": name, "dtype": dtype, "shape": list(y.shape), "data": base64.b64encode(data).decode()}


if __name__ == "__main__":
    results = [[tell(name, y) for name, y in answer(case).items()] for case in json.load(sys.stdin)]
    json.dump({"torch": torch.__version__, "results": results}, sys.stdout)
