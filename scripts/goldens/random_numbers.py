"""Random numbers as PyTorch draws them on the CPU, to compare ours with.

    python3 scripts/goldens/random_numbers.py > test/golden/random.json

A run is a seed and the calls that follow it, one after the other, on one generator. What a call drew is told by the
SHA-256 of its bytes, and by the bytes themselves where they are few.
"""
import base64
import hashlib
import json
import struct

import torch
import torch.nn.functional as F
from torch import nn

WHOLE = 31  # Calls of up to so many elements are told in full, others by their first 8.
PENDING = slice(5024, 5044)  # Where a state keeps the second sample of a Box-Muller pair.


def parameters(module):
    return torch.cat([parameter.detach().flatten() for parameter in module.parameters()])


DRAW = {
    "uniform": lambda n, a, b: torch.empty(n).uniform_(a, b),
    "uniformHalf": lambda n, a, b: torch.empty(n, dtype=torch.float16).uniform_(a, b),
    "normal": lambda n, a, b: torch.empty(n).normal_(a, b),
    "randint": lambda n, a, b: torch.randint(a, b, (n,)).int(),
    "randperm": lambda n, a, b: torch.randperm(n).int(),
    "bernoulli": lambda n, p, _: torch.empty(n).bernoulli_(p).byte(),
    "dropout": lambda n, p, _: F.dropout(torch.ones(n), p).ne(0).byte(),
    "conv2d": lambda n, a, b: parameters(nn.Conv2d(3, 16, 3)),
    "linear": lambda n, a, b: parameters(nn.Linear(20, 30)),
}


def digest(data):
    return hashlib.sha256(data).hexdigest()[:16]


def tell(call):
    name, n, a, b = call
    values = DRAW[name](n, a, b).numpy()
    head = (values if n <= WHOLE else values[:8]).tobytes()
    return [*call, base64.b64encode(head).decode(), digest(values.tobytes())]


def run(seed, calls):
    """The answers to the calls, and the state afterwards."""
    torch.manual_seed(int(seed))
    answers = [tell(call) for call in calls]
    state = bytearray(torch.get_rng_state().numpy().tobytes())
    normal, valid = struct.unpack_from("<d", state, 5024)[0], state[5040]
    state[PENDING] = bytes(20)
    return {"seed": seed, "calls": answers, "state": digest(state), "pending": normal if valid else None}


def every_call(n):
    return [
        ["uniform", n, 0, 1], ["uniform", n, -0.19245008972987526, 0.19245008972987526], ["uniformHalf", n, -3, 0.7],
        ["normal", n, 0, 1], ["normal", n, -2, 0.3], ["randint", n, 0, 10], ["randint", n, -5, 2_000_000_000],
        ["randint", n, -2**31, 2**31], ["randperm", n, 0, 0], ["bernoulli", n, 0.1, 0], ["dropout", n, 0.5, 0],
    ]


def goldens():
    sizes = [0, 1, 5, 15, 16, 17, 31, 100, 1000, 100003]
    yield run("0", [call for n in sizes for call in every_call(n)])
    yield run("42", [["conv2d", 448, 0, 0], ["linear", 630, 0, 0], ["normal", 3, 0, 1]])
    for i, seed in enumerate([1, -1, 2**31, 2**32 - 1, 2**32 + 7, 2**53 - 1, 2**63, 2**64 - 1]):
        yield run(str(seed), every_call(sizes[1 + i]))


def saved_state():
    """A state in the midst of a pair of normal samples, and what follows it."""
    torch.manual_seed(2024)
    torch.rand(1000)
    torch.randn(7)
    state = base64.b64encode(torch.get_rng_state().numpy().tobytes()).decode()
    return {"state": state, "calls": [tell(call) for call in every_call(9)]}


if __name__ == "__main__":
    print(json.dumps({"torch": torch.__version__, "runs": list(goldens()), "saved": saved_state()}, indent=None).replace("], [", "],\n["))
