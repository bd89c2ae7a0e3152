"""Whole files of orders: what a source hands over, how credits find their sales, how rows are made.

The sources are plugs (``integrations.shops``). The returns and refunds in a file's history belong
to rooms above this one: ``refunds.importing`` writes them, and commits each piece of a file.
"""
