"""Gift cards: whoever has the code may spend what is on the card.

Tables: GiftCard; what is on a card stands in the ledger. Says: `gift_card.issued`, and what the
ledger says, for `gift_card`.
"""
