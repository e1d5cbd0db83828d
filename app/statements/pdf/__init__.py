"""A statement as files: PDF, CSV, Excel, JSON."""

from app.statements.pdf.paper import statement_html, statement_pdf, summary
from app.statements.pdf.tables import (
    LINES_HEAD,
    statement_csv,
    statement_json,
    statement_xlsx,
    sums,
)

__all__ = [
    "LINES_HEAD",
    "statement_csv",
    "statement_html",
    "statement_json",
    "statement_pdf",
    "statement_xlsx",
    "summary",
    "sums",
]
