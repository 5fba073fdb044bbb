# --- the GPU's kernels of one run -----------------------------------------------------------------


def list_kernels(model, inputs, tensors, folder):
    """Every kernel of one run as torch.profiler saw it, in the order of its start."""
    if device.type != "cuda":
        return {}, {}
    from torch.profiler import ProfilerActivity, profile

    print("profiling one run", flush=True)
    with torch.no_grad(), autocast(), profile(activities=[ProfilerActivity.CPU, ProfilerActivity.CUDA]) as profiler:
        model(*inputs)
        torch.cuda.synchronize()
    events = [event for event in profiler.events() if event.device_type == torch.autograd.DeviceType.CUDA]
    events.sort(key=lambda event: event.time_range.start)
    first = events[0].time_range.start if events else 0
    kernels = [
        {
            "name": event.name[:500],
            "start_ms": (event.time_range.start - first) / 1000,
            "time_ms": event.time_range.elapsed_us() / 1000,
        }
        for event in events[:10000]
    ]
    return {"kernels": kernels}, {}
