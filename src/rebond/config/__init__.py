"""Wires the house: settings, addresses, plugs. The only room that knows all others."""
