"""The ledger: an append-only, signed, provable record of every decision and every cent."""
