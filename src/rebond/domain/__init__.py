"""The business: rooms in a fixed order, each knows only rows below it."""
