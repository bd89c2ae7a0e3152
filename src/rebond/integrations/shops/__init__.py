"""Sources of orders, and systems of the shop that hear of its stock: one file each."""
