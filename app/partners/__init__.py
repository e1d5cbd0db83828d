"""Partner organisations, programmes and tiers."""
