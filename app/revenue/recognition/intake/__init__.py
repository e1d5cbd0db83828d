"""Strict reading of documents; recognition.schema.json says the same."""

from app.revenue.recognition.intake.documents import read_document, read_documents

__all__ = ["read_document", "read_documents"]
