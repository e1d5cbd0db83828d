"""The PDF door: archivable, stable, and closed to the outside."""

import io
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

import pikepdf
import pytest
from pypdf import PdfReader

from app.kernel.errors import Broken
from app.web import pdf
from app.web.pdf import Attachment, render_pdf
from app.web.printer import PrintedTooLong, Printer, PrinterBusy

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HTML = """<!doctype html><html lang="en"><head><title>x</title></head><body><h1>Statement</h1>
<table><caption>Lines</caption><thead><tr><th>Deal<th>Amount</thead>
<tbody><tr><td>DR-1<td>EUR 12.50</tbody></table></body></html>"""
LINES = Attachment("lines.csv", "text/csv", b"deal,amount\r\nDR-1,12.50\r\n", "Lines", "Source")


def printed(html: str = HTML, *attachments: Attachment) -> bytes:
    return render_pdf(html, title="Statement 1", created_at=NOON, attachments=attachments)


@pytest.fixture(scope="module")
def document() -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(io.BytesIO(printed(HTML, LINES))) as opened:
        yield opened


class TestRenderPdf:
    def test_says_that_it_is_pdf_a_3a(self, document: pikepdf.Pdf) -> None:
        with document.open_metadata() as xmp:
            assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"]) == ("3", "A")
            assert xmp["dc:title"] == "Statement 1"

    def test_is_tagged_and_names_its_language(self, document: pikepdf.Pdf) -> None:
        assert document.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in document.Root
        assert str(document.Root.Lang) == "en"

    def test_embeds_the_attachments(self, document: pikepdf.Pdf) -> None:
        held = document.attachments["lines.csv"].get_file()

        assert (held.read_bytes(), held.mime_type) == (LINES.content, "text/csv")
        assert [str(each.AFRelationship) for each in document.Root.AF] == ["/Source"]

    def test_is_dated_by_its_input(self, document: pikepdf.Pdf) -> None:
        assert "20260302120000" in str(document.docinfo["/CreationDate"])

    def test_can_be_read_back(self) -> None:
        text = PdfReader(io.BytesIO(printed())).pages[0].extract_text()

        assert "EUR 12.50" in text

    def test_gives_the_same_bytes_for_the_same_input(self) -> None:
        first = printed(HTML, LINES)
        printed("<html lang=de><title>other</title><p>other <i>words</i>")

        assert printed(HTML, LINES) == first

    def test_gives_the_same_bytes_in_a_new_child(self) -> None:
        first = printed(HTML, LINES)
        pdf.PRINTER.stop()

        assert printed(HTML, LINES) == first

    def test_gives_another_identifier_for_other_attachments(self) -> None:
        other = Attachment("lines.csv", "text/csv", b"deal,amount\r\n", "Lines", "Source")

        assert printed(HTML, LINES) != printed(HTML, other)


HOSTILE = """<html lang=en><title>x</title><head>
<link rel=stylesheet href="http://127.0.0.1:{port}/a.css">
<link rel=attachment href="file:///etc/passwd"><link rel=attachment href="/etc/passwd">
<style>@import url(http://127.0.0.1:{port}/b.css); @import "file:///etc/passwd";
@font-face {{ font-family: x; src: url(http://127.0.0.1:{port}/f.woff2) }}
body {{ background: url(http://127.0.0.1:{port}/bg.png); font-family: x }}</style></head><body>
<p>still here<img src="http://127.0.0.1:{port}/i.png"><img src="file:///etc/passwd">
<img src="../../../../etc/passwd"><img src="/static/../app/__init__.py">
<img src="https://bundled.invalid/static/%2e%2e/requirements.txt">
<object data="http://127.0.0.1:{port}/o.svg"></object><a rel=attachment href="file:///etc/passwd">a</a>
<svg xmlns:xlink="http://www.w3.org/1999/xlink" width=9 height=9>
<image xlink:href="http://127.0.0.1:{port}/s.png"/><use href="file:///etc/passwd#a"/></svg>
<embed src="data:text/html,hello">"""


class TestAHostileDocument:
    def test_reaches_no_address_and_no_file(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.settimeout(0.2)
            result = printed(HOSTILE.format(port=server.getsockname()[1]))
            with pytest.raises(TimeoutError):
                server.accept()

        assert b"root:x:0:0" not in _everything_in(result)
        assert "still here" in PdfReader(io.BytesIO(result)).pages[0].extract_text()

    def test_attaches_nothing(self) -> None:
        with pikepdf.open(io.BytesIO(printed(HOSTILE.format(port=9)))) as opened:
            assert list(opened.attachments) == []


def _everything_in(content: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(content)) as opened:
        streams = (each for each in opened.objects if isinstance(each, pikepdf.Stream))
        return b"".join(each.read_bytes() for each in streams)


class TestTheChild:
    def test_is_replaced_when_it_was_killed(self) -> None:
        printed()
        before = pdf.PRINTER.pid
        assert before is not None
        os.kill(before, signal.SIGKILL)

        assert printed().startswith(b"%PDF")
        assert pdf.PRINTER.pid != before

    def test_is_ended_when_it_takes_too_long(self) -> None:
        printer = Printer("pdf", seconds=0.01)

        with pytest.raises(PrintedTooLong):
            printer.run({}, [])
        assert printer.pid is None

    def test_has_one_turn_at_a_time(self) -> None:
        printer = Printer("pdf", seconds=1, patience=0.01)

        with printer._turn, pytest.raises(PrinterBusy):
            printer.run({}, [])

    def test_reports_what_it_could_not_print(self) -> None:
        with pytest.raises(Broken, match="KeyError"):
            pdf.PRINTER.run({"title": "no date"}, [b""])

    def test_ends_with_its_parent_however_that_ended(self) -> None:
        child = _child_of_a_killed_parent()

        assert _is_gone(child)

    def test_is_not_started_by_an_import(self) -> None:
        code = "import sys, app.web.pdf; print('weasyprint' in sys.modules)"
        said = _python(code)

        assert said.stdout.strip() == b"False"


_PARENT = """
import os, signal
from datetime import UTC, datetime
from app.web import pdf
pdf.render_pdf("<p>x", title="x", created_at=datetime(2026, 1, 1, tzinfo=UTC))
print(pdf.PRINTER.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def _python(code: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, check=False)


def _child_of_a_killed_parent() -> int:
    done = _python(_PARENT)
    return int(done.stdout)


def _is_gone(pid: int) -> bool:
    import psutil  # type: ignore[import-untyped]

    try:
        psutil.Process(pid).wait(timeout=6)
    except psutil.NoSuchProcess:
        return True
    except psutil.TimeoutExpired:
        return False
    return True
