"""A shop with as many returns as one asks for, all of them lives that could have been."""
