"""A shop to try everything with: real orders, staff, and returns in every state."""
