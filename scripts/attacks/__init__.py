"""Attacks on a running installation of ours, row by row."""
