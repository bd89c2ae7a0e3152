"""Who bought: the one table that holds a shopper's name, addresses and language.

Tables: Shopper, DataRequest. Says nothing by itself. `holdings.py`: how rooms say what they hold.
"""
