"""The library, and certificates."""
