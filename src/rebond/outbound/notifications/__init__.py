"""What people are told: one message per event and person, through one channel.

Tables: Message. Says: `message.sent`, `message.undeliverable`.
"""
