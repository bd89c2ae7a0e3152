"""Machines: the versioned API and the hooks of other systems."""
