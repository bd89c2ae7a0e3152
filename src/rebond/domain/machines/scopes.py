"""What a key may do: one table.  (pure)"""

from enum import StrEnum


class Scope(StrEnum):
    """One thing that a machine may or may not do."""

    REFUNDS_READ = "refunds:read"
    REFUNDS_WRITE = "refunds:write"
    CREDIT_READ = "credit:read"
    CREDIT_WRITE = "credit:write"
    POLICIES_READ = "policies:read"
    POLICIES_WRITE = "policies:write"
