"""Sources of orders: one file each."""
