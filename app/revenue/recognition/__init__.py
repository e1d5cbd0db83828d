"""Recognition of revenue: contracts in, postings and balances out; pure."""
