"""Valid things, made with one call each."""
