"""A copy of the whole installation in one archive, and the way back.

`archive` packs and unpacks with checksums, `sealing` encrypts, `sqlite` and `postgresql` take a
database out at one moment and put it back, `schema` says which version it had. Owns no table.
"""
