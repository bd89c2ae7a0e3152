"""What a key may do: one table.  (pure)"""

from enum import StrEnum


class Scope(StrEnum):
    """One thing that a machine may or may not do."""

    RETURNS_READ = "returns:read"
    RETURNS_WRITE = "returns:write"
    WAREHOUSE_READ = "warehouse:read"
    WAREHOUSE_WRITE = "warehouse:write"
    ORDERS_READ = "orders:read"
    ORDERS_WRITE = "orders:write"
    DOCUMENTS_READ = "documents:read"
    DOCUMENTS_WRITE = "documents:write"
    EVENTS_READ = "events:read"
    WEBHOOKS_WRITE = "webhooks:write"
    REFUNDS_READ = "refunds:read"
    REFUNDS_WRITE = "refunds:write"
    CREDIT_READ = "credit:read"
    CREDIT_WRITE = "credit:write"
    POLICIES_READ = "policies:read"
    POLICIES_WRITE = "policies:write"
    SETTINGS_READ = "settings:read"
    SETTINGS_WRITE = "settings:write"
    STAFF_READ = "staff:read"
    STAFF_WRITE = "staff:write"
    PRIVACY_READ = "privacy:read"
    PRIVACY_WRITE = "privacy:write"
    AUDIT_READ = "audit:read"
