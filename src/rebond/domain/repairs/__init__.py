"""Repairs under the guarantee: one faulty piece comes, is mended, and goes back to its shopper.

Tables: Repair. Says: `repair.opened`, `repair.started`, `repair.done`, `repair.failed`,
`repair.refused`, `repair.sent_back`, `repair.money_asked`, `repair.turned`.
"""
