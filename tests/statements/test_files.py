"""The files of a statement: the PDF reads as the snapshot, carries the CSV, and never varies."""

import hashlib
import io
import json

import pikepdf
import pytest
from flask import Flask
from pypdf import PdfReader

from app.ledger.rules.canonical import canonical
from app.statements import pdf, queries
from tests.factories.statements import issue, make_accrual, make_payee, make_period


@pytest.fixture
def made(session, portal: Flask):
    """An issued statement over two lines, and its lines."""
    partner = make_payee(session, legal_name="Nordlicht Systemhaus GmbH", tax_number="DE812526315")
    make_accrual(session, partner, 123_456)
    make_accrual(session, partner, 6_544)
    (statement,) = issue(session, make_period(session))
    with portal.test_request_context():
        yield statement, queries.lines(session, statement)


def test_the_pdf_says_the_amount_the_parties_and_the_reasons(made):
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(_pdf(made))).pages)

    flat = " ".join(text.split())
    for said in ("EUR 1,300.00", "Nordlicht Systemhaus GmbH", "DE812526315", "Page 1 of",
                 "which leaves EUR 1,234.56", made[0].number, "/verify/"):  # fmt: skip
        assert said in flat


def test_the_pdf_carries_the_csv_and_the_json(made):
    with pikepdf.open(io.BytesIO(_pdf(made))) as document:
        found = {name: document.attachments[name].get_file().read_bytes()
                 for name in document.attachments}  # fmt: skip

    number = made[0].number
    assert found[f"{number}.csv"] == pdf.statement_csv(*made)
    assert found[f"{number}.json"] == pdf.statement_json(*made)


def test_the_same_statement_gives_the_same_bytes(made):
    assert _pdf(made) == _pdf(made)


def test_the_json_proves_itself(made):
    content = json.loads(pdf.statement_json(*made))

    said = content.pop("content_hash")
    assert content.pop("ledger_entry") == made[0].receipt_entry_id
    assert hashlib.sha256(canonical(content).encode()).hexdigest() == said


def test_the_workbook_opens(made):
    assert pdf.statement_xlsx(*made).startswith(b"PK")


def _pdf(made) -> bytes:
    return pdf.statement_pdf(*made, corrects="")
