"""Who bought: the one table that holds a shopper's name, addresses and language.

Tables: Shopper. Says nothing by itself.
"""
