"""What stands in downloaded files: a PDF's text and attachments, a workbook, a table in text."""

import csv
import io
import re
import zipfile
from pathlib import Path

from playwright.sync_api import Download
from pypdf import PdfReader


def content(download: Download) -> bytes:
    """Return what was downloaded."""
    return Path(download.path()).read_bytes()


def cents(text: str) -> int:
    """Return the cents of an amount such as ``1,234.50``."""
    major, minor = text.replace(",", "").split(".")
    return int(major) * 100 + int(minor)


def paid_on_paper(pdf: bytes) -> int:
    """Return the cents that the printed statement says it pays."""
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    found = re.search(r"Paid with this statement\s+EUR\s+([\d,]+\.\d\d)", text)
    assert found is not None, text[:2000]
    return cents(found[1])


def attached(pdf: bytes, name: str) -> bytes:
    """Return a file that a PDF carries."""
    found: bytes = PdfReader(io.BytesIO(pdf)).attachments[name][0]
    return found


def amounts(table: bytes) -> list[int]:
    """Return the cents in the column ``Amount`` of a CSV file."""
    rows = csv.DictReader(io.StringIO(table.decode("utf-8-sig")))
    return [cents(row["Amount"]) for row in rows]


def numbers(workbook: bytes) -> set[str]:
    """Return every number that stands in a cell of a workbook."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as opened:
        sheets = [name for name in opened.namelist() if name.startswith("xl/worksheets/sheet")]
        return {
            number
            for name in sheets
            for number in re.findall(r"<v>([-\d.]+)</v>", opened.read(name).decode())
        }
