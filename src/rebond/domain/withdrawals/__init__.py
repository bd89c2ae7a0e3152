"""Statements of withdrawal: kept as they were made, acknowledged, and looked at afterwards.

Tables: Statement, WithdrawalCase. Says: `withdrawal.submitted`, `withdrawal.matched`,
`withdrawal.accepted`, `withdrawal.answered`.
"""
