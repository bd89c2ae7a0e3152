"""Says amounts and their reasons in words, the same on every page, in every letter and answer."""
