"""What the accountant takes away: documents of a period as archive, journal, entries and totals.

Tables: none. Reads documents and writes nothing but the files that somebody asked for.
"""
