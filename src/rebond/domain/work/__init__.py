"""Who works on which return, through which views, and what is done to many at once.

Owns assignments, mentions in notes, saved views, who has a return open, and bulk runs with a row
for each return. Records `return.assigned`, `bulk.started` and `bulk.ended`.
"""
