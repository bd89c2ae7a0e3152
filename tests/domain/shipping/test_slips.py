"""Return slips: made at packing time, known at the dock and at the portal before any return."""

import io
from uuid import uuid4

import pytest
import zxingcpp
from PIL import Image
from tests.world import EMAIL, order_of, requested_return, small_shop

from rebond.domain.orders.new import NewLine
from rebond.domain.shipping import slip_papers
from rebond.domain.shipping.actions import make_slips
from rebond.domain.shipping.errors import OrdersUnknown, SlipsOutOfRange
from rebond.domain.shipping.models import ReturnSlip
from rebond.domain.shipping.slip_codes import code_in, new_code, printed
from rebond.domain.shipping.slip_papers import return_slips
from rebond.domain.shops.addresses import slip_page
from rebond.domain.warehouse.actions import NewScan, bind_parcel, match_parcel, take_scan
from rebond.domain.warehouse.kinds import Command, Heard
from rebond.domain.warehouse.models import LooseParcel
from rebond.kernel import typeset as typesetting
from rebond.kernel.clock import now
from rebond.kernel.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return small_shop()


@pytest.fixture
def order(shop):
    return order_of(shop)


@pytest.fixture
def slip(shop, order):
    return make_slips(shop, ["1001"], by="staff:Ana")[0]


def scan(shop, code="", *, command=Command.CODE):
    return take_scan(shop, NewScan(uuid4(), "one", command, code, now()), by="staff:Karim")


def pages_of(pdf_data, monkeypatch):
    """The pages as pictures, drawn by the engine that makes the PDF."""
    drawn = []

    def draw(template, data, *, made_at):
        compiler = typesetting._compiler(template)
        inputs = {
            "data": typesetting.json.dumps(data),
            "made": typesetting.json.dumps([made_at.year, made_at.month, made_at.day]),
        }
        made = compiler.compile(format="png", ppi=203, sys_inputs=inputs)
        drawn.extend(made if isinstance(made, list) else [made])
        return b""

    monkeypatch.setattr(slip_papers, "typeset", draw)
    pdf_data()
    return [Image.open(io.BytesIO(one)).convert("L") for one in drawn]


def test_orders_that_are_packed_get_their_slips_and_keep_them(shop, order):
    order_of(shop, number="1002")
    first = make_slips(shop, ["#1002", " 1001 ", "1002"], by="staff:Ana")

    again = make_slips(shop, ["1001", "1002"], by="staff:Ana")

    assert [one.order.number for one in first] == ["1002", "1001"]
    assert [one.pk for one in again] == [first[1].pk, first[0].pk]
    told = Event.objects.get(shop_id=shop.pk, name="return_slips.made")
    assert told.payload["pieces"] == 2


def test_slips_for_unknown_orders_are_refused_and_none_is_made(shop, order):
    with pytest.raises(OrdersUnknown) as refused:
        make_slips(shop, ["1001", "4711"], by="staff:Ana")

    assert refused.value.facts == {"numbers": "4711"}
    assert not ReturnSlip.objects.exists()


@pytest.mark.parametrize("count", [0, 201])
def test_too_few_and_too_many_are_refused(shop, count):
    with pytest.raises(SlipsOutOfRange):
        make_slips(shop, [str(n) for n in range(count)], by="staff:Ana")


def test_an_order_of_another_shop_gets_none(shop, order):
    with pytest.raises(OrdersUnknown):
        make_slips(small_shop("atelier"), ["1001"], by="staff:Ana")


@pytest.mark.parametrize("made_of_it", ["{}", " {} ", "lower", "S6{}", "hyphens"])
def test_a_code_is_read_however_it_is_typed(made_of_it):
    code = new_code()
    typed = {
        "lower": printed(code).lower(),
        "hyphens": printed(code).replace("-", ")"),
        "S6{}": printed(code).replace("-", "–"),
    }.get(made_of_it, made_of_it.format(printed(code)))

    assert code_in(typed) == code


@pytest.mark.parametrize("typed", ["", "S-ABC", "R-1001", "SABCDEFGHJKM", "S-IIIII-OOOOO", "1001"])
def test_what_is_no_code_is_none(typed):
    assert code_in(typed) == ""


def test_both_codes_are_read_back_from_every_page(shop, order, monkeypatch):
    long = [NewLine(f"SKU-{n}", f"Article {n} with a long name", 2, 1000) for n in range(40)]
    order_of(shop, number="1002", lines=long)
    slips = make_slips(shop, ["1001", "1002"], by="staff:Ana")

    pages = pages_of(lambda: return_slips(shop, slips, made_at=now()), monkeypatch)

    assert len(pages) == 2
    for slip, page in zip(slips, pages, strict=True):
        found = sorted(one.text for one in zxingcpp.read_barcodes(page))
        assert found == sorted([printed(slip.code), slip_page(shop, slip.code)])


def test_the_same_slip_is_the_same_file(shop, slip):
    made = return_slips(shop, [slip], made_at=slip.made_at)

    assert made.startswith(b"%PDF-")
    assert made == return_slips(shop, [slip], made_at=slip.made_at)


def test_a_parcel_nobody_announced_is_booked_in_for_its_order(shop, order, slip):
    heard = scan(shop, printed(slip.code))

    parcel = LooseParcel.objects.get()
    assert (heard.heard, heard.parcel) == (Heard.SLIP, parcel)
    assert (parcel.order, parcel.rma, parcel.awaits_return) == (order, None, True)
    assert parcel.matched_by == "staff:Karim"


def test_the_same_slip_twice_is_one_parcel(shop, slip):
    for command in (Command.CODE, Command.CODE, Command.SET_ASIDE):
        scan(shop, printed(slip.code), command=command)

    assert LooseParcel.objects.count() == 1


def test_a_return_that_was_announced_is_opened_by_the_slip(shop, order, slip):
    rma = requested_return(order, {"LAMP-01": 1})

    heard = [scan(shop, printed(slip.code)), scan(shop, "LAMP-01")]

    assert [one.heard for one in heard] == [Heard.OPENED, Heard.PIECE]
    assert heard[0].rma == rma
    assert not LooseParcel.objects.exists()


def test_a_return_made_afterwards_takes_the_parcel_up(shop, order, slip):
    scan(shop, printed(slip.code))
    rma = requested_return(order, {"LAMP-01": 1})

    heard = scan(shop, printed(slip.code))

    parcel = LooseParcel.objects.get()
    assert heard.heard == Heard.OPENED
    assert (parcel.rma, parcel.awaits_return) == (rma, False)


def test_a_declined_return_does_not_take_the_parcel(shop, order, slip):
    rma = requested_return(order, {"LAMP-01": 1})
    rma.request_state = "declined"
    rma.save()

    assert scan(shop, printed(slip.code)).heard == Heard.SLIP


def test_the_return_filed_from_it_is_its_return_once(shop, order, slip):
    scan(shop, printed(slip.code))
    parcel = LooseParcel.objects.get()
    rma = requested_return(order, {"LAMP-01": 1})
    other = requested_return(order_of(shop, number="1002"))

    bound = [bind_parcel(shop, parcel.pk, one.pk, by="staff:Ana") for one in (other, rma, rma)]

    parcel.refresh_from_db()
    assert bound == [False, True, False]
    assert (parcel.rma, parcel.awaits_return) == (rma, False)


def test_a_parcel_matched_to_an_order_by_hand_waits_for_its_return_too(shop, order):
    scan(shop, "LP-9", command=Command.SET_ASIDE)

    parcel = match_parcel(shop, LooseParcel.objects.get().pk, "1001", by="staff:Ana")

    assert parcel.awaits_return


def test_a_slip_of_another_shop_is_unknown_here(shop, slip):
    assert scan(small_shop("atelier"), printed(slip.code)).heard == Heard.UNKNOWN


def test_no_slip_says_a_price(shop, order, slip):
    page = slip_papers._page(shop, slip, list(order.lines.all()))

    assert "100" not in str(page["lines"])
    assert EMAIL not in str(page)
