"""What came back: received, looked at, graded, and where each piece goes.

Tables: Receipt, Inspection. Says: `parcel.received`, `return.inspected`.
"""
