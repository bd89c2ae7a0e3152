"""Copies of what a shop holds about a person, erasure, and the ends of keeping.

Tables: RetentionTerm, PurgeReport. Says: `data_request.made`, `data_request.ended`, `data.purged`,
`retention.changed`. What is held where is said by each room in its ``personal.py``.
"""
