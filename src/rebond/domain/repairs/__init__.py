"""Repairs under the guarantee: faulty pieces come, are mended, and go back to their shopper.

Tables: Repair. Says: `repair.opened`, `repair.started`, `repair.done`, `repair.failed`,
`repair.refused`, `repair.sent_back`, `repair.money_asked`, `repair.turned`.
"""
