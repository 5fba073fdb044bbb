# --- the same training, data-parallel on several processes ----------------------------------------


def measure_scaling(model, inputs, tensors, folder):
    """Runs this program under torchrun on 1 and on several processes, each with its part of the batch."""
    runs = [launch(count, folder) for count in (1, TRAINING["processes"])]
    return {"scaling": runs}, {}


def launch(count, folder):
    print(f"torchrun with {count} processes", flush=True)
    path = os.path.join(folder, f"distributed-{count}.json")
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", f"--nproc_per_node={count}"]
    command += ["--redirects=1", "--tee=1"]  # without them PyTorch 1.13 does not start under Python 3.11
    threads = max(1, torch.get_num_threads() // count)  # torchrun gives several processes one each, and one process all
    environment = {**os.environ, "OMP_NUM_THREADS": str(threads)}
    done = subprocess.run(command + [os.path.abspath(__file__), folder, path], capture_output=True, text=True, env=environment)
    if done.returncode != 0:
        # What a process says of itself comes first, torchrun's summary after it.
        raise RuntimeError(f"torchrun with {count} processes ended with {done.returncode}: {done.stderr[:2000]}")
    with open(path) as file:
        return json.load(file)


def train_one_rank(folder, path):
    """What each process of torchrun does."""
    import torch.distributed as dist
    from torch.nn.parallel import DistributedDataParallel

    global device
    rank, local, count = (int(os.environ[name]) for name in ("RANK", "LOCAL_RANK", "WORLD_SIZE"))
    if device.type == "cuda":
        device = torch.device("cuda", local)
        torch.cuda.set_device(device)
    backend = "nccl" if device.type == "cuda" else "gloo"
    dist.init_process_group(backend)
    apply_switches()
    tensors = read_tensors(os.path.join(folder, "job.safetensors"))
    model = DistributedDataParallel(load_model(tensors), device_ids=[local] if device.type == "cuda" else None)
    inputs = [prepare(tensors[f"input.{name}"]).chunk(count)[rank] for name in INPUTS]
    targets = [target.chunk(count)[rank] for target in load_targets(tensors)]
    losses, times = train_steps(model, inputs, load_loss(tensors), targets)

    # The mean of the ranks' losses is the batch's loss, since each has an equal part of it.
    mean = torch.tensor(losses, device=device)
    dist.all_reduce(mean)
    if rank == 0:
        samples = inputs[0].shape[0] * count
        steps = sorted(times[1:] or times)
        report = {
            "processes": count,
            "backend": backend,
            "losses": (mean / count).tolist(),
            "step_ms": times,
            "samples_per_second": samples / (steps[len(steps) // 2] / 1000),
        }
        with open(path, "w") as file:
            json.dump(report, file)
    dist.barrier()  # nobody hangs up while another still talks
    dist.destroy_process_group()
