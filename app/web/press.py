"""The program of a printing child: HTML to PDF/A, or a Vega-Lite specification to SVG.

It is run as a file by ``printer.py``, in an isolated interpreter without the application, its
settings or its secrets, and talks over its standard input, a socket. It imports nothing of ours.
"""

import gc
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from urllib.request import DataHandler, Request

Blobs = list[bytes]
Handler = Callable[[dict[str, Any], Blobs], bytes]

HOST = "bundled.invalid"
"""The only host a document may name; it can exist nowhere, so it stands for our own files."""

_STATIC = Path(__file__).resolve().parents[2] / "static"
_PRINT_CSS = _STATIC / "css" / "print.css"
_PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml")
_TYPES = {
    ".css": "text/css",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".woff": "font/woff",
    ".ttf": "font/ttf",
    ".otf": "font/otf",
}
_IDLE_SECONDS = 600
_REFUSED_EVENTS = frozenset(
    "socket.connect socket.bind socket.getaddrinfo subprocess.Popen os.system os.exec "
    "os.posix_spawn os.fork ctypes.dlopen".split()
)


def asset(url: str) -> tuple[bytes, str]:
    """Return the bytes and media type of a bundled file or an inline picture.

    :raises PermissionError: for anything else: other hosts, files, folders above static
    """
    parts = urlsplit(url)
    if parts.scheme == "data" and url[5:].lower().startswith(_PICTURES):
        with DataHandler().data_open(Request(url)) as answer:  # noqa: S310 - data only
            return answer.read(), answer.headers.get_content_type()
    if (parts.scheme, parts.netloc) != ("https", HOST):
        raise PermissionError("only bundled files may be used")
    path = (_STATIC / unquote(parts.path).removeprefix("/static/").lstrip("/")).resolve()
    media_type = _TYPES.get(path.suffix)
    if media_type is None or not path.is_relative_to(_STATIC) or not path.is_file():
        raise PermissionError("there is no such bundled file")
    return path.read_bytes(), media_type


def pdf_handler() -> Handler:
    """Load WeasyPrint, the fonts and the print style; return the function that prints."""
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Bundled(URLFetcher):
        """A fetcher without one door to the outside: every way in leads to :func:`asset`."""

        def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
            body, media_type = asset(url)
            return URLFetcherResponse(url, body, {"Content-Type": media_type})

    fetcher = Bundled()
    base = f"https://{HOST}/static/css/"
    styles: dict[float, tuple[Any, list[Any]]] = {}

    def style() -> tuple[Any, list[Any]]:
        """Return fonts and style, read again only when the file has changed."""
        changed = _PRINT_CSS.stat().st_mtime if _PRINT_CSS.exists() else 0.0
        if changed not in styles:
            styles.clear()
            fonts = FontConfiguration()
            text = _PRINT_CSS.read_text() if changed else ""
            more = {"base_url": base, "url_fetcher": fetcher, "font_config": fonts}
            styles[changed] = fonts, [weasyprint.CSS(string=text, **more)]
        return styles[changed]

    def attachment(facts: dict[str, Any], content: bytes, created: datetime) -> Any:
        more = {name: facts[name] for name in ("name", "description", "relationship")}
        dates = {"created": created, "modified": created}
        made = weasyprint.Attachment(string="", url_fetcher=fetcher, **more, **dates)
        made.source = _content(content, facts["mime"])
        return made

    def prints(facts: dict[str, Any], blobs: Blobs) -> bytes:
        created = datetime.fromisoformat(facts["created_at"])
        os.environ["SOURCE_DATE_EPOCH"] = str(int(created.timestamp()))
        fonts, sheets = style()
        page = weasyprint.HTML(string=blobs[0].decode(), base_url=base, url_fetcher=fetcher)
        _drop_links(page.etree_element)
        options = {"stylesheets": sheets, "pdf_variant": "pdf/a-3a", "pdf_tags": True}
        document = page.render(font_config=fonts, **options)
        meta = document.metadata
        meta.title, meta.attachments = facts["title"], []
        meta.created = meta.modified = created.strftime("%Y-%m-%dT%H:%M:%SZ")
        options["pdf_identifier"] = bytes.fromhex(facts["identifier"])
        options["attachments"] = [
            attachment(each, content, created)
            for each, content in zip(facts["attachments"], blobs[1:], strict=True)
        ]
        printed: bytes = document.write_pdf(**options)
        return printed

    prints(_WARM_UP, [b'<html lang="en"><title>-</title><p>0'])
    return prints


_WARM_UP = {
    "created_at": "2000-01-01T00:00:00+00:00",
    "title": "-",
    "identifier": "00",
    "attachments": [],
}


@contextmanager
def _content(content: bytes, mime: str) -> Iterator[tuple[BytesIO, None, None, str]]:
    """Serve an attachment with its own media type: WeasyPrint would guess it from the name."""
    yield BytesIO(content), None, None, mime


def _drop_links(root: Any) -> None:
    """Cut links that attach files, and the one to the print style, which is loaded already."""
    for element in [*root.iter("a"), *root.iter("link")]:
        href = urlsplit(element.get("href", "").strip()).path
        if "attachment" in element.get("rel", "").lower() or href.endswith("css/print.css"):
            element.attrib.pop("rel", None)


def chart_handler() -> Handler:
    """Load the Vega runtime; return the function that draws."""
    import vl_convert

    def draws(facts: dict[str, Any], blobs: Blobs) -> bytes:
        drawn: str = vl_convert.vegalite_to_svg(
            json.loads(blobs[0]), vl_version="6.4", allowed_base_urls=[]
        )
        return drawn.encode()

    return draws


def serve(channel: Connection, load: Callable[[], Handler]) -> None:
    """Answer requests until the parent is gone or nothing was asked for ten minutes."""
    parent = os.getppid()
    handle = load()
    _shut_doors()
    gc.collect()
    gc.freeze()
    gc.disable()
    last = time.monotonic()
    while os.getppid() == parent and time.monotonic() - last < _IDLE_SECONDS:
        if not channel.poll(2):
            continue
        facts = json.loads(channel.recv_bytes())
        blobs = [channel.recv_bytes() for _ in range(facts["blobs"])]
        try:
            answer = b"done", handle(facts, blobs)
        except Exception as problem:
            answer = b"failed", f"{type(problem).__name__}: {problem}".encode()[:2000]
        for part in answer:
            channel.send_bytes(part)
        gc.collect()
        last = time.monotonic()


def _shut_doors() -> None:
    """Let this process open no connection and start no program, whatever a document asks for."""

    def refuse(event: str, _arguments: object) -> None:
        if event in _REFUSED_EVENTS:
            raise PermissionError(event)

    sys.addaudithook(refuse)


if __name__ == "__main__":
    socket = Connection(os.dup(0))
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    try:
        serve(socket, {"pdf": pdf_handler, "chart": chart_handler}[sys.argv[1]])
    except (EOFError, BrokenPipeError, ConnectionResetError, KeyboardInterrupt):
        sys.exit(0)
