"""Pure rules of the ledger: canonical text, hashes, the Merkle tree, signed heads, receipts."""
