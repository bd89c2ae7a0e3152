"""Eight processes bring the same message at the same instant; run by test_hook_storm.py.

Reads from its standard input the address, the signed body and how many; each child posts through
the whole front door (middleware, view, both actions) over a connection of its own. Prints one line
of JSON: every answer, and what the database holds afterwards.
"""

import json
import os
import sys
import time
from importlib import import_module
from pathlib import Path

from rebond.cli.boot import set_up


def main() -> None:
    set_up()
    client = import_module("django.test").Client
    wish = json.load(sys.stdin)
    each = -(-wish["times"] // wish["processes"])
    client(SERVER_NAME="localhost").get("/")  # everything is imported before the children are born
    import_module("django.db").connections.close_all()
    start = time.time() + 0.3
    folder = Path(wish["folder"])
    children = []
    for number in range(wish["processes"]):
        count = min(each, wish["times"] - number * each)
        children.append(_child(client, wish, folder / str(number), count, start))
    codes = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in children]
    answers = [
        status
        for number in range(wish["processes"])
        for status in json.loads((folder / str(number)).read_text())
    ]
    took = time.time() - start
    seen = {"codes": codes, "answers": answers, "seconds": took, **_what_is_there()}
    print(json.dumps(seen))


def _child(client: type, wish: dict, file: Path, count: int, start: float) -> int:
    pid = os.fork()
    if pid:
        return pid
    code = 4
    try:
        time.sleep(max(0.0, start - time.time()))
        caller = client(raise_request_exception=False, SERVER_NAME="localhost")
        file.write_text(json.dumps([_post(caller, wish) for _ in range(count)]))
        code = 0
    finally:
        os._exit(code)


def _post(caller: object, wish: dict) -> int:
    answer = caller.post(
        wish["path"],
        wish["body"].encode(),
        content_type="application/json",
        headers={"Simulator-Signature": wish["signature"]},
    )
    return answer.status_code


def _what_is_there() -> dict:
    models = import_module("rebond.domain.refunds.models")
    events = import_module("rebond.kernel.models").Event.objects
    payments = import_module("rebond.domain.orders.models").Payment.objects
    promises = import_module("rebond.insights.verification.promises").PROMISES
    return {
        "messages": list(models.ProviderEvent.objects.values_list("result", flat=True)),
        "states": sorted(models.Refund.objects.values_list("state", flat=True)),
        "told": events.filter(name="refund.succeeded").count(),
        "reserved": list(payments.values_list("refund_reserved_minor", flat=True)),
        "broken": [b for promise in promises for b in promise.breaches()],
    }


if __name__ == "__main__":
    main()
