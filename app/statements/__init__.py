"""Commission periods, statements, disputes and payouts."""
