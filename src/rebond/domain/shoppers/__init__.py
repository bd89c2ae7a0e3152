"""Who bought: the one table that holds a shopper's name, addresses and language.

Tables: Shopper, DataRequest. Says: `shopper.tier_changed`.
`holdings.py`: how rooms say what they hold.
"""
