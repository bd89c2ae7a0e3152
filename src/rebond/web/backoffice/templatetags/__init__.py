"""Filters that only the desk's templates need."""
