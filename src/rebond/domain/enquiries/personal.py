"""What people wrote to the shop without a return."""

from rebond.domain.shoppers.holdings import DataKind, Holding, before, of_mailbox

HOLDINGS = [
    Holding(
        "enquiries.EnquiryMessage",
        DataKind.MESSAGES,
        of_mailbox("enquiry__email_key"),
        ("text",),
        aged=before("enquiry__changed_at"),
        told=("enquiry__number", "side", "at"),
    ),
    Holding(
        "enquiries.Enquiry",
        DataKind.MESSAGES,
        of_mailbox("email_key"),
        ("name", "email", "email_key", "order_told"),
        aged=before("changed_at"),
        told=("number", "state", "received_at"),
    ),
]
