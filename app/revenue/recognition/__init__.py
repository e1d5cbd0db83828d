"""Recognition of revenue: contracts in, postings and balances out; pure.

``read_documents`` reads documents strictly; ``recognise(document)`` gives a ``Result``, and
``as_data`` what a command prints of it. Amounts are whole numbers of the document's grain (a cent,
unless it declares another); revenue is a function of the facts and a day, never a running total.
"""

from app.revenue.recognition.document import Document
from app.revenue.recognition.intake import listed_in, read_document, read_documents
from app.revenue.recognition.recognise import recognise
from app.revenue.recognition.report import as_data
from app.revenue.recognition.result import Result

__all__ = [
    "Document",
    "Result",
    "as_data",
    "listed_in",
    "read_document",
    "read_documents",
    "recognise",
]
