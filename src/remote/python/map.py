# --- cuDNN's crossover map: its own table of forward algorithms for each shape --------------------


def map_cells(model, inputs, tensors, folder):
    """Asks cuDNN about each cell; in a process of its own, for what crashes there. What it told until then counts."""
    if device.type != "cuda":
        print("there is no cuDNN to ask: PyTorch runs on the cpu", flush=True)
        return {}, {}
    path = os.path.join(folder, "map.jsonl")
    command = [sys.executable, os.path.abspath(__file__), folder, "--map", path]
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        print(f"cuDNN ended early: {done.stderr.strip()[-500:]}", flush=True)
    if not os.path.exists(path):
        return {}, {}
    with open(path) as file:
        return {"cells": [json.loads(line) for line in file if line.endswith("\n")]}, {}


def map_alone(folder, path):
    """What the process of its own does: a line for each cell, until the time is over."""
    apply_switches()
    cudnn = Cudnn()
    handle = cudnn.create("cudnnCreate")
    end = time.monotonic() + CELLS["seconds"]
    with open(path, "w") as file:
        for i, cell in enumerate(CELLS["cells"]):
            if time.monotonic() > end:
                print(f"the time is over after {i} of {len(CELLS['cells'])} cells", flush=True)
                return
            print(f"cell {i + 1} of {len(CELLS['cells'])}", flush=True)
            file.write(json.dumps({**cell, **ask_about(cudnn, handle, cell)}) + "\n")
            file.flush()


def ask_about(cudnn, handle, cell):
    """cuDNN's table of one shape, or why it has none: above all, too little memory."""
    try:
        (n, c, h, w, k, r, s, stride, padding), dtype = cell["sizes"], getattr(torch, cell["dtype"])
        convolution = nn.Conv2d(c, k, (r, s), stride, padding, bias=False).to(device, dtype)
        x = torch.randn(n, c, h, w, device=device, dtype=dtype)
        with torch.no_grad():
            y = convolution(x)
        return {"candidates": cudnn.find(handle, convolution, x, convolution.weight, y)}
    except RuntimeError as error:
        return {"why": str(error).split("\n")[0][:200]}
    finally:
        torch.cuda.empty_cache()
