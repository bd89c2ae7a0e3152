"""Money on its way back: what is owed and why, each refund, each attempt to send it.

Tables: Settlement, SettlementLine, SettlementCharge, Refund, Attempt, ProviderEvent. Says:
`settlement.decided`, `refund.started`, `refund.sent`, `refund.succeeded`, `refund.failed`,
`refund.unclear`.
"""
