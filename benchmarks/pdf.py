"""A statement of 40 lines: through our door against WeasyPrint alone on the same HTML.

Promise: at most 1.3 times as long. Both print PDF/A-3a with the same style and attachments.
"""

import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import weasyprint
from weasyprint.text.fonts import FontConfiguration

from app.web.pdf import Attachment, render_pdf
from benchmarks.figures import Figure, figure, show

MOST = 1.3
ROUNDS = 9
STATIC = Path(__file__).resolve().parents[1] / "static"
AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
ROW = (
    "<tr><td>DR-2026-{n:06}</td><td>Customer {n}</td><td>Marginal, 5 % to 100k, 6 % above</td>"
    '<td class="num">EUR 12,{n:03}.00</td><td class="num">EUR 6{n:02}.00</td></tr>'
)


def document(lines: int) -> str:
    """Return a statement with ``lines`` lines, as its template would write it."""
    rows = "".join(ROW.format(n=n) for n in range(lines))
    head = "<th>Deal<th>Customer<th>Why<th>Base<th>Amount"
    return (
        '<!doctype html><html lang="en"><head><title>Statement</title></head><body class="paper">'
        f"<h1>Statement</h1><table class=table><thead><tr>{head}</thead>{rows}</table>"
    )


def alone(html: str) -> bytes:
    """Print with the library as its manual shows it."""
    fonts = FontConfiguration()
    style = weasyprint.CSS(filename=STATIC / "css" / "print.css", font_config=fonts)
    lines = weasyprint.Attachment(string="a,b\r\n" * 40, name="lines.csv")
    page = weasyprint.HTML(string=html, base_url=str(STATIC))
    printed: bytes = page.write_pdf(
        font_config=fonts, stylesheets=[style], attachments=[lines], pdf_variant="pdf/a-3a"
    )
    return printed


def ours(html: str) -> bytes:
    """Print through the door."""
    lines = Attachment("lines.csv", "text/csv", b"a,b\r\n" * 40, "Lines")
    return render_pdf(html, title="Statement", created_at=AT, attachments=[lines])


def median(act: Callable[[str], bytes], html: str) -> float:
    """Return the median seconds of one call, warm."""
    act(html)
    taken = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        act(html)
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def main() -> list[Figure]:
    """Return the ratio, and what else there is to know of printing."""
    html = document(40)
    start = time.perf_counter()
    ours(html)
    first = time.perf_counter() - start
    base = median(alone, html)
    more = median(ours, document(300))
    return [
        figure("statement of 40 lines, to WeasyPrint alone", median(ours, html) / base, MOST),
        Figure("... the first print of a process, with its child", f"{first / base:.2f}x", ""),
        Figure("... 300 lines, to 40 lines alone", f"{more / base:.2f}x", ""),
    ]


if __name__ == "__main__":
    sys.exit(0 if show(main()) else 1)
