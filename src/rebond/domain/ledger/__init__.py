"""Value that a shop owes to people: store credit, gift cards and points in one double-entry ledger.

Tables: Account, Transaction, Entry (both only grow), Lot, Hold, HoldPart, CreditTerms. Says:
`balance.issued`, `balance.topped_up`, `balance.used`, `balance.restored`, `balance.expired`,
`balance.cashed_out`, `balance.taken_back`, `balance.held`, `balance.released`, `balance.blocked`,
`balance.unblocked`, `credit_terms.changed`.
"""
