"""Rating of usage: quantities and a price model in, charges out; pure."""
