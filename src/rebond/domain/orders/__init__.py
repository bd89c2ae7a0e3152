"""What was bought, as the shop told us; never changed by a return.

Tables: Order, OrderLine, OrderCharge, Payment, Delivery, ImportRun. Says: `order.imported`
for orders that come one by one; a bulk import says one `orders.imported`.
"""
