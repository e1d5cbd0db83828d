"""Tandem, the partner portal."""
