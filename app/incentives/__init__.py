"""Incentives: plans, what they pay, and why."""
