"""Lists ask as often for sixty rows as for three; pages by place, search by beginning."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.world import LAMP, MUG, findings, order_of, received_return, requested_return, small_shop

from rebond.domain.orders.models import Order
from rebond.domain.returns.models import Return
from rebond.domain.shipping.actions import announce_parcel
from rebond.domain.shops.access import Role
from rebond.domain.warehouse.actions import inspect_return
from rebond.kernel.clock import now
from rebond.kernel.paging import page_of
from rebond.web.backoffice.queries import queue, sales, search

LISTS = [
    "returns/",
    "returns/?view=all",
    "returns/?view=receive",
    "returns/?view=refund",
    "returns/?q=LAMP",
    "returns/?q=camille",
    "orders/",
    "orders/?q=camille",
    "orders/?q=LAMP",
    "documents/",
]


def queries_of(client, path):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        answer = client.get(f"/desk/galerie/{path}")
    assert answer.status_code == 200
    return len(captured)


def fill(shop, first, last, run_jobs):
    for number in range(first, last):
        rma = received_return(order_of(shop, number=str(number)))
        inspect_return(rma.pk, findings(rma), by="staff:Karim")
        if number % 3 == 0:
            requested_return(Order.objects.get(shop=shop, number=str(number)), {"LAMP-01": 1})
    run_jobs()


@pytest.mark.slow
def test_lists_and_pages_ask_as_often_for_sixty_as_for_three(shop, at_desk, run_jobs):
    fill(shop, 2000, 2003, run_jobs)
    ana = at_desk(shop)
    first = Return.objects.filter(order__number="2000").earliest("requested_at")
    pages = [*LISTS, f"returns/{first.number}/", "orders/2000/"]
    for path in pages:  # the first look of all begins the chain of looks
        ana.get(f"/desk/galerie/{path}")
    few = {path: queries_of(ana, path) for path in pages}

    fill(shop, 2003, 2060, run_jobs)
    ana.get("/desk/galerie/orders/")  # after a while the session is written once more

    assert {path: queries_of(ana, path) for path in pages} == few


def test_a_page_of_one_return_asks_as_often_for_eight_lines_as_for_one(shop, at_desk, run_jobs):
    def sold(number, lines):
        kinds = [LAMP, MUG]
        return order_of(
            shop,
            number=number,
            lines=[
                type(LAMP)(f"{kinds[i % 2].sku}-{i}", "Thing", 1, 1000 + i) for i in range(lines)
            ],
        )

    made = {}
    for number, lines in (("0", 1), ("1", 1), ("8", 8)):
        rma = received_return(sold(number, lines))
        inspect_return(rma.pk, findings(rma), by="staff:Karim")
        run_jobs()
        made[number] = rma
    ana = at_desk(shop)
    first = made.pop("0")  # the first look of all begins the chain of looks
    for path in (f"returns/{first.number}/", "orders/0/"):
        ana.get(f"/desk/galerie/{path}")

    asked = {n: queries_of(ana, f"returns/{rma.number}/") for n, rma in made.items()}
    orders = {n: queries_of(ana, f"orders/{n}/") for n in made}

    assert asked["1"] == asked["8"]
    assert orders["1"] == orders["8"]


# --- pages by place -----------------------------------------------------------------------


def many_orders(shop, count):
    """Orders of which several share one moment, as an import brings them."""
    moment = now()
    for number in range(count):
        order_of(shop, number=f"{number:04d}")
        Order.objects.filter(shop=shop, number=f"{number:04d}").update(
            ordered_at=moment - timedelta(hours=number // 3)
        )


def walk(client, path, rel):
    seen = []
    for _ in range(50):
        page = client.get(path).content.decode()
        seen.append(re.findall(r'row-link" href="/desk/galerie/orders/(\d+)/', page))
        link = re.search(rf'rel="{rel}"[^>]*href="(\?[^"]+)"', page)
        if link is None:
            break
        path = "/desk/galerie/orders/" + link[1].replace("&amp;", "&")
    return seen, path


def test_walking_all_pages_meets_every_order_once_and_back_again(shop, at_desk, monkeypatch):
    monkeypatch.setattr(sales, "ROWS", 5)
    many_orders(shop, 23)
    ana = at_desk(shop)

    down, last = walk(ana, "/desk/galerie/orders/", "next")
    up, _ = walk(ana, last, "prev")

    assert [len(page) for page in down] == [5, 5, 5, 5, 3]
    met = [number for page in down for number in page]
    assert sorted(met) == [f"{number:04d}" for number in range(23)]
    assert up == down[::-1]


def test_a_deep_page_costs_what_the_first_costs(shop, at_desk, monkeypatch):
    monkeypatch.setattr(sales, "ROWS", 5)
    many_orders(shop, 23)
    ana = at_desk(shop)
    _, last = walk(ana, "/desk/galerie/orders/", "next")
    with CaptureQueriesContext(connection) as captured:
        ana.get(last)

    assert not [q for q in captured.captured_queries if "OFFSET" in q["sql"]]
    assert queries_of(ana, "orders/") == len(captured)


@pytest.mark.parametrize("cursor", ["x", "%00", "b3x", "bnwyMDI2", "0" * 500, "é"])
def test_a_cursor_that_cannot_be_read_gives_the_first_page(shop, order, at_desk, cursor):
    answer = at_desk(shop).get(f"/desk/galerie/orders/?at={cursor}")

    assert answer.status_code == 200
    assert b"/orders/1001/" in answer.content


def test_an_empty_list_has_no_further_pages(shop):
    page = page_of(Order.objects.filter(shop=shop), by="ordered_at")

    assert (page.rows, page.newer, page.older) == ([], "", "")


def test_a_count_stops_at_its_limit(shop, at_desk, monkeypatch):
    monkeypatch.setattr(queue, "MOST_COUNTED", 2)
    for number in range(4):
        requested_return(order_of(shop, number=str(number)))

    page = at_desk(shop).get("/desk/galerie/returns/").content.decode()

    assert "000+" in page


# --- search -------------------------------------------------------------------------------


@pytest.fixture(params=[3000, 0], ids=["few hits", "many hits"])
def found(request, shop, at_desk, monkeypatch):
    monkeypatch.setattr(search, "FEW", request.param)
    ana = at_desk(shop)

    def find(kind, text):
        page = ana.get(f"/desk/galerie/{kind}/", {"q": text}).content.decode()
        return set(re.findall(rf'row-link" href="/desk/galerie/{kind}/([^/]+)/', page))

    return find


def test_returns_are_found_by_all_that_people_type(shop, found):
    rma = requested_return(order_of(shop, number="FR-77"), {"LAMP-01": 1})
    announce_parcel(
        rma.pk, carrier="own_carrier", carrier_name="", tracking_number="8R12345", by="shopper"
    )
    requested_return(
        order_of(shop, number="BE-1", email="other@client.example", lines=[MUG]), {"MUG-07": 1}
    )
    Return.objects.get(order__number="BE-1").shopper.__class__.objects.filter(
        email_key="other@client.example"
    ).update(name="Paul", name_key="paul")

    for text in (
        rma.number,
        rma.number.lower()[:12] + rma.number[-1:],
        "fr-7",
        "CAMILLE@",
        "camille œ",
        "lamp-0",
        "8r12 345",
        "  fr-77  ",
    ):
        hits = found("returns", text)
        assert rma.number in hits, text
        assert len(hits) == 1 or text.startswith("R-"), text
    for text in ("amille", "xyz", "%", "_", "fr-778", "\x00"):
        assert rma.number not in found("returns", text) or text == "\x00", text


def test_orders_are_found_by_all_that_people_type(shop, found):
    order_of(shop, number="FR-77", lines=[LAMP])
    order_of(shop, number="BE-1", email="other@client.example", lines=[MUG])

    for text in ("fr-", "LAMP", "lamp-01", "camille@CLIENT"):
        assert found("orders", text) == {"FR-77"}, text
    assert found("orders", "client") == set()


def test_a_search_stays_in_its_shop(shop, found):
    twin = small_shop("atelier")
    requested_return(order_of(twin, number="TWIN-1"))

    for text in ("TWIN", "R-", "LAMP", "camille"):
        assert found("returns", text) == set()
        assert found("orders", text) == set()


def test_the_tabs_hold_what_their_name_says(shop, order, at_desk, run_jobs):
    review = requested_return(order, {"MUG-07": 1}, reason="damaged")
    receive = requested_return(order_of(shop, number="1"))
    inspect = received_return(order_of(shop, number="2"))
    refund = received_return(order_of(shop, number="3"))
    inspect_return(refund.pk, findings(refund), by="staff:Karim")
    run_jobs()
    ana = at_desk(shop, Role.AGENT)

    for view, rma in {
        "review": review,
        "receive": receive,
        "inspect": inspect,
        "refund": refund,
    }.items():
        page = ana.get(f"/desk/galerie/returns/?view={view}").content.decode()
        assert re.findall(r'row-link" href="/desk/galerie/returns/([^/]+)/', page) == [rma.number]


@pytest.mark.once  # the planner of PostgreSQL knows the size of its tables, that of SQLite does not
def test_a_common_beginning_is_sought_in_the_few_lines_of_each_order(shop, order, monkeypatch):
    monkeypatch.setattr(search, "FEW", 0)
    requested_return(order)

    orders = search.orders_that_match(shop, "LAMP", people=True).order_by("-ordered_at", "-id")
    returns = search.returns_that_match(shop, "LAMP", people=True)

    assert "order_line_by_sku" not in orders[:50].explain()
    assert "return_line_by_sku" not in returns.order_by("-requested_at", "-id")[:50].explain()
