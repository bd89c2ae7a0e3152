"""The parcel on its way back: who carries it, its label, what the carrier reports of it.

Tables: Parcel, TrackingEvent, Label, StockLabel, ParcelClaim, ShippingTerms, ReturnPoint,
ChosenMethod, ReturnSlip. Says:
`parcel.announced`, `parcel.handed_in`, `parcel.hand_in_corrected`, `parcel.delivered`,
`parcel.lost`, `parcel_claim.ended`, `label.asked`, `label.ready`, `label.failed`,
`label.voided`, `label_stock.laid_in`, `return_slips.made`, `shipping_terms.changed`,
`sending.method_chosen`, `return_points.replaced`.
"""
