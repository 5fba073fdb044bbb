# --- cuDNN's own table: every forward algorithm of every convolution, measured --------------------


def find_algorithms(model, inputs, tensors, folder):
    """Asks cudnnFindConvolutionForwardAlgorithmEx about each convolution; in a process of its own, for what crashes there."""
    if device.type != "cuda" or SETTINGS["dtype"] not in CUDNN_TYPES:
        return {}, {}
    print("asking cuDNN about each convolution", flush=True)
    path = os.path.join(folder, "find.json")
    done = subprocess.run([sys.executable, os.path.abspath(__file__), folder, "--find", path], capture_output=True, text=True)
    if done.returncode != 0:
        print(f"cuDNN told nothing: {done.stderr.strip()[-500:]}", flush=True)
        return {}, {}
    with open(path) as file:
        return {"algorithms": json.load(file)}, {}


CUDNN_TYPES = {"float32": 0, "float64": 1, "float16": 2, "bfloat16": 9}
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
NCHW, CROSS_CORRELATION, FLOAT = 0, 1, 0


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
        self.handle = self.create("cudnnCreate")

    def call(self, name, *arguments):
        status = getattr(self.library, name)(*arguments)
        if status != 0:
            raise RuntimeError(f"{name}: {self.library.cudnnGetErrorString(status).decode()}")

    def create(self, name):
        value = ctypes.c_void_p()
        self.call(name, ctypes.byref(value))
        return value

    def tensor(self, tensor):
        descriptor = self.create("cudnnCreateTensorDescriptor")
        self.call("cudnnSetTensor4dDescriptor", descriptor, NCHW, CUDNN_TYPES[SETTINGS["dtype"]], *map(int, tensor.shape))
        return descriptor

    def find(self, convolution, x, y):
        w = convolution.weight.detach().contiguous()
        filter = self.create("cudnnCreateFilterDescriptor")
        self.call("cudnnSetFilter4dDescriptor", filter, CUDNN_TYPES[SETTINGS["dtype"]], NCHW, *map(int, w.shape))
        descriptor = self.create("cudnnCreateConvolutionDescriptor")
        geometry = [*convolution.padding, *convolution.stride, *convolution.dilation]
        self.call("cudnnSetConvolution2dDescriptor", descriptor, *geometry, CROSS_CORRELATION, FLOAT)
        self.call("cudnnSetConvolutionGroupCount", descriptor, convolution.groups)
        math_type = "TENSOR_OP_MATH" if SETTINGS["allow_tf32"] or SETTINGS["dtype"] != "float32" else "FMA_MATH"
        self.call("cudnnSetConvolutionMathType", descriptor, MATH_TYPES.index(math_type))

        free, _ = torch.cuda.mem_get_info()
        workspace = torch.empty(min(free // 2, 2**31), dtype=torch.uint8, device=device)
        found, results = ctypes.c_int(), (Performance * 32)()
        pointers = [ctypes.c_void_p(tensor.data_ptr()) for tensor in (x, w, y, workspace)]
        self.call(
            "cudnnFindConvolutionForwardAlgorithmEx",
            self.handle,
            self.tensor(x),
            pointers[0],
            filter,
            pointers[1],
            descriptor,
            self.tensor(y),
            pointers[2],
            32,
            ctypes.byref(found),
            results,
            pointers[3],
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


def find_alone(folder, path):
    """What the process of its own does."""
    apply_switches()
    tensors = read_tensors(os.path.join(folder, "job.safetensors"))
    model = load_model(tensors)
    inputs = [prepare(tensors[f"input.{name}"]) for name in INPUTS]
    seen = []

    def remember(name):
        return lambda module, arguments, output: seen.append((name, module, arguments[0].contiguous(), output.contiguous()))

    for name, module in model.named_modules():
        if type(module) is nn.Conv2d and not isinstance(module.padding, str):
            module.register_forward_hook(remember(name))
    with torch.no_grad():
        model(*inputs)
    cudnn = Cudnn()
    tables = [{"layer": name, "candidates": cudnn.find(module, x, y)} for name, module, x, y in seen]
    with open(path, "w") as file:
        json.dump(tables, file)
