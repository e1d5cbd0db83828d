"""Customers, matched so that one customer is one account."""
