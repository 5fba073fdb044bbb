# --- the job: read weights and inputs, run, time, write the results -------------------------------


def read_tensors(path):
    """Reads a safetensors file: an 8-byte length, a JSON header, the bytes."""
    with open(path, "rb") as file:
        data = bytearray(file.read())
    start = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:start])
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        dtype, shape = FROM_SAFETENSORS[entry["dtype"]], entry["shape"]
        count = math.prod(shape)
        if count == 0:
            tensors[name] = torch.empty(shape, dtype=dtype)
        else:
            offset = start + entry["data_offsets"][0]
            tensors[name] = torch.frombuffer(data, dtype=dtype, count=count, offset=offset).reshape(shape)
    return tensors


def write_tensors(path, tensors):
    """Writes a safetensors file, the widest elements first, so that all are aligned."""
    tensors = {name: portable(tensor) for name, tensor in tensors.items()}
    order = sorted(tensors, key=lambda name: -tensors[name].element_size())
    header, offset = {}, 0
    for name in order:
        tensor = tensors[name]
        end = offset + tensor.numel() * tensor.element_size()
        header[name] = {"dtype": TO_SAFETENSORS[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [offset, end]}
        offset = end
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(len(text).to_bytes(8, "little"))
        file.write(text)
        for name in order:
            tensor = tensors[name]
            if tensor.numel() > 0:
                data = bytearray(tensor.numel() * tensor.element_size())
                torch.frombuffer(data, dtype=tensor.dtype).copy_(tensor.reshape(-1))
                file.write(data)


def portable(tensor):
    """The tensor on the CPU, in a dtype that both sides know."""
    tensor = tensor.detach().cpu()
    if tensor.dtype == torch.float64:
        return tensor.float()
    if tensor.dtype == torch.int16:
        return tensor.to(torch.int32)
    return tensor.contiguous()


FROM_SAFETENSORS = {
    "F32": torch.float32,
    "F16": torch.float16,
    "BF16": torch.bfloat16,
    "I64": torch.int64,
    "I32": torch.int32,
    "I8": torch.int8,
    "U8": torch.uint8,
    "BOOL": torch.bool,
}
TO_SAFETENSORS = {dtype: name for name, dtype in FROM_SAFETENSORS.items()}


def digest(*paths):
    """SHA-256 over the bytes of the files, one after the other."""
    found = hashlib.sha256()
    for path in paths:
        with open(path, "rb") as file:
            found.update(file.read())
    return found.hexdigest()


def prepare(tensor):
    """Moves to the device; floating point takes the job's dtype, whole numbers index and so become int64."""
    if tensor.is_floating_point():
        tensor = tensor.to(device, getattr(torch, SETTINGS["dtype"]))
        if SETTINGS["channels_last"] and tensor.dim() == 4:
            tensor = tensor.contiguous(memory_format=torch.channels_last)
        return tensor
    return tensor.to(device, torch.int64) if tensor.dtype == torch.int32 else tensor.to(device)


def load_model(tensors):
    model = MODEL()
    prefix = "state."
    state = {name[len(prefix):]: tensor for name, tensor in tensors.items() if name.startswith(prefix)}
    missing, unexpected = model.load_state_dict(state, strict=False)
    missing = [name for name in missing if not name.endswith("num_batches_tracked")]
    if missing or unexpected:
        raise KeyError(f"weights do not fit the model: missing {missing}, unexpected {unexpected}")
    model.train(SETTINGS["training_mode"])
    model.to(device, getattr(torch, SETTINGS["dtype"]))
    if SETTINGS["channels_last"]:
        model.to(memory_format=torch.channels_last)
    return model


def apply_switches():
    torch.backends.cudnn.benchmark = SETTINGS["benchmark"]
    torch.backends.cudnn.deterministic = SETTINGS["deterministic"]
    torch.backends.cudnn.allow_tf32 = SETTINGS["allow_tf32"]
    torch.backends.cuda.matmul.allow_tf32 = SETTINGS["allow_tf32"]


def autocast():
    if SETTINGS["autocast"] is None:
        return contextlib.nullcontext()
    return torch.autocast(device.type, getattr(torch, SETTINGS["autocast"]))


def synchronize():
    if device.type == "cuda":
        torch.cuda.synchronize()


def timed(run):
    """Milliseconds of one run, between CUDA events or by the wall clock."""
    if device.type == "cuda":
        start, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        start.record()
        run()
        end.record()
        torch.cuda.synchronize()
        return start.elapsed_time(end)
    start = time.perf_counter()
    run()
    return (time.perf_counter() - start) * 1000


def measure(run):
    """Milliseconds of the repeats, after the warm-up."""
    print(f"warming up: {SETTINGS['warmup']} runs", flush=True)
    for _ in range(SETTINGS["warmup"]):
        run()
    synchronize()
    print(f"measuring: {SETTINGS['repeats']} runs", flush=True)
    return [timed(run) for _ in range(SETTINGS["repeats"])]


def peak_memory():
    """Bytes: of the GPU's allocator, or of the whole process on a CPU."""
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def describe_device():
    if device.type == "cuda":
        properties = torch.cuda.get_device_properties(device)
        return {
            "type": "cuda",
            "name": properties.name,
            "capability": f"{properties.major}.{properties.minor}",
            "memory_bytes": properties.total_memory,
        }
    return {"type": "cpu", "name": processor_name(), "threads": torch.get_num_threads()}


def processor_name():
    try:
        with open("/proc/cpuinfo") as file:
            return next(line.split(":", 1)[1].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def versions():
    found = {"python": platform.python_version(), "torch": torch.__version__}
    if torch.version.cuda:
        found["cuda"] = torch.version.cuda
    if torch.backends.cudnn.is_available():
        found["cudnn"] = str(torch.backends.cudnn.version())
    return found


def flatten(outputs):
    """The outputs as a list of tensors: a model returns one, or a tuple of them."""
    return [outputs] if isinstance(outputs, torch.Tensor) else list(outputs)


def main(folder):
    apply_switches()
    tensors = read_tensors(os.path.join(folder, "job.safetensors"))
    model = load_model(tensors)
    inputs = [prepare(tensors[f"input.{name}"]) for name in INPUTS]
    call = torch.compile(model) if SETTINGS["compile"] else model

    def run():
        with torch.no_grad(), autocast():
            return call(*inputs)

    print(f"running {MODEL.__name__} on {device.type}", flush=True)
    start = time.perf_counter()
    outputs = flatten(run())
    synchronize()
    cold = (time.perf_counter() - start) * 1000
    results = dict(zip(OUTPUTS, outputs))
    warm = measure(run)
    report = {
        "format": "wudnn-report/1",
        "model": MODEL.__name__,
        "job_sha256": digest(__file__, os.path.join(folder, "job.safetensors")),
        "device": describe_device(),
        "versions": versions(),
        "settings": SETTINGS,
        "clock": "cuda events" if device.type == "cuda" else "perf_counter",
        "times": {"cold_ms": cold, "warm_ms": warm},
        "outputs": [
            {"name": name, "shape": list(tensor.shape), "dtype": str(tensor.dtype).replace("torch.", "")}
            for name, tensor in results.items()
        ],
    }
    for part in PARTS:
        fields, found = part(model, inputs, tensors, folder)
        report.update(fields)
        results.update(found)

    report["memory"] = {"peak_bytes": peak_memory()}
    write_tensors(os.path.join(folder, "results.safetensors"), results)
    with open(os.path.join(folder, "report.json"), "w") as file:
        json.dump(report, file, indent=1)
    print("done", flush=True)
