"""An unsellable or worn piece, discussed with its shopper before anything is decided.

Tables: Discussion. Says: `discussion.opened`, `discussion.reminded`, `discussion.answered`,
`discussion.lapsed`, `discussion.sent_back`.
"""
