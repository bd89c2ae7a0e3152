"""Money paid by bank transfer: accounts, what waits to be paid, and the files for the bank."""
