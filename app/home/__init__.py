"""Pages that bring several features together."""
