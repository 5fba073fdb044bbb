"""Jupyter in the container: reachable from outside of it, never without a token, with the page of wuDNN beside it."""
import os

c = get_config()  # noqa: F821

c.ServerApp.ip = os.environ.get("WUDNN_IP", "0.0.0.0")
c.ServerApp.port = int(os.environ.get("WUDNN_PORT", "8888"))
c.ServerApp.port_retries = 0
c.ServerApp.open_browser = False
c.ServerApp.root_dir = os.environ.get("WUDNN_WORKSPACE", "/workspace")
c.ServerApp.jpserver_extensions = {"wudnn_page": True}

# A page from elsewhere may connect only where it is named, as in WUDNN_ORIGIN=http://localhost:5173.
c.ServerApp.allow_origin = os.environ.get("WUDNN_ORIGIN", "")

# Server and kernel speak through files that nobody else opens, not through ports: a node of a cluster has other users.
c.KernelManager.transport = "ipc"

# One idle kernel holds GPU memory: end those that nobody is connected to.
c.MappingKernelManager.cull_idle_timeout = 3600
c.MappingKernelManager.cull_connected = False
