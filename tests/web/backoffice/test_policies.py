"""The policy at the desk: written in cards, checked, tried, published, taken back."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.world import order_of, requested_return, small_shop

from rebond.domain.policies import conditions
from rebond.domain.policies.actions import create_draft, publish_policy, replace_draft
from rebond.domain.policies.checking import SENTENCES, Market, conflicts
from rebond.domain.policies.documents import from_yaml, with_ids
from rebond.domain.policies.engine import RULES
from rebond.domain.policies.models import PolicyVersion
from rebond.domain.policies.presets import FASHION, GENEROUS, PRESETS
from rebond.domain.policies.queries import version_in_force
from rebond.domain.shops.access import Role
from rebond.kernel.clock import now
from rebond.web.backoffice.forms.policy_sheet import Sheet, document_of
from rebond.web.backoffice.policy import words
from rebond.web.backoffice.policy.sentences import SENTENCES as SAID
from rebond.web.backoffice.policy.sentences import Speaker, change_sentences, without_defaults
from rebond.web.portal.views.exchange import can_be_exchanged

pytestmark = pytest.mark.django_db
SAY = Speaker("EUR", {"size": "Wrong size"})
ALLOWED = {
    "window": {"days": 14, "starts_at": "order"},
    "fee": {"percent": 10},
    "outcomes": {"offered": ["store_credit"]},
    "question": {"asks": "original_packaging", "no": "decline"},
    "delivery_costs": {"refunded": False},
    "release": {"pays_at": "inspection", "wait_days": 30},
    "verdict": {"say": "decline"},
}


def url(name, shop, *args):
    return reverse(f"backoffice:{name}", args=[shop.slug, *args])


def draft_of(shop, document=FASHION):
    return create_draft(shop, document, note="", by="staff:Ana Lopes")


def form_of(client, shop, draft):
    """Everything that a browser would send back from the page of a draft."""
    page = client.get(url("policy_edit", shop, draft.number))
    given = dict(page.context["cards"][0].given) if page.context["cards"] else {}
    given["rule"] = [card.prefix for card in page.context["cards"]]
    return given | {"revision": page.context["revision"]}


def prefix_of(client, shop, draft, name):
    page = client.get(url("policy_edit", shop, draft.number))
    return next(card.prefix for card in page.context["cards"] if card.id == name)


def text(response):
    return " ".join(response.content.decode().split())


# --- words --------------------------------------------------------------------------------


def test_every_kind_setting_condition_and_choice_has_its_words():
    declared = {(kind, s.name) for kind, rule in RULES.items() for s in rule.settings}
    choices = {
        (s.name, value)
        for settings in [conditions.SETTINGS, *(rule.settings for rule in RULES.values())]
        for s in settings
        for value in s.schema.get("enum") or s.schema.get("items", {}).get("enum", ())
    }

    assert set(words.KINDS) == set(RULES) == set(SAID)
    assert set(words.SETTINGS) == declared
    assert declared >= words.RARE
    assert set(words.CONDITIONS) == set(words.HELD) == {s.name for s in conditions.SETTINGS}
    assert {(n, v) for n, v in choices if v not in words.CHOICES.get(n, {})} == set()
    assert set(words.PRESET_WORDS) == set(PRESETS)
    assert set(words.FIXES) <= set(SENTENCES)


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_comes_back_from_the_form_as_it_went_in(name):
    document = with_ids(PRESETS[name])

    back = document_of(Sheet.of(document, SAY).cards, document)

    assert without_defaults(back) == without_defaults(document)
    assert change_sentences(document, back, SAY) == []


def test_every_condition_comes_back_from_the_form():
    rule = {
        "id": "all",
        "kind": "fee",
        "percent": 5,
        "when": {
            "categories": ["Shoes, boots"],
            "reasons": ["size", "gone"],
            "outcomes": ["exchange"],
            "grounds": ["commercial_return"],
            "fault": "not_ours",
            "min_value_minor": 1050,
            "countries": ["FR", "EU"],
            "ordered_from": "2026-01-01",
        },
        "unless": {"customers": "business", "tags": ["vip"]},
    }

    back = document_of(Sheet.of({"rules": [rule]}, SAY).cards, {})

    assert back == {"rules": [rule]}


# --- the way ------------------------------------------------------------------------------


def test_from_a_preset_to_a_published_policy_without_javascript(shop, at_desk):
    client = at_desk(shop)
    assert "Fashion, generous" in text(client.get(url("policies", shop)))
    client.post(url("policy_new", shop), {"preset": "fashion"})
    draft = PolicyVersion.objects.get(number=2)
    window = prefix_of(client, shop, draft, "60 days")
    edit = url("policy_edit", shop, 2)

    form = form_of(client, shop, draft) | {f"{window}-days": "30", "do": "save"}
    assert client.post(edit, form).status_code == 302
    page = text(client.get(edit))
    assert "30 days, counted from the delivery." in page
    assert "Nothing here is stricter than the law." in page
    publish = text(client.get(url("policy_publish", shop, 2)))
    assert "is removed" not in publish
    assert "“60 days” was added." in publish
    draft.refresh_from_db()
    done = client.post(
        url("policy_publish", shop, 2),
        {"revision": draft.revision, "note": "Spring", "when": "now"},
    )

    assert done.status_code == 302
    held = version_in_force(shop, now())
    assert (held.number, held.note) == (2, "Spring")
    rule = next(r for r in held.document["rules"] if r["id"] == "60 days")
    assert rule["kind"] == "window"
    assert rule.get("days", 30) == 30
    assert len(rule["seasons"]) == 1
    assert "Spring" in text(client.get(url("policies", shop)))


def test_a_draft_is_thrown_away_unless_somebody_wrote_it_meanwhile(shop, at_desk):
    client, draft = at_desk(shop), draft_of(shop, GENEROUS)
    replace_draft(shop, draft.number, FASHION, note="", revision=1, by="staff:Bo")

    late = client.post(url("policy_discard", shop, draft.number), {"revision": 1})
    assert late.status_code == 409
    assert PolicyVersion.objects.filter(pk=draft.pk).exists()
    client.post(url("policy_discard", shop, draft.number), {"revision": 2})

    assert not PolicyVersion.objects.filter(pk=draft.pk).exists()
    assert client.post(url("policy_discard", shop, 1), {"revision": 1}).status_code == 409


def test_the_rules_of_a_marketplace_stand_before_the_others(shop, at_desk):
    client, draft = at_desk(shop), draft_of(shop, FASHION)
    page = text(client.get(url("policy_edit", shop, draft.number)))
    assert "Nov 21, 2026" in page or "21 Nov 2026" in page or "21 November 2026" in page

    form = form_of(client, shop, draft) | {"do": "market:ebay"}
    client.post(url("policy_edit", shop, draft.number), form)

    draft.refresh_from_db()
    window, release, *rest = draft.document["rules"]
    assert (window["days"], window["when"]) == (60, {"channels": ["ebay"]})
    assert release["when"] == {"channels": ["ebay"]}
    assert len(rest) == len(FASHION["rules"])


def test_rules_are_added_doubled_moved_removed_and_put_back(shop, at_desk):
    client, draft = at_desk(shop), draft_of(shop, GENEROUS)
    edit = url("policy_edit", shop, draft.number)

    def names():
        draft.refresh_from_db()
        return [rule["id"] for rule in draft.document["rules"]]

    def press(do, **more):
        return client.post(edit, form_of(client, shop, draft) | {"do": do} | more)

    before = names()
    press("add", kind="fee")
    assert names() == [*before, "A fee"]
    moved = press("up:r7")
    assert names()[-2:] == ["A fee", "delivery_costs"]
    assert moved["Location"].endswith("?rule=r6&focus=up")
    assert "autofocus" in client.get(moved["Location"]).content.decode()
    press("copy:r6")
    assert names()[6:8] == ["A fee", "A fee 2"]
    gone = press("remove:r7")
    assert "Put it back" in text(client.get(gone["Location"]))
    press("restore")
    press("down:r99")
    press("up:r0")

    assert names() == [*before[:6], "A fee", "A fee 2", "delivery_costs"]


def test_a_condition_is_added_filled_and_taken_away(shop, at_desk):
    client, draft = at_desk(shop), draft_of(shop, {"rules": [{"kind": "window", "days": 30}]})
    edit = url("policy_edit", shop, draft.number)

    form = form_of(client, shop, draft)
    asked = client.post(edit, form | {"do": "when:r0", "r0-when-add": "tags"})
    assert 'id="r0-when-tags"' in asked.content.decode()
    client.post(edit, form | {"r0-when": ["tags"], "r0-when-tags": "sale\nlast one", "do": "save"})
    draft.refresh_from_db()
    assert draft.document["rules"][0]["when"] == {"tags": ["sale", "last one"]}
    assert "the article is tagged sale or last one" in text(client.get(edit))
    dropped = client.post(edit, form_of(client, shop, draft) | {"do": "drop:r0:when.tags"})

    assert 'id="r0-when-tags"' not in dropped.content.decode()


def test_what_cannot_be_read_is_given_back_as_it_was_typed(shop, at_desk):
    client, draft = at_desk(shop), draft_of(shop)
    window = prefix_of(client, shop, draft, "60 days")
    form = form_of(client, shop, draft) | {f"{window}-days": "many", "do": "save"}

    answer = client.post(url("policy_edit", shop, draft.number), form)

    assert answer.status_code == 422
    assert 'value="many"' in answer.content.decode()
    assert "A whole number from 1 to 3650, please." in text(answer)
    draft.refresh_from_db()
    assert draft.revision == 1


def test_two_people_at_one_draft_lose_nothing(shop, at_desk):
    client, draft = at_desk(shop), draft_of(shop)
    edit = url("policy_edit", shop, draft.number)
    window = prefix_of(client, shop, draft, "60 days")
    mine = form_of(client, shop, draft) | {f"{window}-days": "21", "do": "save"}
    theirs = {"rules": [r for r in draft.document["rules"] if r["id"] != "labels"]}
    replace_draft(shop, draft.number, theirs, note="", revision=1, by="staff:Karim")

    crossed = client.post(edit, mine)

    assert crossed.status_code == 409
    assert "“labels” was added." in text(crossed)
    assert "Days was 60, is 21." in text(crossed)
    assert 'value="21"' in crossed.content.decode()
    draft.refresh_from_db()
    assert draft.document == theirs
    again = client.post(edit, mine | {"revision": crossed.context["revision"]})
    assert again.status_code == 302
    draft.refresh_from_db()
    assert "labels" in [rule["id"] for rule in draft.document["rules"]]


@pytest.mark.parametrize("kind", ["window", "fee", "outcomes", "question", "delivery_costs"])
def test_a_draft_stricter_than_the_law_names_its_article(shop, at_desk, kind):
    client = at_desk(shop)
    draft = draft_of(shop, {"rules": [{"id": "strict", "kind": kind, **ALLOWED[kind]}]})

    answer = client.post(
        url("policy_publish", shop, draft.number), {"revision": 1, "note": "", "when": "now"}
    )

    assert answer.status_code == 422
    assert re.search(r"L\. ?2\d\d-\d+|art\. ?\d+|L2\d\d-\d+", text(answer)), text(answer)
    assert "strict" in text(answer)
    assert version_in_force(shop, now()).number == 1
    assert "The law gives customers more" in text(client.get(url("policy_edit", shop, 2)))


def test_five_breaches_show_five_articles_at_once(shop, at_desk):
    rules = [{"id": kind, "kind": kind, **given} for kind, given in ALLOWED.items()]
    draft = draft_of(shop, {"rules": rules})

    page = at_desk(shop).get(url("policy_publish", shop, draft.number))

    refused = page.context["refused"]
    assert {one.rule for one in refused} == set(ALLOWED)
    assert all(one.articles and one.fix for one in refused)


def test_the_example_is_judged_by_what_is_typed_just_now(shop, at_desk):
    client, draft = at_desk(shop), draft_of(shop)
    window = prefix_of(client, shop, draft, "60 days")
    look = url("policy_look", shop, draft.number)
    form = form_of(client, shop, draft) | {
        "x-country": "FR",
        "x-bought": "2026-05-01",
        "x-delivered": "2026-05-04",
        "x-asked": "2026-06-20",
        "x-reason": "changed_mind",
        "x-price": "80",
    }

    kind = text(client.post(look, form))
    strict = text(client.post(look, form | {f"{window}-days": "20"}))
    unreadable = text(client.post(look, form | {f"{window}-days": "x"}))

    assert "The return is accepted at once." in kind
    assert "Today, with the policy in force" in kind
    assert "The return is declined." in strict
    assert "20 days after delivery." in strict
    assert "cannot be read yet" in unreadable


def test_planned_called_off_and_rolled_back(shop, at_desk):
    client, draft = at_desk(shop), draft_of(shop)
    publish = url("policy_publish", shop, draft.number)
    assert client.post(publish, {"revision": 1, "when": "later", "at": "soon"}).status_code == 422
    past = {"revision": 1, "when": "later", "at": "2020-01-01T10:00"}
    assert client.post(publish, past).status_code == 422
    later = {"revision": 1, "when": "later", "at": "2099-01-01T10:00", "note": ""}
    assert client.post(publish, later).status_code == 302
    assert "Planned" in text(client.get(url("policies", shop)))
    client.post(url("policy_call_off", shop, draft.number))
    assert PolicyVersion.objects.get(number=2).published_at is None
    publish_policy(shop, FASHION, note="", by="test")

    client.post(url("policy_roll_back", shop, 1), {"note": "Too kind"})

    held = version_in_force(shop, now())
    assert (held.based_on, held.note) == (1, "Too kind")
    assert client.post(url("policy_call_off", shop, held.number)).status_code == 409


def test_a_policy_leaves_and_comes_back_as_a_file(shop, at_desk):
    client = at_desk(shop)
    saved = client.get(url("policy_file", shop, 1))
    upload = SimpleUploadedFile("policy.yaml", saved.content)

    assert client.post(url("policy_import", shop), {"file": upload}).status_code == 302
    assert from_yaml(saved.content.decode()) == PolicyVersion.objects.get(number=2).document
    pasted = client.post(url("policy_import", shop), {"text": "rules: [{kind: magic}]"})
    assert pasted.status_code == 422
    assert "rules: [{kind: magic}]" in pasted.content.decode()
    schema = client.get(url("policy_schema", shop))
    assert schema.json()["title"] == "Rebond policy"


def test_two_versions_are_compared_in_sentences(shop, at_desk):
    publish_policy(shop, FASHION, note="", by="test")

    page = text(at_desk(shop).get(url("policy_compare", shop) + "?old=1&new=2"))

    assert "“Until when” was removed. 30 days" in page
    assert "“60 days” was added." in page


# --- who ----------------------------------------------------------------------------------


def test_who_may_only_read_reads(shop, at_desk):
    draft = draft_of(shop)
    client = at_desk(shop, Role.MANAGER, name="Karim Benali")

    assert client.get(url("policies", shop)).status_code == 200
    assert "Change the policy" not in text(client.get(url("policies", shop)))
    assert client.get(url("policy_version", shop, 1)).status_code == 200
    assert client.get(url("policy_file", shop, 1)).status_code == 200
    for name in ("policy_edit", "policy_publish"):
        assert client.get(url(name, shop, draft.number)).status_code == 403
    for name in ("policy_look", "policy_edit", "policy_call_off", "policy_roll_back"):
        assert client.post(url(name, shop, draft.number)).status_code == 403
    assert client.post(url("policy_new", shop)).status_code == 403
    assert PolicyVersion.objects.count() == 2


def test_another_shop_has_no_such_pages(shop, at_desk):
    draft = draft_of(shop)
    other = small_shop("autre")
    stranger = at_desk(other)

    for name in ("policy_edit", "policy_version", "policy_publish", "policy_file"):
        assert stranger.get(url(name, shop, draft.number)).status_code == 404
        assert stranger.get(url(name, other, draft.number)).status_code == 404


@pytest.mark.parametrize(
    "typed",
    [
        {"revision": "x" * 500},
        {"revision": "9" * 30},
        {"rule": ["r0", "r0", "../etc", "r99999", "r7"], "r7-kind": "nothing"},
        {"do": "drop:r0:when"},
        {"do": "when:r0", "r0-when-add": "__class__"},
        {"do": "add", "kind": "__import__"},
        {"do": "copy:<script>"},
        {"r0-id": "<script>alert(1)</script>"},
        {"r0-id": "x" * 5000},
        {"r0-days": "9" * 400},
        {"r0-days": "٣"},
        {"r0-starts_at": "moon"},
        {"r0-seasons-0-until-day": "31", "r0-seasons-0-until-month": "2"},
        {"r0-when": ["categories"] * 50, "r0-when-categories": "a\n" * 9000},
        {"x-country": "ZZ", "x-bought": "never", "x-price": "-1", "x-photos": "999"},
        {"x-country": "FR", "x-bought": "0001-01-01", "x-asked": "9999-12-31"},
        {"x-country": "FR", "x-bought": "9999-12-31", "x-asked": "0001-01-01"},
    ],
)
def test_hostile_input_breaks_nothing(shop, at_desk, typed):
    client, draft = at_desk(shop), draft_of(shop, {"rules": [{"kind": "window", "days": 30}]})
    form = form_of(client, shop, draft) | typed

    for name in ("policy_edit", "policy_look"):
        answer = client.post(url(name, shop, draft.number), form)
        assert answer.status_code in {200, 302, 409, 422}
        assert "<script>alert" not in answer.content.decode()
    assert client.get(url("policy_edit", shop, draft.number)).status_code == 200


def test_addresses_that_name_no_version_are_not_found(shop, at_desk):
    client = at_desk(shop)

    for number in (0, 999, 10**30):
        assert client.get(url("policy_version", shop, number)).status_code == 404
    assert client.get(url("policy_compare", shop) + "?old=x&new=").status_code == 404
    assert client.post(url("policy_new", shop), {"preset": "../x"}).status_code == 404
    assert client.post(url("policy_new", shop), {"number": "9" * 40}).status_code == 404


def test_an_address_on_a_list_is_kept_as_a_fingerprint(shop, at_desk):
    client, draft = at_desk(shop), draft_of(shop, {"rules": [{"kind": "lists", "orders": ["1"]}]})
    form = form_of(client, shop, draft)

    client.post(
        url("policy_edit", shop, draft.number),
        form | {"r0-customers": "a@b.example", "do": "save"},
    )

    draft.refresh_from_db()
    assert draft.document["rules"][0]["customers"][0].startswith("mail:")


# --- exchanges ----------------------------------------------------------------------------


def test_other_goods_are_offered_only_where_the_terms_allow_it():
    silent = requested_return(order_of(small_shop("a")), {"LAMP-01": 1})
    money = {"kind": "outcomes", "offered": ["refund"]}
    strict = {"rules": [*GENEROUS["rules"], money]}
    without = requested_return(order_of(small_shop("b", policy=strict)), {"LAMP-01": 1})
    fashion = requested_return(order_of(small_shop("c", policy=FASHION)), {"LAMP-01": 1})

    allowed = [can_be_exchanged(rma) for rma in (silent, without, fashion)]

    assert allowed == [True, False, True]
    assert fashion.terms["terms"]["outcomes"][0] == "exchange"


def test_other_goods_alone_are_against_the_law():
    def codes(*offered):
        document = {"rules": [{"kind": "outcomes", "offered": list(offered)}]}
        return [one.code for one in conflicts(document, Market())]

    assert codes("exchange", "refund", "store_credit") == []
    assert codes("exchange") == ["exchange_only"]
    assert codes("exchange", "store_credit") == ["credit_only"]
    assert codes("exchange", "store_credit", "refund") == ["money_comes_first"]
