"""What shop and person said to each other."""

from rebond.domain.returns.personal import of_return
from rebond.domain.shoppers.holdings import DataKind, Holding, before

HOLDINGS = [
    Holding(
        "conversations.MessagePhoto",
        DataKind.PHOTOS,
        of_return("message__rma"),
        (),
        aged=before("message__rma__closed_at"),
        is_removed=True,
    ),
    Holding(
        "conversations.ConversationMessage",
        DataKind.MESSAGES,
        of_return("rma"),
        ("text", "clause"),
        aged=before("rma__closed_at"),
        told=("rma__number", "side", "at"),
    ),
]
