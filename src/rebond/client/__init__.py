"""A typed client of the API for other programs. Knows nothing else of Rebond: httpx is enough.

from rebond.client import Api, Refused

with Api("https://returns.example", "rbk_…") as api:
    for rma in api.list_returns(request_state="requested")["items"]:
        api.approve_return(rma["number"], version=rma["version"])
"""

from rebond.client.api import Api
from rebond.client.transport import NoAnswer, Refused

__all__ = ["Api", "NoAnswer", "Refused"]
