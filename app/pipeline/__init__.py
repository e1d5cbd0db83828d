"""Opportunities, sold together, through stages with exit criteria."""
