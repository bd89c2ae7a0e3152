"""What the law, or the shop's own word, wants done by which day.

Tables: Duty. Says: `duties.warned`.
"""
