"""A Jupyter server extension that serves the static build of wuDNN at /wudnn/, from the same origin as the kernels.

So the page needs no bridge, no CORS and no second certificate. The files are public; what they can reach is not. Visitors' programs run in a
frame without an origin (engine.html), so that Jupyter's login is none of theirs.
"""
import os
import re

from jupyter_server.utils import url_path_join
from tornado.web import HTTPError, RedirectHandler, StaticFileHandler

FOLDER = os.environ.get("WUDNN_PAGE", os.path.join(os.path.dirname(os.path.abspath(__file__)), "page"))

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-cache",
}


def frame_origins(text):
    """The origins whose pages may show embed.html, from WUDNN_FRAME_BY: with spaces or commas between them.

    The rule is that of src/bridge/framing.ts. A server that cannot follow it does not start.
    """
    host = r"[a-z0-9-]+(\.[a-z0-9-]+)*"
    origin = re.compile(rf"(https://{host}|http://(localhost|127\.0\.0\.1))(:[0-9]{{1,5}})?")
    named = re.split(r"[\s,]+", text.strip()) if text.strip() else []
    for each in named:
        if not origin.fullmatch(each):
            raise SystemExit(
                f"wudnn: WUDNN_FRAME_BY has {each[:80]!r}, which is no origin of https; "
                "give one such as https://school.example"
            )
    return named


FRAME_BY = " ".join(frame_origins(os.environ.get("WUDNN_FRAME_BY", "")))


def policy(path):
    """What may show a file within itself. The engine's frame is asked about the page around its page as well."""
    if path == "engine.html":
        return f"frame-ancestors 'self' {FRAME_BY}".rstrip() + "; sandbox allow-scripts"
    return f"frame-ancestors {FRAME_BY}" if path == "embed.html" and FRAME_BY else "frame-ancestors 'none'"


class PageHandler(StaticFileHandler):
    """Says with each file what the file cannot say of itself; src/bridge/headers.ts does it for `npm start`."""

    async def get(self, path, include_body=True):
        if path == "sw.js":
            raise HTTPError(404)  # the page is there as long as this server is, and no service worker keeps it
        await super().get(path, include_body)

    def set_extra_headers(self, path):
        for name, value in HEADERS.items():
            self.set_header(name, value)
        self.set_header("Content-Security-Policy", policy(path))


def _jupyter_server_extension_points():
    return [{"module": "wudnn_page"}]


def _load_jupyter_server_extension(server):
    base = url_path_join(server.web_app.settings["base_url"], "wudnn")
    files = {"path": FOLDER, "default_filename": "index.html"}
    server.web_app.add_handlers(
        ".*$",
        [(base, RedirectHandler, {"url": base + "/"}), (url_path_join(base, "(.*)"), PageHandler, files)],
    )
