"""Carriers: one file each."""
