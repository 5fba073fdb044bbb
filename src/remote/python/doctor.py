"""Tells what a remote Python can do, as one line of JSON. Imports torch, and nothing that may be missing besides."""
import json
import os
import platform
import re
import shutil
import subprocess
import sys


def main():
    facts = {
        "python": platform.python_version(),
        "executable": sys.executable or "",
        "torch": None,
        "torch_error": None,
        "devices": [],
        "driver": driver(),
        "shared_memory_bytes": shared_memory(),
        "cpus": os.cpu_count() or 1,
    }
    try:
        import torch

        facts["torch"] = describe_torch(torch)
        facts["devices"] = [describe_device(torch, index) for index in range(torch.cuda.device_count())]
    except Exception as error:
        facts["torch_error"] = f"{type(error).__name__}: {error}"[:500]
    print(json.dumps(facts))


def describe_torch(torch):
    cudnn = torch.backends.cudnn
    return {
        "version": torch.__version__,
        "cuda": torch.version.cuda,
        "cudnn": cudnn.version() if cudnn.is_available() else None,
        "nccl": nccl(torch),
        "gloo": torch.distributed.is_available(),
        "architectures": torch.cuda.get_arch_list() if torch.cuda.is_available() else [],
    }


def nccl(torch):
    if not (torch.distributed.is_available() and torch.distributed.is_nccl_available()):
        return None
    version = torch.cuda.nccl.version()
    return ".".join(map(str, version)) if isinstance(version, tuple) else str(version)


def describe_device(torch, index):
    properties = torch.cuda.get_device_properties(index)
    return {
        "name": properties.name,
        "capability": f"{properties.major}.{properties.minor}",
        "memory_bytes": properties.total_memory,
    }


def driver():
    """The version of NVIDIA's driver, whether or not PyTorch can use it."""
    try:
        with open("/proc/driver/nvidia/version") as file:
            found = re.search(r"Module.*?(\d+\.\d+(?:\.\d+)?)", file.read())
            if found:
                return found.group(1)
    except OSError:
        pass
    if not shutil.which("nvidia-smi"):
        return None
    command = ["nvidia-smi", "--query-gpu=driver_version", "--format=csv,noheader"]
    lines = subprocess.run(command, capture_output=True, text=True).stdout.split()
    return lines[0] if lines else None


def shared_memory():
    try:
        return shutil.disk_usage("/dev/shm").total
    except OSError:
        return None


main()
