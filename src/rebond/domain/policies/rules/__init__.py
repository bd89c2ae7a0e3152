"""Kinds of rules, one pure file each; a file is found by being here."""
