"""Loyalty points: earned and used with orders, and both undone with what goes back.

Tables: OrderPoints, PointsReturn; the points themselves stand in the ledger. Says:
`points.missed`, and what the ledger says, for `points`.
"""
