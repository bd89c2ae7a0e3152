"""Faults and storms with real processes: what must hold, shown row by row (`make faults`)."""
