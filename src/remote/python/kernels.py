# --- the GPU's kernels of one run -----------------------------------------------------------------


def list_kernels(model, inputs, tensors, folder):
    """Every kernel of one run as torch.profiler saw it, in the order of its start, with the layer that started it."""
    if device.type != "cuda":
        return {}, {}
    from torch.profiler import ProfilerActivity, profile

    print("profiling one run", flush=True)
    with torch.no_grad(), autocast(), marked_layers(model), profile(activities=[ProfilerActivity.CPU, ProfilerActivity.CUDA]) as profiler:
        model(*inputs)
        torch.cuda.synchronize()
    on_gpu = torch.autograd.DeviceType.CUDA  # where a mark is told once more
    calls = [event for event in profiler.events() if event.name.startswith(LAYER) and event.device_type != on_gpu]
    events = [event for event in profiler.events() if not event.name.startswith(LAYER) and event.device_type == on_gpu]
    events.sort(key=lambda event: event.time_range.start)
    first = events[0].time_range.start if events else 0
    kernels = []
    for event in events[:10000]:
        kernel = {
            "name": event.name[:500],
            "start_ms": (event.time_range.start - first) / 1000,
            "time_ms": event.time_range.elapsed_us() / 1000,
        }
        layer = layer_at(calls, event.time_range.start)
        kernels.append(kernel if layer is None else {**kernel, "layer": layer})
    return {"kernels": kernels}, {}


LAYER = "layer "


@contextlib.contextmanager
def marked_layers(model):
    """Marks each layer's call in the profile, and waits for its kernels, so that they lie within the mark."""
    marks, handles = {}, []

    def begin(name):
        def hook(module, arguments):
            marks[name] = torch.autograd.profiler.record_function(LAYER + name)
            marks[name].__enter__()

        return hook

    def end(name):
        def hook(module, arguments, output):
            torch.cuda.synchronize()
            marks.pop(name).__exit__(None, None, None)

        return hook

    for name, module in model.named_modules():
        if not list(module.children()):
            handles += [module.register_forward_pre_hook(begin(name)), module.register_forward_hook(end(name))]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def layer_at(calls, time):
    """The layer in whose call a kernel started; None between layers."""
    return next((call.name[len(LAYER):] for call in calls if call.time_range.start <= time <= call.time_range.end), None)
