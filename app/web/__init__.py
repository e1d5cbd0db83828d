"""What every page shares: forms, answers, errors, headers, navigation."""
