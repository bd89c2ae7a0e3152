"""Rebond: returns and refunds for online shops."""

__version__ = "0.1.0"
