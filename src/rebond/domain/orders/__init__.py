"""What was bought, as the shop told us; never changed by a return.

Tables: Order, OrderLine, OrderCharge, Payment, Delivery, ImportRun. Says: `order.entered` for
orders that come one by one, `orders.imported` for a whole file.
"""
