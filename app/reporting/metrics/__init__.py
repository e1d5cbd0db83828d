"""Every metric: its definition in words and its pure function."""
