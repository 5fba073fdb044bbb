# --- each layer by itself -------------------------------------------------------------------------


def measure_layers(model, inputs, tensors, folder):
    """Times every layer within whole runs, and keeps what those of ACTIVATIONS gave at their first call."""
    layers = [(name, module) for name, module in model.named_modules() if name in ACTIVATIONS or not list(module.children())]
    times = {name: [] for name, _ in layers}
    activations = {}
    started = {}

    def before(name):
        def hook(module, arguments):
            started[name] = mark()

        return hook

    def after(name):
        def hook(module, arguments, output):
            spans[name].append((started[name], mark()))
            if name in ACTIVATIONS and f"activation.{name}" not in activations:
                activations[f"activation.{name}"] = flatten(output)[0].clone()

        return hook

    handles = []
    for name, module in layers:
        handles.append(module.register_forward_pre_hook(before(name)))
        handles.append(module.register_forward_hook(after(name)))
    print(f"measuring {len(layers)} layers", flush=True)
    for _ in range(min(SETTINGS["repeats"], 10)):
        spans = {name: [] for name, _ in layers}
        with torch.no_grad(), autocast():
            model(*inputs)
        synchronize()
        for name, found in spans.items():
            if found:
                times[name].append(sum(elapsed(start, end) for start, end in found))
    for handle in handles:
        handle.remove()
    report = [
        {"name": name, "type": type(module).__name__, "times_ms": times[name]} for name, module in layers if times[name]
    ]
    return {"layers": report}, activations


def mark():
    """A point in time on the device."""
    if device.type != "cuda":
        return time.perf_counter()
    event = torch.cuda.Event(enable_timing=True)
    event.record()
    return event


def elapsed(start, end):
    return start.elapsed_time(end) if device.type == "cuda" else (end - start) * 1000
