"""What somebody wants instead.  (pure)"""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Instead:
    """``quantity`` pieces of the product ``sku`` for pieces of one line of the return."""

    return_line_id: UUID
    sku: str
    quantity: int
