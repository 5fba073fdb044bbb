# --- cuDNN's own table: every forward algorithm of every convolution, measured --------------------


def find_algorithms(model, inputs, tensors, folder):
    """Asks cudnnFindConvolutionForwardAlgorithmEx about each convolution; in a process of its own, for what crashes there."""
    if device.type != "cuda":
        return {}, {}
    print("asking cuDNN about each convolution", flush=True)
    path = os.path.join(folder, "find.json")
    done = subprocess.run([sys.executable, os.path.abspath(__file__), folder, "--find", path], capture_output=True, text=True)
    if done.returncode != 0:
        print(f"cuDNN told nothing: {done.stderr.strip()[-500:]}", flush=True)
        return {}, {}
    with open(path) as file:
        return {"algorithms": json.load(file)}, {}


# The numbers of cuDNN's headers, cudnn_graph_v9.h and cudnn_cnn_v9.h.
CUDNN_TYPES = {torch.float32: 0, torch.float64: 1, torch.float16: 2, torch.bfloat16: 9}
FORWARD_ALGORITHMS = [
    "IMPLICIT_GEMM",
    "IMPLICIT_PRECOMP_GEMM",
    "GEMM",
    "DIRECT",
    "FFT",
    "FFT_TILING",
    "WINOGRAD",
    "WINOGRAD_NONFUSED",
]
MATH_TYPES = ["DEFAULT_MATH", "TENSOR_OP_MATH", "TENSOR_OP_MATH_ALLOW_CONVERSION", "FMA_MATH"]
TENSOR_FORMATS = {torch.contiguous_format: 0, torch.channels_last: 1}
CROSS_CORRELATION = 1


class Performance(ctypes.Structure):
    """cudnnConvolutionFwdAlgoPerf_t"""

    _fields_ = [
        ("algo", ctypes.c_int),
        ("status", ctypes.c_int),
        ("time", ctypes.c_float),
        ("memory", ctypes.c_size_t),
        ("determinism", ctypes.c_int),
        ("math_type", ctypes.c_int),
        ("reserved", ctypes.c_int * 3),
    ]


class Cudnn:
    """The few calls of cuDNN that this needs; each raises where cuDNN reports an error."""

    def __init__(self):
        # torch has loaded it already, so the name alone finds it.
        self.library = ctypes.CDLL(f"libcudnn.so.{9 if torch.backends.cudnn.version() >= 90000 else 8}")
        self.library.cudnnGetErrorString.restype = ctypes.c_char_p

    def call(self, name, *arguments):
        status = getattr(self.library, name)(*arguments)
        if status != 0:
            raise RuntimeError(f"{name}: {self.library.cudnnGetErrorString(status).decode()}")

    def create(self, name):
        value = ctypes.c_void_p()
        self.call(name, ctypes.byref(value))
        return value

    def problem(self, convolution, x, w, y):
        """Descriptors of input, filter, convolution and output, as PyTorch itself makes them for cuDNN."""
        kind, layout = CUDNN_TYPES[y.dtype], TENSOR_FORMATS[memory_format()]
        tensors = [self.create("cudnnCreateTensorDescriptor") for _ in range(2)]
        for descriptor, tensor in zip(tensors, (x, y)):
            self.call("cudnnSetTensor4dDescriptor", descriptor, layout, kind, *tensor.shape)
        filter = self.create("cudnnCreateFilterDescriptor")
        self.call("cudnnSetFilter4dDescriptor", filter, kind, layout, *w.shape)
        descriptor = self.create("cudnnCreateConvolutionDescriptor")
        geometry = [*convolution.padding, *convolution.stride, *convolution.dilation]
        sums = CUDNN_TYPES[torch.float64 if y.dtype == torch.float64 else torch.float32]
        self.call("cudnnSetConvolution2dDescriptor", descriptor, *geometry, CROSS_CORRELATION, sums)
        self.call("cudnnSetConvolutionGroupCount", descriptor, convolution.groups)
        self.call("cudnnSetConvolutionMathType", descriptor, MATH_TYPES.index(math_type(y.dtype)))
        return tensors[0], filter, descriptor, tensors[1]

    def find(self, handle, convolution, x, w, y):
        x_descriptor, filter, descriptor, y_descriptor = self.problem(convolution, x, w, y)
        free, _ = torch.cuda.mem_get_info()
        workspace = torch.empty(min(free // 2, 2**31), dtype=torch.uint8, device=device)
        found, results = ctypes.c_int(), (Performance * 32)()
        x_data, w_data, y_data, workspace_data = (ctypes.c_void_p(tensor.data_ptr()) for tensor in (x, w, y, workspace))
        self.call(
            "cudnnFindConvolutionForwardAlgorithmEx",
            handle,
            x_descriptor,
            x_data,
            filter,
            w_data,
            descriptor,
            y_descriptor,
            y_data,
            len(results),
            ctypes.byref(found),
            results,
            workspace_data,
            ctypes.c_size_t(workspace.numel()),
        )
        return [self.describe(results[i]) for i in range(found.value)]

    def describe(self, result):
        return {
            "algorithm": FORWARD_ALGORITHMS[result.algo] if result.algo < len(FORWARD_ALGORITHMS) else str(result.algo),
            "status": self.library.cudnnGetErrorString(result.status).decode()[:100],
            "time_ms": max(result.time, 0.0) if result.status == 0 else None,
            "workspace_bytes": result.memory,
            "deterministic": result.determinism == 1,
            "math": MATH_TYPES[result.math_type] if result.math_type < len(MATH_TYPES) else str(result.math_type),
        }


def memory_format():
    return torch.channels_last if SETTINGS["channels_last"] else torch.contiguous_format


def math_type(dtype):
    """Tensor cores for halves, none for float32 without TF32, and else what cuDNN allows by itself."""
    if dtype in (torch.float16, torch.bfloat16):
        return "TENSOR_OP_MATH"
    return "FMA_MATH" if dtype == torch.float32 and not SETTINGS["allow_tf32"] else "DEFAULT_MATH"


def convolutions_of(model, inputs):
    """Each 2-D convolution of one run with its input, filter and output, as autocast and the memory format have them."""
    seen = []

    def remember(name):
        def hook(module, arguments, output):
            tensors = (arguments[0], module.weight, output)
            seen.append((name, module, *(t.detach().to(output.dtype).contiguous(memory_format=memory_format()) for t in tensors)))

        return hook

    for name, module in model.named_modules():
        if type(module) is nn.Conv2d and not isinstance(module.padding, str) and module.padding_mode == "zeros":
            module.register_forward_hook(remember(name))
    with torch.no_grad(), autocast():
        model(*inputs)
    return [call for call in seen if call[-1].dim() == 4]


def find_alone(folder, path):
    """What the process of its own does."""
    apply_switches()
    tensors = read_tensors(os.path.join(folder, "job.safetensors"))
    convolutions = convolutions_of(load_model(tensors), [prepare(tensors[f"input.{name}"]) for name in INPUTS])
    cudnn = Cudnn()
    handle = cudnn.create("cudnnCreate")
    tables = [{"layer": name, "candidates": cudnn.find(handle, *call)} for name, *call in convolutions]
    with open(path, "w") as file:
        json.dump(tables, file)
