"""The paper that follows the money: numbered, chained, never changed.

Tables: CreditNote, CreditNoteFile. Says: `credit_note.issued`.
"""
