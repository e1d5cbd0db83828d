"""The chain from order to invoice to payment."""
