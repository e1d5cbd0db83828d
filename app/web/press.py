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
    {
        "socket.connect",
        "socket.bind",
        "socket.getaddrinfo",
        "subprocess.Popen",
        "os.system",
        "os.exec",
        "os.posix_spawn",
        "os.fork",
    }
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


class PdfPress:
    """Prints PDF/A-3a, with WeasyPrint, the fonts and the print style loaded once."""

    def __init__(self) -> None:
        import weasyprint
        from weasyprint.text import fonts

        self.library, self.fonts = weasyprint, fonts
        self.fetcher = _bundled_fetcher()
        self.style: tuple[float, Any, list[Any]] | None = None
        self(_WARM_UP, [b'<html lang="en"><title>-</title><p>0'])

    def __call__(self, facts: dict[str, Any], blobs: Blobs) -> bytes:
        """Print the first blob; the others are the attachments' contents."""
        created = datetime.fromisoformat(facts["created_at"])
        os.environ["SOURCE_DATE_EPOCH"] = str(int(created.timestamp()))
        _, fonts, sheets = self._style()
        page = self.library.HTML(string=blobs[0].decode(), base_url=_BASE, url_fetcher=self.fetcher)
        _drop_links(page.etree_element)
        document = page.render(font_config=fonts, stylesheets=sheets, **_OPTIONS)
        meta = document.metadata
        meta.title, meta.attachments = facts["title"], []
        meta.created = meta.modified = created.strftime("%Y-%m-%dT%H:%M:%SZ")
        printed: bytes = document.write_pdf(
            finisher=_name_each_file_once,
            pdf_identifier=bytes.fromhex(facts["identifier"]),
            attachments=[
                self._attachment(each, content, created)
                for each, content in zip(facts["attachments"], blobs[1:], strict=True)
            ],
            **_OPTIONS,
        )
        return printed

    def _style(self) -> tuple[float, Any, list[Any]]:
        """Return fonts and style, read again only when the file has changed."""
        changed = _PRINT_CSS.stat().st_mtime if _PRINT_CSS.exists() else 0.0
        if self.style is None or self.style[0] != changed:
            fonts = self.fonts.FontConfiguration()
            text = _PRINT_CSS.read_text() if changed else ""
            sheet = self.library.CSS(
                string=text, base_url=_BASE, url_fetcher=self.fetcher, font_config=fonts
            )
            self.style = changed, fonts, [sheet]
        return self.style

    def _attachment(self, facts: dict[str, Any], content: bytes, created: datetime) -> Any:
        more = {name: facts[name] for name in ("name", "description", "relationship")}
        made = self.library.Attachment(
            string="", url_fetcher=self.fetcher, created=created, modified=created, **more
        )
        made.source = _content(content, facts["mime"])
        return made


def _bundled_fetcher() -> Any:
    """Return a fetcher without one door to the outside: every way in leads to :func:`asset`."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Bundled(URLFetcher):  # type: ignore[misc]  # WeasyPrint ships no types
        def fetch(self, url: str, headers: object = None) -> Any:  # noqa: ARG002 - as called
            body, media_type = asset(url)
            return URLFetcherResponse(url, body, {"Content-Type": media_type})

    return Bundled()


_BASE = f"https://{HOST}/static/css/"
_OPTIONS = {"pdf_variant": "pdf/a-3a", "pdf_tags": True}
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


def _name_each_file_once(_document: Any, made: Any) -> None:
    """Mend WeasyPrint's list of associated files, which names each of them twice."""
    if "AF" in made.catalog:
        made.catalog["AF"][:] = dict.fromkeys(made.catalog["AF"])


def _drop_links(root: Any) -> None:
    """Cut links that attach files, and the one to the print style, which is loaded already."""
    for element in [*root.iter("a"), *root.iter("link")]:
        href = urlsplit(element.get("href", "").strip()).path
        if "attachment" in element.get("rel", "").lower() or href.endswith("css/print.css"):
            element.attrib.pop("rel", None)


class ChartPress:
    """Draws SVG, with the Vega runtime loaded once and without any address to fetch from."""

    def __init__(self) -> None:
        import vl_convert

        self.library = vl_convert

    def __call__(self, _facts: dict[str, Any], blobs: Blobs) -> bytes:
        """Draw the specification in the first blob."""
        drawn: str = self.library.vegalite_to_svg(
            json.loads(blobs[0]), vl_version="6.4", allowed_base_urls=[]
        )
        return drawn.encode()


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


_PRESSES: dict[str, Callable[[], Handler]] = {"pdf": PdfPress, "chart": ChartPress}

if __name__ == "__main__":
    socket = Connection(os.dup(0))
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    try:
        serve(socket, _PRESSES[sys.argv[1]])
    except (EOFError, BrokenPipeError, ConnectionResetError, KeyboardInterrupt):
        sys.exit(0)
