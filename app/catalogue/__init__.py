"""Products, families and price lists."""
