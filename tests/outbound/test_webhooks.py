"""Webhooks out: signed as the standard says, in order, again after a failure, dead in the end."""

import base64
import contextlib
import json
import threading
import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import time_machine
from django.urls import resolve
from standardwebhooks.webhooks import Webhook, WebhookVerificationError
from tests.world import order_of, requested_return, small_shop

from rebond.kernel import egress
from rebond.kernel.clock import now
from rebond.kernel.models import Job
from rebond.outbound.notifications.models import Message
from rebond.outbound.webhooks import jobs
from rebond.outbound.webhooks.actions import (
    PAUSES,
    add_endpoint,
    begin_try,
    change_endpoint,
    replay,
    replay_range,
    rotate_secret,
)
from rebond.outbound.webhooks.addresses import check_address
from rebond.outbound.webhooks.errors import AddressRefused, EndpointOff
from rebond.outbound.webhooks.models import Attempt, Delivery, Endpoint
from rebond.outbound.webhooks.queries import event_names
from rebond.outbound.webhooks.signing import secret_of

pytestmark = pytest.mark.django_db


class Receiver:
    """Another system: keeps what it gets and answers what it is told to."""

    def __init__(self):
        self.got, self.answers, self.pauses = [], [], []
        self.endless, self.written = False, 0
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append((dict(self.headers.items()), body))
                time.sleep(receiver.pauses.pop(0) if receiver.pauses else 0)
                if receiver.endless:
                    self.flood()
                    return
                status = receiver.answers.pop(0) if receiver.answers else 204
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", "http://127.0.0.1:1/")
                self.send_header("Content-Length", "2" if status != 204 else "0")
                self.end_headers()
                if status != 204:
                    self.wfile.write(b"no")

            def flood(self):
                self.send_response(200)
                self.end_headers()
                with contextlib.suppress(OSError):
                    while receiver.written < 1024**3:
                        receiver.written += self.wfile.write(b"x" * 65536)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"

    def types(self):
        return [json.loads(body)["type"] for _, body in self.got]


@pytest.fixture
def receiver(settings):
    settings.EGRESS_INSIDE_HOSTS = frozenset({"127.0.0.1"})
    made = Receiver()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def shop(db):
    return small_shop()


def listening(shop, receiver, *types):
    return add_endpoint(shop, receiver.url, types, known=event_names(), by="staff:Ana")


def verified(endpoint, got, generation=None):
    headers, body = got
    lower = {name.lower(): value for name, value in headers.items()}
    secret = secret_of(endpoint.pk, generation or endpoint.generation)
    return Webhook(secret).verify(body.decode(), lower)


def test_the_reference_library_verifies_what_is_sent(shop, receiver, run_jobs):
    endpoint = listening(shop, receiver, "return.requested", "return.approved")

    rma = requested_return(order_of(shop), {"LAMP-01": 1})
    run_jobs()

    assert receiver.types() == ["return.requested", "return.approved"]
    told = verified(endpoint, receiver.got[0])
    assert told["data"]["number"] == rma.number
    assert (told["subject"], told["sequence"]) == (str(rma.pk), 1)
    headers, body = receiver.got[0]
    with pytest.raises(WebhookVerificationError):
        verified(endpoint, (headers, body.replace(b"requested", b"approved ")))


def test_a_secret_has_enough_bytes_and_is_kept_nowhere(shop, receiver):
    endpoint = listening(shop, receiver)

    secret = secret_of(endpoint.pk, 1)

    assert len(base64.b64decode(secret.removeprefix("whsec_"))) == 32
    kept = Endpoint.objects.filter(pk=endpoint.pk).values().get()
    assert secret not in str(kept)


def test_while_a_secret_changes_both_sign(shop, receiver, run_jobs):
    endpoint = listening(shop, receiver, "return.requested")
    endpoint = rotate_secret(shop, endpoint.pk, by="staff:Ana")

    requested_return(order_of(shop), {"LAMP-01": 1})
    run_jobs()

    assert verified(endpoint, receiver.got[0], 1) == verified(endpoint, receiver.got[0], 2)
    with time_machine.travel(now() + timedelta(hours=25), tick=False):
        requested_return(order_of(shop, number="1002"), {"LAMP-01": 1})
        run_jobs()
        assert verified(endpoint, receiver.got[-1], 2)
        with pytest.raises(WebhookVerificationError):
            verified(endpoint, receiver.got[-1], 1)


def test_every_try_has_the_same_id_and_the_same_bytes(shop, receiver, run_jobs):
    endpoint = listening(shop, receiver, "return.requested")
    receiver.answers = [500, 302]

    requested_return(order_of(shop), {"LAMP-01": 1})
    run_jobs()
    moment = now()
    for pause in PAUSES[:2]:
        moment += pause
        with time_machine.travel(moment + timedelta(seconds=2), tick=False):
            run_jobs()

    assert len(receiver.got) == 3
    assert len({body for _, body in receiver.got}) == 1
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1
    delivery = Delivery.objects.get(endpoint=endpoint)
    assert (delivery.state, delivery.last_status) == ("delivered", 204)
    tries = list(Attempt.objects.filter(delivery=delivery).order_by("at", "id"))
    assert [one.status for one in tries] == [500, 302, 204]
    assert tries[0].answer == "no"


def test_a_later_event_of_a_return_waits_for_an_earlier_one(shop, receiver, run_jobs):
    listening(shop, receiver, "return.requested", "return.approved")
    receiver.answers = [503]

    requested_return(order_of(shop), {"LAMP-01": 1})
    run_jobs()
    first = receiver.types()
    with time_machine.travel(now() + PAUSES[0] + timedelta(seconds=1), tick=False):
        run_jobs()

    assert first == ["return.requested"]
    assert receiver.types() == ["return.requested", "return.requested", "return.approved"]


def test_another_return_does_not_wait(shop, receiver, run_jobs):
    listening(shop, receiver, "return.requested")
    receiver.answers = [503]

    requested_return(order_of(shop), {"LAMP-01": 1})
    run_jobs()
    requested_return(order_of(shop, number="1002"), {"LAMP-01": 1})
    run_jobs()

    assert Delivery.objects.filter(shop=shop, state="delivered").count() == 1


def test_tries_go_on_for_three_days_and_end(shop, receiver, run_jobs):
    listening(shop, receiver, "return.requested")
    receiver.answers = [500] * 20

    requested_return(order_of(shop), {"LAMP-01": 1})
    moment = now()
    for pause in (timedelta(0), *PAUSES):
        moment += pause + timedelta(seconds=2)
        with time_machine.travel(moment, tick=False):
            run_jobs()

    assert sum(PAUSES, timedelta()) >= timedelta(hours=75)
    assert len(receiver.got) == len(PAUSES) + 1
    assert Delivery.objects.get(shop=shop).state == "dead"


def test_who_answers_gone_gets_nothing_more(shop, receiver, run_jobs):
    endpoint = listening(shop, receiver)
    receiver.answers = [410]

    requested_return(order_of(shop), {"LAMP-01": 1})
    run_jobs()
    requested_return(order_of(shop, number="1002"), {"LAMP-01": 1})
    run_jobs()

    endpoint.refresh_from_db()
    assert (endpoint.is_active, endpoint.why_off) == (False, "gone")
    before = len(receiver.got)
    with pytest.raises(EndpointOff):
        replay(shop, Delivery.objects.filter(state="dead").get().pk)
    assert len(receiver.got) == before


def letters():
    return Message.objects.filter(kind="endpoint_fails")


def test_the_shop_hears_that_an_address_is_gone(shop, receiver, run_jobs):
    endpoint = listening(shop, receiver, "return.requested")
    receiver.answers = [410]

    requested_return(order_of(shop), {"LAMP-01": 1})
    run_jobs()

    [letter] = letters()
    assert letter.to_address == shop.email
    assert receiver.url in letter.text
    page = letter.text[letter.text.index("/desk/") :].split()[0]
    assert resolve(page).kwargs == {"slug": shop.slug, "endpoint_id": endpoint.pk}


def test_the_shop_hears_once_a_day_that_an_address_takes_nothing(shop, receiver, run_jobs):
    listening(shop, receiver, "return.requested")
    receiver.answers = [500] * 20
    for number in ("1001", "1002"):
        requested_return(order_of(shop, number=number), {"LAMP-01": 1})

    moment = now()
    for pause in (timedelta(0), *PAUSES):
        moment += pause
        with time_machine.travel(moment + timedelta(seconds=2), tick=False):
            run_jobs()

    assert set(Delivery.objects.values_list("state", flat=True)) == {"dead"}
    [letter] = letters()
    assert receiver.url in letter.text


def test_who_keeps_us_waiting_is_served_apart_until_it_answers_at_once(
    shop, receiver, run_jobs, monkeypatch
):
    endpoint = listening(shop, receiver, "return.requested")
    monkeypatch.setattr(jobs, "SECONDS", 0.3)
    receiver.pauses = [1]
    for number in ("1001", "1002"):
        requested_return(order_of(shop, number=number), {"LAMP-01": 1})
    assert lanes() == ["webhooks", "webhooks"]

    run_jobs()
    endpoint.refresh_from_db()
    assert (endpoint.is_slow, lanes()) == (False, ["webhooks-slow"])

    requested_return(order_of(shop, number="1003"), {"LAMP-01": 1})
    assert lanes() == ["webhooks", "webhooks-slow"]
    with time_machine.travel(now() + PAUSES[0] + timedelta(seconds=2), tick=False):
        run_jobs()
    assert set(Delivery.objects.values_list("state", flat=True)) == {"delivered"}
    assert lanes() == []


def test_of_a_long_answer_only_the_beginning_is_read(shop, receiver, run_jobs):
    listening(shop, receiver, "return.requested")
    receiver.endless = True

    requested_return(order_of(shop), {"LAMP-01": 1})
    run_jobs()

    [tried] = Attempt.objects.all()
    assert (tried.status, len(tried.answer)) == (200, 2000)
    assert receiver.written < 8 * 1024 * 1024


def lanes():
    queued = Job.objects.filter(lane__startswith="webhooks")
    return sorted(queued.values_list("lane", flat=True))


def test_a_replay_sends_the_same_again(shop, receiver, run_jobs):
    listening(shop, receiver, "return.requested")
    requested_return(order_of(shop), {"LAMP-01": 1})
    run_jobs()

    replay(shop, Delivery.objects.get(shop=shop).pk)
    run_jobs()

    first, second = receiver.got
    assert first[1] == second[1]
    assert first[0]["webhook-id"] == second[0]["webhook-id"]


def test_what_was_missed_is_sent_when_asked_for(shop, receiver, run_jobs):
    began = now()
    endpoint = listening(shop, receiver, "return.requested")
    set_to = {"url": receiver.url, "types": ["return.requested"], "known": event_names()}
    change_endpoint(shop, endpoint.pk, is_active=False, by="staff:Ana", **set_to)
    requested_return(order_of(shop), {"LAMP-01": 1})
    run_jobs()
    missed = receiver.types()
    change_endpoint(shop, endpoint.pk, is_active=True, by="staff:Ana", **set_to)

    count = replay_range(shop, endpoint.pk, since=began, until=now() + timedelta(seconds=1))
    run_jobs()

    assert (missed, count, receiver.types()) == ([], 1, ["return.requested"])


def test_a_try_that_was_lost_with_its_process_is_made_again(shop, receiver, run_jobs):
    listening(shop, receiver, "return.requested")
    requested_return(order_of(shop), {"LAMP-01": 1})
    delivery = Delivery.objects.get(shop=shop)
    begin_try(delivery.pk)  # and then the process dies
    run_jobs()
    before = list(receiver.got)

    with time_machine.travel(now() + timedelta(minutes=3), tick=False):
        jobs.send_due()
        run_jobs()

    assert (before, receiver.types()) == ([], ["return.requested"])


def test_only_events_of_the_own_shop_are_sent(shop, receiver, run_jobs):
    listening(shop, receiver, "return.requested")

    requested_return(order_of(small_shop("autre")), {"LAMP-01": 1})
    run_jobs()

    assert receiver.got == []


@pytest.mark.parametrize(
    "url",
    [
        "http://client.example/hook",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:7f00:1]/",
        "https://0177.1/",
        "https://2130706433/",
        "https://169.254.169.254/latest",
        "https://metadata.internal/",
        "https://localhost./",
        "https://a@127.0.0.1/",
        "https://user:word@client.example/",
        "https://client.example:25/",
        "https://client.example:5432/",
        "gopher://client.example/",
        "file:///etc/passwd",
        "https://client.example/ a",
        "https://[/",
        "",
    ],
)
def test_an_address_that_leads_inside_is_refused_when_it_is_typed(url):
    with pytest.raises(AddressRefused):
        check_address(url)


def test_a_name_that_leads_inside_is_not_dialled(monkeypatch):
    dialled = []
    monkeypatch.setattr(
        "socket.getaddrinfo",
        lambda *_, **__: [(2, 1, 6, "", ("8.8.8.8", 443)), (2, 1, 6, "", ("10.0.0.1", 443))],
    )
    monkeypatch.setattr("socket.create_connection", lambda *a, **_: dialled.append(a))

    with pytest.raises(egress.NoAnswer):
        egress.request("POST", "https://client.example/", content="x", public_only=True)

    assert dialled == []
