"""Stored files: checked when they come in, kept in the database, handed out as attachments."""
