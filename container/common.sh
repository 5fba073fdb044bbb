# What both entry points begin with: says what is there, so that the container's log answers the first questions.
python=${WUDNN_PYTHON:-python3}

describe() {
  "$python" - <<'PYTHON'
import torch

gpus = [torch.cuda.get_device_name(i) for i in range(torch.cuda.device_count())]
cudnn = torch.backends.cudnn.version() if torch.backends.cudnn.is_available() else "none"
print(f"PyTorch {torch.__version__}, CUDA {torch.version.cuda}, cuDNN {cudnn}, GPUs: {', '.join(gpus) or 'none visible; docker run --gpus all'}")
PYTHON
}
