"""A Jupyter server extension that serves the static build of wuDNN at /wudnn/, from the same origin as the kernels.

So the page needs no bridge, no CORS and no second certificate. The files are public; what they can reach is not. Visitors' programs run in a
frame without an origin (engine.html), so that Jupyter's login is none of theirs.
"""
import os

from jupyter_server.utils import url_path_join
from tornado.web import RedirectHandler, StaticFileHandler

FOLDER = os.environ.get("WUDNN_PAGE", os.path.join(os.path.dirname(os.path.abspath(__file__)), "page"))

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-cache",
}


class PageHandler(StaticFileHandler):
    """Says with each file what the file cannot say of itself; src/bridge/headers.ts does it for `npm start`."""

    def set_extra_headers(self, path):
        for name, value in HEADERS.items():
            self.set_header(name, value)
        policy = "frame-ancestors 'self'; sandbox allow-scripts" if path == "engine.html" else "frame-ancestors 'none'"
        self.set_header("Content-Security-Policy", policy)


def _jupyter_server_extension_points():
    return [{"module": "wudnn_page"}]


def _load_jupyter_server_extension(server):
    base = url_path_join(server.web_app.settings["base_url"], "wudnn")
    files = {"path": FOLDER, "default_filename": "index.html"}
    server.web_app.add_handlers(
        ".*$",
        [(base, RedirectHandler, {"url": base + "/"}), (url_path_join(base, "(.*)"), PageHandler, files)],
    )
