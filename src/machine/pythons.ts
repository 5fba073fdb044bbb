/**
 * @file The pythons of this machine that have PyTorch: what "this machine" as a remote runs on.
 *
 * Several pythons often live side by side and just one of them has torch, so each is asked, by importing it.
 */
import { capture, findPrograms } from './programs.ts';

export interface Python {
  readonly path: string;
  readonly version: string;
  readonly torch: Torch;
  /** Versions of the packages that a Jupyter kernel needs, absent where they are not installed. */
  readonly jupyterServer?: string;
  readonly ipykernel?: string;
}

export interface Torch {
  readonly version: string;
  /** The CUDA that it was built for; absent in a CPU build. */
  readonly cuda?: string;
  readonly cudnn?: number;
  /** Names of the CUDA devices that it sees. */
  readonly devices: readonly string[];
}

const question = `
import importlib.metadata, importlib.util, json, platform, sys

def version(package):
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None

if importlib.util.find_spec("torch") is None:
    sys.exit(3)
import torch
devices = [torch.cuda.get_device_name(i) for i in range(torch.cuda.device_count())]
print(json.dumps({
    "path": sys.executable,
    "version": platform.python_version(),
    "torch": {
        "version": torch.__version__,
        "cuda": torch.version.cuda,
        "cudnn": torch.backends.cudnn.version() if torch.version.cuda else None,
        "devices": devices,
    },
    "jupyterServer": version("jupyter_server"),
    "ipykernel": version("ipykernel"),
}))
`;

/**
 * Every python of PATH, /usr/bin and ./.venv that can import torch; those fit to run a kernel first, then by torch's
 * version, newest first. Where WUDNN_PYTHON names one, only that.
 */
export async function findPythons(): Promise<Python[]> {
  const named = process.env['WUDNN_PYTHON'];
  const paths = named ? [named] : findPrograms(/^python(3(\.\d+)?)?$/, ['/usr/bin', '.venv/bin', '.venv/Scripts']);
  const found = (await Promise.all(paths.map(askPython))).filter((python) => python !== undefined);
  return [...new Map(found.map((python) => [python.path, python])).values()].sort(byFitness);
}

/** Whether a Jupyter server with a PyTorch kernel can be started from it. */
export function runsKernels(python: Python): boolean {
  return python.jupyterServer !== undefined && python.ipykernel !== undefined;
}

async function askPython(path: string): Promise<Python | undefined> {
  const said = await capture(path, ['-c', question], 60);
  if (said.status !== 0) return undefined;
  // A null of Python's JSON is an absent field here.
  const answer = said.stdout.trim().split('\n').at(-1) ?? '';
  return JSON.parse(answer, (_, value: unknown) => value ?? undefined) as Python;
}

function byFitness(a: Python, b: Python): number {
  return Number(runsKernels(b)) - Number(runsKernels(a)) || compareVersions(b.torch.version, a.torch.version);
}

/** Less than 0 where version `a` is older than `b`; only the leading numbers count. */
export function compareVersions(a: string, b: string): number {
  const numbers = (version: string) => (/^[\d.]*/.exec(version)?.[0] ?? '').split('.').map(Number);
  const [x, y] = [numbers(a), numbers(b)];
  const i = Array.from({ length: Math.max(x.length, y.length) }, (_, k) => k).find((k) => (x[k] ?? 0) !== (y[k] ?? 0));
  return i === undefined ? 0 : (x[i] ?? 0) - (y[i] ?? 0);
}
