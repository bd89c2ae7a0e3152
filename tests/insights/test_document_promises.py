"""`rebond verify` finds documents that were broken by hand, and heads that no longer hold."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.world import findings, order_of, received_return, small_shop

from rebond.domain.credit_notes.actions import (
    DraftWish,
    issue_draft,
    set_bookkeeping,
    write_draft,
)
from rebond.domain.credit_notes.content import hash_of
from rebond.domain.credit_notes.heads import heads_file, written_heads
from rebond.domain.credit_notes.jobs import post_heads, write_all_heads
from rebond.domain.credit_notes.models import (
    CreditNote,
    CreditNoteLine,
    CreditRoom,
    Transmission,
    WithoutDocument,
)
from rebond.domain.refunds.actions import pay_by_hand
from rebond.domain.refunds.models import Refund, Settlement
from rebond.domain.shoppers.models import Shopper
from rebond.domain.warehouse.actions import inspect_return
from rebond.insights.verification.promises import PROMISES
from rebond.integrations.channels.email import Email
from rebond.kernel import egress
from rebond.kernel.clock import now
from rebond.kernel.models import Counter, Event, Job
from rebond.outbound.notifications.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def order():
    return order_of(small_shop())


@pytest.fixture
def notes(order, run_jobs):
    """One document of a return, then two by hand, the last for a business in France."""
    rma = received_return(order, {"LAMP-01": 1})
    inspect_return(rma.pk, findings(rma), by="staff:Karim")
    run_jobs()
    refund = Refund.objects.get(settlement__rma=rma)
    pay_by_hand(refund.pk, reference="VIR-1", paid_on=date(2026, 11, 20), by="staff:Ana")
    run_jobs()
    by_hand(order, 100)
    Shopper.objects.filter(pk=order.shopper_id).update(vat_number="FR83404833048", is_business=True)
    by_hand(order, 200)
    run_jobs()
    return list(CreditNote.objects.order_by("number"))


def by_hand(order, amount):
    wish = DraftWish(order.lines.get(sku="LAMP-01").pk, amount)
    draft = write_draft(order.pk, [wish], reason="why", sends_letter=False, by="staff:Claire")
    return issue_draft(draft.pk, version=1, by="staff:Claire")


def broken() -> dict[str, list[str]]:
    found = {promise.number: list(promise.breaches()) for promise in PROMISES}
    return {number: breaches for number, breaches in found.items() if breaches}


def test_sound_documents_keep_every_promise(notes):
    assert [note.number for note in notes] == [1, 2, 3]
    assert broken() == {}


def without_note(note):
    note.files.all().delete()
    note.lines.all().delete()
    note.transmissions.all().delete()
    note.drafts.update(credit_note=None, state="discarded")
    Event.objects.filter(subject=note.pk).delete()
    CreditNote.objects.filter(pk=note.pk).delete()


def renumbered(note):
    CreditNote.objects.filter(pk=note.pk).update(number=9)


BREAKS = {
    "a document in the middle is gone": ("I12", lambda notes: without_note(notes[1])),
    "the last document is gone": ("I12", lambda notes: without_note(notes[2])),
    "a number was skipped": ("I12", lambda notes: renumbered(notes[2])),
    "the counter is gone": (
        "I12",
        lambda notes: Counter.objects.filter(series__startswith="document:").delete(),
    ),
    "the clock runs back": (
        "I12",
        lambda notes: CreditNote.objects.filter(pk=notes[2].pk).update(
            issued_at=now() - timedelta(days=400)
        ),
    ),
    "a refund has no document": ("I13", lambda notes: without_note(notes[0])),
    "a document says another sum than its refund": (
        "I13",
        lambda notes: Settlement.objects.update(gross_minor=1),
    ),
    "a line was added": (
        "I13",
        lambda notes: CreditNoteLine.objects.create(
            shop=notes[0].shop,
            credit_note=notes[1],
            charge=notes[1].order.charges.get(),
            gross_minor=1,
        ),
    ),
    "a line says more": (
        "I13",
        lambda notes: notes[1].lines.update(gross_minor=20000, tax_minor=0),
    ),
    "the counter of the invoice forgets": (
        "I13",
        lambda notes: CreditRoom.objects.update(credited_minor=0),
    ),
    "a refund has a document and an excuse": (
        "I13",
        lambda notes: WithoutDocument.objects.create(
            shop=notes[0].shop, settlement=notes[0].settlement, reason="x", by="x", at=now()
        ),
    ),
    "the text was changed": (
        "I13b",
        lambda notes: CreditNote.objects.filter(pk=notes[0].pk).update(
            content={**notes[0].content, "order_number": "9999"}
        ),
    ),
    "the columns were changed": (
        "I13b",
        lambda notes: CreditNote.objects.filter(pk=notes[1].pk).update(net_minor=1, tax_minor=99),
    ),
    "the invoice was exchanged": (
        "I13b",
        lambda notes: CreditNote.objects.filter(pk=notes[1].pk).update(invoice_number="FA-1"),
    ),
    "two documents changed places": (
        "I13b",
        lambda notes: [
            CreditNote.objects.filter(pk=notes[1].pk).update(hash=notes[2].hash),
            CreditNote.objects.filter(pk=notes[2].pk).update(hash=notes[1].hash),
        ],
    ),
    "a business document was forgotten": (
        "I13d",
        lambda notes: Transmission.objects.all().delete(),
    ),
}


@pytest.mark.parametrize("name", BREAKS)
def test_what_was_broken_by_hand_is_found(name, notes, without_guards):
    number, do = BREAKS[name]

    do(notes)

    assert number in broken()


def test_a_document_that_is_coming_is_waited_for_and_a_forgotten_one_is_not(order, run_jobs):
    rma = received_return(order, {"LAMP-01": 1})
    inspect_return(rma.pk, findings(rma), by="staff:Karim")
    run_jobs()
    refund = Refund.objects.get(settlement__rma=rma)
    pay_by_hand(refund.pk, reference="VIR-1", paid_on=date(2026, 11, 20), by="staff:Ana")

    assert broken() == {}
    Job.objects.filter(key__endswith=":rebond.domain.credit_notes.jobs.document_settlement").update(
        is_dead=True
    )
    assert broken() == {}  # laid aside, where people see it
    Job.objects.filter(is_dead=True).delete()

    assert list(broken()) == ["I13"]


# --- heads --------------------------------------------------------------------------------


def test_heads_are_written_once_and_hold(notes, run_jobs):
    write_all_heads()
    run_jobs()
    write_all_heads()
    run_jobs()

    (line,) = heads_file().read_text().splitlines()
    assert json.loads(line) | {"at": ""} == {
        "at": "",
        "shop": "galerie",
        "shop_id": str(notes[2].shop_id),
        "series": notes[2].series,
        "number": 3,
        "label": notes[2].label,
        "hash": notes[2].hash,
    }
    assert broken() == {}


def test_a_chain_that_was_cut_short_is_found_by_its_head(notes, run_jobs, without_guards):
    write_all_heads()
    run_jobs()

    without_note(notes[2])
    Counter.objects.filter(series__startswith="document:").update(last=2)
    CreditRoom.objects.filter(order_line=None, charge=None).update(
        credited_minor=sum(note.gross_minor for note in notes[:2])
    )
    CreditRoom.objects.exclude(order_line=None).update(
        credited_minor=sum(note.gross_minor for note in notes[:2])
    )

    assert list(broken()) == ["I13c"]


def test_a_chain_that_was_rewritten_whole_is_found_by_any_old_head(notes, run_jobs, without_guards):
    write_all_heads()
    run_jobs()
    last = notes[2]
    content = {**last.content, "reason": "another"}

    CreditNote.objects.filter(pk=last.pk).update(
        content=content, hash=hash_of(last.previous_hash, content)
    )
    by_hand(last.order, 50)
    write_all_heads()
    run_jobs()

    assert len(written_heads()) == 2
    assert list(broken()) == ["I13c"]


# --- marks --------------------------------------------------------------------------------


def chain_found(*, full):
    (chain,) = [promise for promise in PROMISES if promise.number == "I13b"]
    return [breach.split()[1] for breach in chain.breaches(full=full)]


def change(note):
    CreditNote.objects.filter(pk=note.pk).update(content=note.content | {"reason": "another"})


def test_a_chain_is_walked_on_from_where_it_was_found_sound(notes, without_guards):
    assert chain_found(full=False) == []
    change(notes[0])
    assert chain_found(full=False) == []
    fresh = by_hand(notes[2].order, 50)
    change(fresh)

    assert chain_found(full=False) == [fresh.label]
    assert chain_found(full=True) == [notes[0].label, fresh.label]


def test_no_mark_is_set_on_a_chain_that_is_not_sound(notes, without_guards):
    change(notes[1])

    assert chain_found(full=True) == chain_found(full=False) == [notes[1].label]


@pytest.mark.parametrize("told", ["", "[", "[1]", "{}", '[{"shop": 1}]'])
def test_without_readable_marks_the_chain_is_walked_whole(notes, without_guards, settings, told):
    assert chain_found(full=False) == []
    change(notes[0])
    Path(settings.VERIFIED_FILE).write_text(told)

    assert chain_found(full=False) == [notes[0].label]


def test_a_mark_that_lost_its_document_counts_for_nothing(notes, without_guards, settings):
    assert chain_found(full=False) == []
    change(notes[0])
    marks = Path(settings.VERIFIED_FILE)
    marks.write_text(marks.read_text().replace(notes[2].hash, notes[1].hash))

    assert chain_found(full=False) == [notes[0].label]


# --- heads, once more ---------------------------------------------------------------------


def test_a_line_that_was_cut_by_a_power_failure_is_passed_over(notes, run_jobs):
    write_all_heads()
    run_jobs()
    with heads_file().open("a") as file:
        file.write('{"at": "2026-')

    assert len(written_heads()) == 1
    assert broken() == {}


def test_heads_go_to_the_address_and_the_url_of_the_shop(notes, run_jobs, monkeypatch, settings):
    posted, mailed = [], []
    settings.SMTP_URL = "smtp://127.0.0.1:1"
    monkeypatch.setattr(Email, "send", lambda self, letter: mailed.append(letter))
    monkeypatch.setattr(
        egress,
        "request",
        lambda method, url, **more: (
            posted.append((method, url, more["json"])) or egress.Reply(204, {}, b"")
        ),
    )
    set_bookkeeping(
        notes[0].shop,
        {"heads_email": "notaire@cabinet.example", "heads_url": "https://vault.example/heads"},
        by="staff:Olivia",
    )

    write_all_heads()
    run_jobs()

    ((method, url, body),) = posted
    assert (method, url) == ("POST", "https://vault.example/heads")
    assert body["heads"][0]["hash"] == notes[2].hash
    (letter,) = [one for one in mailed if one.to == "notaire@cabinet.example"]
    assert notes[2].hash in letter.text
    assert Message.objects.get(kind="document_heads").shopper is None


def test_an_address_that_does_not_take_the_heads_is_asked_again(notes, run_jobs, monkeypatch):
    set_bookkeeping(notes[0].shop, {"heads_url": "https://vault.example/heads"}, by="staff:Olivia")
    monkeypatch.setattr(egress, "request", lambda *_, **__: egress.Reply(500, {}, b""))

    write_all_heads()
    run_jobs()

    waiting = Job.objects.filter(key__endswith=f".{post_heads.__name__}").get()
    assert "HeadsNotTaken" in waiting.last_error
