"""Goods that never arrived: reported by their shopper, answered by a person, paid back or found.

Tables: NonDelivery, NonDeliveryLine, NonDeliveryAnswer. Says: `non_delivery.reported`,
`non_delivery.answered`, `non_delivery.terminated`, `non_delivery.contested`.
"""
