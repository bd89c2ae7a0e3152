"""The parcel on its way back: who carries it, its number, how far it is.

Tables: Parcel. Says: `parcel.announced`, `parcel.moved`.
"""
