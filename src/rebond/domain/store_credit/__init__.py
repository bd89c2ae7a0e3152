"""Store credit: what a shop keeps for a shopper, one account for each currency.

Tables: none of its own; the ledger's. Says: what the ledger says, for `store_credit`.
"""
