"""What a request may hold: the fields that we know, and no other.

A misspelt ``amount_minor`` would otherwise mean "everything that is left", and a field that only
we write would seem to be taken.
"""

from ninja import Schema
from pydantic import ConfigDict


class Body(Schema):
    """The body of a request. A field that is not named here is refused with 422."""

    model_config = ConfigDict(extra="forbid")
