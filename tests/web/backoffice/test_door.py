"""Who comes in at the desk's door, and who does not."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from tests.world import PASSWORD, order_of, requested_return, small_shop, staff_of

from rebond.domain.shops.access import Right, Role, rights_of
from rebond.kernel.clock import now
from rebond.web.backoffice.urls import urlpatterns

LOGIN = "/desk/login/"
OPEN_TO_ALL = {"home", "login", "logout", "begin", "password", "password_forgotten"}
OPEN_TO_ALL |= {"second", "passkey_question", "sso", "sso_back"}


def log_in(client, email="ana@galerie.example", password=PASSWORD, **more):
    return client.post(LOGIN, {"email": email, "password": password, **more})


@pytest.fixture
def ana(shop):
    return staff_of(shop)


def test_who_works_in_one_shop_lands_in_its_queue(client, ana):
    answer = client.post(LOGIN, {"email": " Ana@Galerie.example ", "password": PASSWORD})

    assert answer.headers["Location"] == "/desk/"
    assert client.get("/desk/").headers["Location"] == "/desk/galerie/returns/"


def test_who_works_in_two_shops_is_asked_which(client, ana):
    twin = small_shop("atelier")
    staff_of(twin, Role.AGENT).user.places.update(user=ana.user)
    log_in(client)

    page = client.get("/desk/")

    assert page.status_code == 200
    assert b"/desk/galerie/returns/" in page.content
    assert b"/desk/atelier/returns/" in page.content


def test_a_new_session_begins_at_the_log_in(client, ana):
    client.get(LOGIN)
    session = client.session
    session["left"] = "behind"
    session.save()
    before = session.session_key

    log_in(client)

    assert client.session.session_key != before


def test_an_unknown_address_and_a_wrong_password_get_the_same_answer(client, ana):
    unknown = log_in(client, email="nobody@galerie.example", password="wrong")
    wrong = log_in(client, password="wrong")

    assert unknown.status_code == wrong.status_code == 422
    strip = b"nobody@galerie.example", b"ana@galerie.example"
    assert _plain(unknown, strip[0]) == _plain(wrong, strip[1])


def _plain(answer, email):
    lines = answer.content.replace(email, b"").splitlines()
    return [line for line in lines if b"csrfmiddlewaretoken" not in line]


def test_five_wrong_passwords_bring_a_pause_from_that_address_only(client, ana):
    for _ in range(5):
        log_in(client, password="wrong")

    paused = log_in(client)
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")

    assert paused.status_code == 429
    assert 0 < int(paused.headers["Retry-After"]) <= 60
    assert log_in(elsewhere).status_code == 302


def test_the_pause_ends_by_itself(client, ana):
    for _ in range(5):
        log_in(client, password="wrong")

    with time_machine.travel(now() + timedelta(seconds=61)):
        answer = log_in(client)

    assert answer.status_code == 302


def test_an_address_that_tries_many_accounts_has_to_wait(client, ana):
    for number in range(40):
        log_in(client, email=f"somebody{number}@galerie.example", password="wrong")

    assert log_in(client).status_code == 429


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/desk/",
        "//evil.example/desk/",
        "/\\evil.example/desk/",
        "javascript:alert(1)",
        "/s/galerie/",
        "/desk/\nx",
        "//[",
        "http://[",
    ],
)
def test_after_the_log_in_nobody_is_sent_elsewhere(client, ana, wanted):
    assert log_in(client, next=wanted).headers["Location"] == "/desk/"


def test_after_the_log_in_the_page_that_was_asked_for_comes(client, ana):
    asked = client.get("/desk/galerie/orders/?q=1001")
    assert asked.headers["Location"] == "/desk/login/?next=/desk/galerie/orders/%3Fq%3D1001"

    answer = log_in(client, next="/desk/galerie/orders/?q=1001")

    assert answer.headers["Location"] == "/desk/galerie/orders/?q=1001"


def test_logging_out_ends_the_session(client, ana):
    log_in(client)

    client.post("/desk/logout/")

    assert client.get("/desk/galerie/returns/").status_code == 302


def test_somebody_who_left_the_shop_is_shut_out_at_once(client, ana):
    log_in(client)
    type(ana).objects.filter(pk=ana.pk).update(is_active=False)

    assert client.get("/desk/galerie/returns/").status_code == 404


# --- every address ------------------------------------------------------------------------

PAGES = {one.name: one for one in urlpatterns if "<slug:slug>" in str(one.pattern)}
OWN = {one.name: one for one in urlpatterns if one.name not in {*PAGES, *OPEN_TO_ALL}}
UUID = "00000000-0000-7000-8000-000000000000"


def address(name, rma, slug="galerie"):
    values = {"slug": slug}
    route = str(PAGES[name].pattern)
    if "number:number" in route:
        values["number"] = rma.order.number if "/orders/" in route else rma.number
    if "int:number" in route:
        values["number"] = 99
    if "slug:grade" in route:
        values["grade"] = "a"
    if "number:label" in route:
        values["label"] = "AV-2026-000001"
    if "slug:kind" in route:
        values |= {"kind": "return_approved", "language": "fr"}
    if "slug:form" in route:
        values["form"] = "cn23"
    for one in re.findall(r"<uuid:(\w+)>", route):
        values[one] = UUID
    return reverse(f"backoffice:{name}", kwargs=values)


def is_form(name):
    posts = {
        "checklist_forget",
        "no_receipt_pay",
        "no_receipt_decline",
        "exchange_settle",
        "exchange_difference",
        "exchange_end",
        "answer_contest",
        "repair_send_back",
        "repair_turn",
        "finding",
        "fair_use_terms",
        "privacy_keep",
        "privacy_answer",
        "fair_use_lift",
        "appeal",
        "withdrawal_match",
        "withdrawal_accept",
        "withdrawal_answer",
        "policy_trial_stop",
        "policy_trial_resume",
        "policy_new",
        "policy_look",
        "policy_call_off",
        "policy_discard",
        "first_policy",
        "first_order",
        "settings_person",
        "settings_factor",
        "policy_roll_back",
        "approve",
        "decline",
        "cancel",
        "reopen",
        "close",
        "settle",
        "settle_otherwise",
        "tier",
        "discuss",
        "send_pieces_back",
        "note",
        "pay",
        "again",
        "doubt",
        "send_copy",
        "hand_over",
        "draft_issue",
        "draft_discard",
        "without_document",
        "bookkeeping",
        "refund_preview",
        "approval",
        "limit_answer",
        "outside_sum",
        "outside_refund",
        "outside_leave",
        "explain_difference",
        "put_aside",
        "release_hold",
        "parcel_moment",
        "transfers_make",
        "transfers_answer",
        "transfers_ended",
        "own_account",
        "ask_shopper",
        "revoke_key",
        "webhook_change",
        "webhook_secret",
        "webhook_range",
        "webhook_replay",
        "card_check",
        "give_more",
        "pay_out",
        "correct_balance",
        "block_balance",
        "unblock_balance",
        "lay_in_label",
        "return_slips",
        "enquiry_answer",
        "enquiry_close",
        "missing_day",
        "missing_again",
        "missing_refuse",
        "missing_arrived",
        "missing_end",
        "void_label",
        "label_became",
        "claim_ended",
        "give_label",
        "choose_method",
        "scan",
        "loose_match",
        "unit_place",
        "unit_way",
        "batch_new",
        "location_new",
        "stock_correct",
        "stock_system",
        "stock_again",
        "stock_leave_out",
        "assign",
        "presence",
        "mentions_seen",
        "write",
        "answered",
        "template_away",
        "keep_view",
        "forget_view",
        "bulk",
        "bulk_stop",
        "bulk_resume",
    }
    return name in posts


def ask(client, name, rma, slug="galerie"):
    path = address(name, rma, slug)
    return client.post(path) if is_form(name) else client.get(path)


@pytest.mark.parametrize("name", PAGES)
def test_nobody_comes_in_without_a_log_in(client, order, name):
    rma = requested_return(order)

    answer = ask(client, name, rma)

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(LOGIN)
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("name", OWN)
def test_an_account_is_only_for_who_is_logged_in(client, shop, name):
    values = {one: UUID for one in re.findall(r"<uuid:(\w+)>", str(OWN[name].pattern))}
    path = reverse(f"backoffice:{name}", kwargs=values)

    answers = [client.get(path), client.post(path)]

    assert {answer.status_code for answer in answers} <= {302, 405}
    assert any(answer.headers.get("Location", "").startswith(LOGIN) for answer in answers)


@pytest.mark.parametrize("name", PAGES)
def test_another_shop_looks_as_if_there_were_none(order, at_desk, name):
    rma = requested_return(order)
    stranger = at_desk(small_shop("atelier"), Role.OWNER)

    theirs = ask(stranger, name, rma)
    nobodys = ask(stranger, name, rma, slug="nowhere")

    assert theirs.status_code == nobodys.status_code == 404
    assert theirs.content == nobodys.content.replace(b"nowhere", b"galerie")


@pytest.mark.parametrize("name", [name for name in PAGES if name not in {"shop"}])
def test_a_number_of_another_shop_opens_nothing(shop, order, at_desk, name):
    rma = requested_return(order)
    twin = small_shop("atelier")
    stranger = at_desk(twin, Role.OWNER)

    answer = ask(stranger, name, rma, slug="atelier")

    lists = {
        "returns",
        "orders",
        "find_sale",
        "documents",
        "money",
        "money_rules",
        "transfers",
        "keys",
        "webhooks",
        "exports",
    }
    lists |= {"policies", "policy_import", "policy_schema", "policy_public"}
    lists |= {"duties", "withdrawals", "fair_use", "signals", "signal_settings"}
    lists |= {"balances", "new_gift", "new_card", "balance_terms"}
    lists |= {"balance_report", "balance_report_csv"}
    lists |= {"reconciliation", "reconciliation_csv"}
    lists |= {"warehouse", "receiving", "units", "stock", "stock_told"}
    lists |= {"parcels", "parcel_settings", "points"}
    others = {"find_for_note": 302, "export_archive": 302, "bookkeeping": 422}
    others |= {"transfers_make": 409, "own_account": 422, "policy_new": 302}
    lists |= {"today", "templates"}
    lists |= {"costs", "cost_rates"}
    lists |= {"first_steps", "settings", "settings_shop", "settings_brand", "settings_people"}
    lists |= {"settings_roles", "audit", "audit_csv"}
    lists |= {"settings_reasons", "settings_reason_new", "settings_products"}
    lists |= {
        "privacy",
        "letters",
        "letter",
        "checklists",
        "checklist_new",
        "no_receipts",
        "no_receipt_new",
    }
    lists |= {"settings_own_pages", "enquiries", "missing_list"}
    others |= {"first_order": 302, "settings_factor": 302, "privacy_keep": 302}
    others |= {"fair_use_terms": 302, "keep_view": 302, "forget_view": 302, "bulk": 422}
    others |= {"lay_in_label": 422, "return_slips": 422}
    others |= {"scan": 400, "batch_new": 422, "location_new": 422, "stock_correct": 422}
    others |= {"stock_system": 302}
    assert answer.status_code == others.get(name, 200 if name in lists else 404)
    assert rma.number.encode() not in b"".join(answer)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("name", PAGES)
def test_each_role_comes_as_far_as_its_rights(shop, order, at_desk, role, name):
    rma = requested_return(order)
    somebody = at_desk(shop, role)

    answer = ask(somebody, name, rma)

    is_let_in = bool(rights_of(role) & set(PAGES[name].callback.any_of))
    assert (answer.status_code != 403) == is_let_in
    assert answer.status_code < 500
    assert answer.status_code == 404 or "no-store" in answer.headers["Cache-Control"]


def test_the_warehouse_sees_neither_names_nor_amounts(shop, order, at_desk):
    rma = requested_return(order)
    karim = at_desk(shop, Role.WAREHOUSE)

    pages = [
        karim.get(path).content.decode()
        for path in (
            "/desk/galerie/returns/?view=all",
            f"/desk/galerie/returns/{rma.number}/",
            "/desk/galerie/orders/",
            f"/desk/galerie/orders/{order.number}/",
        )
    ]

    for page in pages:
        assert "Camille" not in page
        assert "camille@" not in page
        assert "€" not in page
    assert not rights_of(Role.WAREHOUSE) & {Right.SEE_MONEY, Right.SEE_PEOPLE}


def test_who_sees_no_people_cannot_search_for_them(shop, order, at_desk):
    requested_return(order)
    karim = at_desk(shop, Role.WAREHOUSE)

    by_name = karim.get("/desk/galerie/orders/?q=camille")
    returns = karim.get("/desk/galerie/returns/?q=camille")

    assert b"/orders/1001/" not in by_name.content
    assert b"/returns/R-" not in returns.content


def test_a_page_of_the_desk_runs_no_script_of_its_own(shop, order, at_desk):
    page = at_desk(shop).get("/desk/galerie/returns/")

    assert "'unsafe" not in page.headers["Content-Security-Policy"]
    assert b"<script>" not in page.content and b"style=" not in page.content


def test_order_numbers_may_hold_a_slash(shop, at_desk):
    order_of(shop, number="2026/17~a")
    ana = at_desk(shop)

    listed = ana.get("/desk/galerie/orders/")
    page = ana.get("/desk/galerie/orders/2026~117~0a/")

    assert b"/desk/galerie/orders/2026~117~0a/" in listed.content
    assert page.status_code == 200
