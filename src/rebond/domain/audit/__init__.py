"""Who changed what and who looked at whom: a chain of entries for each shop that only grows.

Tables: AuditEntry. Says nothing; the heads of its chains are said with those of the documents.
"""
