"""Strict reading of documents; recognition.schema.json says the same."""

from app.revenue.recognition.intake.documents import listed_in, read_document, read_documents

__all__ = ["listed_in", "read_document", "read_documents"]
