"""What came back: received, looked at, graded, and where each piece goes.

Tables: Receipt, Checklist, Inspection, Scan, LooseParcel, Location, Balance, Movement, Unit,
WorkOrder, Batch. Says: `parcel.received`, `checklist.changed`, `return.inspected`,
`loose_parcel.set_aside`, `loose_parcel.matched`, `location.added`, `stock.moved`,
`unit.redirected`, `work_order.finished`, `batch.sent`.
"""
