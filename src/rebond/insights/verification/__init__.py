"""Shows that the installation keeps its promises: reads everything, changes nothing.

Tables: none. `rebond verify` runs it; every promise names the rows that break it.
"""
