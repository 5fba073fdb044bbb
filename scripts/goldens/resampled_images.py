"""Images at another size as PyTorch makes them, to compare ours with.

    python3 scripts/goldens/resampled_images.py > test/golden/resampled.json

The weights are those of F.interpolate(mode="bilinear", antialias=True), which torchvision's resize calls. The image is
a formula, so that only what becomes of it has to be kept: its float32 numbers, in base64.
"""
import base64
import json

import torch
import torch.nn.functional as F


def image(height, width):
    """[3, height, width], from 0 to 1."""
    c, y, x = (torch.arange(n).reshape(shape) for n, shape in ((3, (3, 1, 1)), (height, (1, height, 1)), (width, (1, 1, width))))
    return ((97 * c + 31 * y + 17 * x) % 256).float() / 255


def resampled(source, size):
    made = F.interpolate(image(*source)[None], size=tuple(size), mode="bilinear", antialias=True, align_corners=False)[0]
    return {"from": list(source), "to": list(size), "values": base64.b64encode(made.contiguous().numpy().tobytes()).decode()}


CASES = [
    [(5, 7), (3, 4)], [(5, 7), (2, 3)], [(5, 7), (1, 1)], [(5, 7), (11, 13)], [(5, 7), (5, 3)], [(5, 7), (9, 7)], [(5, 7), (2, 20)],
    [(1, 9), (1, 4)], [(9, 1), (20, 1)], [(64, 48), (10, 7)], [(24, 22), (23, 21)], [(33, 100), (8, 12)], [(2, 2), (17, 16)],
]

if __name__ == "__main__":
    cases = [resampled(*case) for case in CASES]
    print(json.dumps({"torch": torch.__version__, "cases": cases}).replace("}, {", "},\n{"))
