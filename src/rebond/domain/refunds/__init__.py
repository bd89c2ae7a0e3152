"""Money on its way back: what is owed and why, each refund, each attempt, what others did.

Tables: Settlement with its lines and charges, Refund, Attempt, Consent, limits, approvals, Dispute,
MoneyTask. From elsewhere: ProviderEvent (messages), OutsideRefund (refunds that we did not ask
for), ReconciliationReport with Discrepancy, PayoutHold. What it says stands in `events.py`.
"""
