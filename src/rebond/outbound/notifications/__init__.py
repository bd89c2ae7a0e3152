"""What people are told: one message per event and person, through one channel.

Tables: Message, LetterWords. Says: `message.sent`, `message.undeliverable`, `letter_words.changed`.
"""
