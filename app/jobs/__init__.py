"""Work done later: enqueue in the caller's transaction, schedules, progress, dead letters."""
