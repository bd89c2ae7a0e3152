"""Machines that may act for a shop: their keys, and the answers that they were given."""
