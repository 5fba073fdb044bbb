"""A Jupyter server extension that serves the static build of wuDNN at /wudnn/, from the same origin as the kernels.

So the page needs no bridge, no CORS and no second certificate. The files are public; what they can reach is not.
"""
import os

from jupyter_server.utils import url_path_join
from tornado.web import RedirectHandler, StaticFileHandler

FOLDER = os.environ.get("WUDNN_PAGE", os.path.join(os.path.dirname(os.path.abspath(__file__)), "page"))


def _jupyter_server_extension_points():
    return [{"module": "wudnn_page"}]


def _load_jupyter_server_extension(server):
    base = url_path_join(server.web_app.settings["base_url"], "wudnn")
    files = {"path": FOLDER, "default_filename": "index.html"}
    server.web_app.add_handlers(
        ".*$",
        [(base, RedirectHandler, {"url": base + "/"}), (url_path_join(base, "(.*)"), StaticFileHandler, files)],
    )
