"""Tries a policy on the past before it is published: who would win, who would lose, at which cost.

Tables: Trial. Says: `trial.started`, `trial.ended`.
"""
