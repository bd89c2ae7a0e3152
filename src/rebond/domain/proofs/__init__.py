"""What visitors prove: one-time codes sent to a mailbox, and how often somebody guesses wrong.

Tables: OneTimeCode, Tries. Says: `code.asked`, `guessing.seen`.
"""
