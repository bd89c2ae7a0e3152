"""A return over the API from the sale to the refund, with the client that comes with Rebond.

    REBOND_URL=http://127.0.0.1:8000 REBOND_KEY=rbk_… python docs/examples/whole_return.py

The key needs: orders:write, returns:read, returns:write, warehouse:write, refunds:write.
"""

import os
from datetime import UTC, datetime, timedelta

from rebond.client import Api
from rebond.client.api import ReturnOut


def whole_way(api: Api, number: str) -> ReturnOut:
    """Sell two lamps under ``number``, take one back, and refund it."""
    bought = datetime.now(UTC) - timedelta(days=8)
    order = api.create_order(
        {
            "number": number,
            "ordered_at": bought.isoformat(),
            "currency": "EUR",
            "shopper": {"email": "camille@client.example", "name": "Camille", "country": "FR"},
            "lines": [
                {"sku": "LAMP-01", "title": "Paper lamp", "quantity": 2, "total_minor": 6000}
            ],
            "payments": [{"provider": "paper", "captured_minor": 6000}],
            "delivered_on": (bought + timedelta(days=3)).date().isoformat(),
        }
    )
    wanted = {"order_line": order["lines"][0]["id"], "quantity": 1, "reason": "changed_mind"}
    rma = api.create_return({"order": number, "lines": [wanted]})
    if rma["request_state"] == "requested":  # the policy leaves it to a person
        rma = api.approve_return(rma["number"], version=rma["version"])
    api.announce_parcel(rma["number"], {"carrier": "manual", "tracking_number": "6A0001"})

    rma = api.read_return(rma["number"])
    line = rma["lines"][0]["id"]
    rma = api.receive_return(rma["number"], {"counts": {line: 1}}, version=rma["version"])
    found = {"line": line, "quantity": 1, "grade": "a", "disposition": "restock"}
    rma = api.inspect_return(rma["number"], {"findings": [found]}, version=rma["version"])
    return api.settle_return(rma["number"], version=rma["version"])


def main() -> None:
    """Go the whole way at the address and with the key of the environment."""
    with Api(os.environ["REBOND_URL"], os.environ["REBOND_KEY"]) as api:
        number = f"EX-{datetime.now(UTC):%Y%m%d-%H%M%S}"
        rma = whole_way(api, number)
        print(f"{rma['number']}: goods {rma['inspection_state']}, money {rma['money_state']}")


if __name__ == "__main__":
    main()
