"""The paper that follows the money: numbered, chained, never changed.

Tables: CreditNote. Says: `credit_note.issued`.
"""
