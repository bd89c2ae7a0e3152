"""A policy tried on the past: what is compared, what adds up, what survives."""

import sys
from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import quote

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from tests.world import BOWL, LAMP, MUG, order_of, requested_return, run_jobs, small_shop

from rebond.domain.policies.actions import create_draft, discard_draft, replace_draft
from rebond.domain.policies.engine import decide, read_policy
from rebond.domain.policies.facts import Facts, LineFacts
from rebond.domain.policies.frozen import facts_in, freeze, thawed
from rebond.domain.policies.models import PolicyVersion
from rebond.domain.policies.presets import FASHION, GENEROUS, PRESETS
from rebond.domain.returns.models import Reason, Return
from rebond.insights.trials import actions, jobs
from rebond.insights.trials.actions import Wanted, resume_trial, start_trial, stop_trial
from rebond.insights.trials.comparing import SEGMENTS, Case, OrderTally, Tally, outcome_of
from rebond.insights.trials.errors import TrialOfNothing, UnknownTrial
from rebond.insights.trials.gathering import Wishes, orders_in, piece_of_orders, piece_of_returns
from rebond.insights.trials.jobs import carry_on
from rebond.insights.trials.models import Base, Trial, TrialState
from rebond.insights.trials.queries import last_trial
from rebond.insights.trials.report import report_of
from rebond.insights.trials.running import Run
from rebond.insights.trials.telling import headline
from rebond.kernel.children import child_pool
from rebond.kernel.clock import now, today
from rebond.kernel.models import Job

TODAY = date(2026, 11, 20)
STRICT = {
    "rules": [
        {"id": "14", "kind": "window", "days": 14},
        {"id": "fee", "kind": "fee", "percent": 50, "when": {"grounds": ["commercial_return"]}},
        {"id": "way back", "kind": "return_cost", "paid_by": "shopper"},
        {"id": "never", "kind": "review_above", "value_minor": 10**9},
        {"id": "no lamps", "kind": "verdict", "say": "decline", "when": {"skus": ["LAMP-01"]}},
    ]
}

lines = st.builds(
    LineFacts,
    key=st.sampled_from(["1", "2", "3"]),
    sku=st.sampled_from(["A", "B"]),
    category=st.sampled_from(["", "shoes", "underwear", "fresh"]),
    quantity=st.integers(1, 3),
    value_minor=st.integers(0, 100_000),
    is_returnable=st.booleans(),
    is_final_sale=st.booleans(),
    reason=st.sampled_from(["", "size", "damaged"]),
    is_our_fault=st.booleans(),
    photos=st.integers(0, 1),
    reason_needs_photo=st.booleans(),
    outcome=st.sampled_from(["refund", "store_credit"]),
)
requests = st.builds(
    Facts,
    asked_on=st.integers(0, 90).map(lambda n: TODAY - timedelta(days=n)),
    ordered_on=st.just(date(2026, 8, 1)),
    dispatched_on=st.none(),
    delivered_on=st.none() | st.just(date(2026, 8, 6)),
    country=st.sampled_from(["FR", "DE", "US"]),
    lines=st.lists(lines, min_size=1, max_size=3, unique_by=lambda line: line.key).map(tuple),
    is_whole_order=st.booleans(),
    is_business=st.booleans(),
)
policies = st.sampled_from([*PRESETS.values(), STRICT]).map(read_policy)


def tally_of(before, after, many, *, first: int = 0) -> Tally:
    tally = Tally()
    for number, facts in enumerate(many, first):
        case = Case(f"R-{number}", facts, "EUR" if number % 3 else "GBP", 490)
        decision = decide(after, facts)
        was = outcome_of(decide(before, facts), case)
        tally.add(case, was, outcome_of(decision, case), decision)
    return tally


@given(policies, st.lists(requests, max_size=8))
def test_a_policy_tried_against_itself_changes_nothing(policy, many):
    whole = tally_of(policy, policy, many).whole

    assert (whole["kinder"], whole["stricter"], whole["terms"]) == (0, 0, 0)
    assert all(before == after for before, after in whole["money"].values())


@given(policies, policies, st.lists(requests, max_size=8))
def test_every_segment_adds_up_to_the_whole(before, after, many):
    tally = tally_of(before, after, many)

    for name in SEGMENTS:
        cells = tally.segments[name].values()
        for part in ("cases", "kinder", "stricter", "terms"):
            assert sum(cell[part] for cell in cells) == tally.whole[part]
        for currency, pair in tally.whole["money"].items():
            parts = [cell["money"].get(currency, [0, 0]) for cell in cells]
            assert [sum(column) for column in zip(*parts, strict=True)] == pair
    assert sum(tally.verdicts.values()) == len(many)
    assert tally.lines == sum(len(facts.lines) for facts in many)


@given(policies, policies, st.lists(requests, max_size=8), st.integers(0, 8))
def test_what_was_put_aside_is_counted_on(before, after, many, cut):
    whole = tally_of(before, after, many)
    begun = Tally()
    for number, facts in enumerate(many):
        if number == cut:
            begun = Tally(begun.plain())
        case = Case(f"R-{number}", facts, "EUR" if number % 3 else "GBP", 490)
        decision = decide(after, facts)
        was = outcome_of(decide(before, facts), case)
        begun.add(case, was, outcome_of(decision, case), decision)

    assert begun.plain() == whole.plain()


@given(policies, policies, st.lists(requests, max_size=8), st.integers(0, 8))
def test_what_two_counted_adds_up_to_what_one_counts(before, after, many, cut):
    whole = tally_of(before, after, many)

    together = tally_of(before, after, many[:cut])
    together.absorb(tally_of(before, after, many[cut:], first=cut))

    assert together.plain() == whole.plain()


def test_shares_kept_by_grade_are_counted_as_other_terms():
    line = LineFacts("1", "LAMP", "", 1, 1000, True, False, "colour", False, 0, False)
    facts = Facts(TODAY, TODAY, TODAY, None, "FR", (line,), False)
    after = read_policy({"rules": [{"kind": "refund_by_grade", "grade_c_percent": 70}]})

    whole = tally_of(read_policy({"rules": []}), after, [facts]).whole

    assert (whole["kinder"], whole["stricter"], whole["terms"]) == (0, 0, 1)


def test_what_shoppers_wished_for_besides_money_stays_where_it_is_on_offer():
    line = LineFacts("1", "A", "", 1, 10_000, True, False, "", False, 0, False)
    lines = (
        replace(line, outcome="store_credit"),
        replace(line, key="2", outcome="exchange", value_minor=2_000),
        replace(line, key="3", value_minor=500),
    )
    facts = Facts(TODAY, TODAY, None, TODAY, "FR", lines, False)
    case = Case("R", facts, "EUR")
    offers = {"kind": "outcomes", "offered": ["refund", "store_credit"], "credit_bonus_percent": 10}
    sent = {"kind": "return_cost", "paid_by": "shop"}

    everything, money_only, kept = (
        outcome_of(decide(read_policy({"rules": rules}), facts), case, transport_percent=10)
        for rules in (
            [{**offers, "offered": ["refund", "store_credit", "exchange"]}, sent],
            [{"kind": "outcomes", "offered": ["refund"]}, {**sent, "paid_by": "shopper"}],
            [offers, sent, {"kind": "keep_it", "below_minor": 20_000}],
        )
    )

    assert (everything.stays_minor, everything.bonus_minor) == (12_000, 1_000)
    assert everything.way_back_minor == 1_250
    assert (money_only.stays_minor, money_only.bonus_minor, money_only.way_back_minor) == (0, 0, 0)
    assert (kept.stays_minor, kept.way_back_minor) == (10_000, 0)


def test_an_amount_on_top_of_credit_is_counted_once_and_never_above_the_credit():
    line = LineFacts("1", "A", "", 1, 400, True, False, "", False, 0, False)
    lines = (
        replace(line, outcome="store_credit"),
        replace(line, key="2", outcome="store_credit", value_minor=600),
        replace(line, key="3", value_minor=500),
    )
    case = Case("R", Facts(TODAY, TODAY, None, TODAY, "FR", lines, False), "EUR")
    offers = {"kind": "outcomes", "offered": ["refund", "store_credit"]}

    small, large, none = (
        outcome_of(decide(read_policy({"rules": [offers | more]}), case.facts), case)
        for more in ({"credit_bonus_minor": 300}, {"credit_bonus_minor": 9_900}, {})
    )

    assert (small.bonus_minor, large.bonus_minor, none.bonus_minor) == (300, 1_000, 0)
    assert large.terms_rank > small.terms_rank > none.terms_rank


@given(policies, requests)
def test_a_frozen_decision_comes_to_the_same_as_the_living_one(policy, facts):
    decision = decide(policy, facts)
    frozen = freeze(decision)
    case = Case("R", facts, "EUR")

    again = thawed(frozen, facts_in(frozen))

    assert outcome_of(again, case).rank == outcome_of(decision, case).rank
    assert outcome_of(again, case) == outcome_of(decision, case)


@given(policies, requests)
def test_nobody_is_promised_more_than_the_goods_and_the_delivery(policy, facts):
    case = Case("R", facts, "EUR", 490)

    outcome = outcome_of(decide(policy, facts), case)

    assert 0 <= outcome.refund_minor <= sum(line.value_minor for line in facts.lines) + 490
    assert 0 <= outcome.declined <= len(facts.lines)


def test_more_values_than_fit_stand_together():
    facts = Facts(TODAY, TODAY, None, None, "FR", (), False)
    line = LineFacts("1", "A", "", 1, 100, True, False, "", False, 0, False)
    many = [replace(facts, lines=(replace(line, category=f"c{n}"),)) for n in range(100)]

    tally = tally_of(read_policy(GENEROUS), read_policy(STRICT), many)

    cells = tally.segments["category"]
    assert len(cells) == 61 and cells["…"]["cases"] == 40


def test_an_order_that_may_come_back_for_longer_is_counted():
    tally, facts = OrderTally(), Facts(TODAY, TODAY, None, TODAY, "FR", (), True)
    line = LineFacts("1", "A", "", 1, 100, True, False, "", False, 0, False)
    case = Case("1001", replace(facts, lines=(line,)), "EUR")
    short, long = (
        outcome_of(
            decide(read_policy({"rules": [{"kind": "window", "days": n}]}), case.facts), case
        )
        for n in (14, 40)
    )

    tally.add(case, short, long, TODAY + timedelta(days=30))

    assert (tally.longer, tally.shorter, tally.days) == (1, 0, 26)
    assert tally.open_today == [0, 1]


# --- with a database ----------------------------------------------------------------------


@pytest.fixture
def shop(db):
    shop = small_shop()
    order_of(shop, number="1000")
    for number, days in (("1001", 5), ("1002", 20), ("1003", 25), ("1004", 50)):
        order = order_of(shop, number=number, lines=(LAMP, MUG, BOWL), days_since_delivery=days)
        requested_return(order, {"LAMP-01": 1, "MUG-07": 1})
    return shop


def wanted(**more) -> Wanted:
    day = today("Europe/Paris")
    return Wanted(day - timedelta(days=100), day, **more)


def tried(shop, document, **more) -> Trial:
    draft = create_draft(shop, document, note="", by="test")
    trial = start_trial(shop, draft.number, wanted(**more), by="staff:Ana")
    run_jobs()
    trial.refresh_from_db()
    return trial


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("base", Base)
def test_the_version_in_force_would_have_decided_the_same(shop, base):
    trial = tried(shop, GENEROUS, base=base, with_simulated=True)

    report = report_of(trial)
    assert trial.state == TrialState.DONE and trial.percent == 100
    assert report.returns.whole.cases == 4 and report.returns.whole.otherwise == 0
    assert report.returns.whole.terms == 0
    assert report.orders.orders == 1 and report.orders.longer == report.orders.shorter == 0
    assert report.simulated.whole.cases == 1 and report.simulated.whole.otherwise == 0
    assert headline(report.returns, "en") == "All 4 returns would have been decided the same way."


@pytest.mark.django_db(transaction=True)
def test_a_stricter_policy_tells_who_loses_and_how_much(shop):
    report = report_of(tried(shop, STRICT))

    whole = report.returns.whole
    # Asked on days 5, 20 and 25: approved. The last: declined before, declined again.
    assert (whole.cases, whole.stricter, whole.kinder) == (4, 2, 0)
    money = whole.money[0]
    # One lamp of three for 100.00 is 33.33, one mug of two for 25.90 is 12.95: 46.28 for each
    # of the three. The first may withdraw; late, the other two are declined by 14 days.
    assert (money.before, money.after) == (3 * 4628, 4628)
    assert [one.number for one in report.returns.stricter] == sorted(
        one.number for one in report.returns.stricter
    )
    assert report.never_fired == ()
    assert dict(report.set_aside) == {"no lamps": 1}
    assert {breach.id for breach in report.breaches} >= {"no lamps"}


@pytest.mark.django_db(transaction=True)
def test_the_last_finished_trial_is_that_of_this_very_text(shop):
    trial = tried(shop, FASHION)
    version = PolicyVersion.objects.get(shop=shop, number=trial.number)

    assert last_trial(version) == trial
    discard_draft(shop, version.number, revision=version.revision, by="staff:Ana")
    again = create_draft(shop, FASHION, note="", by="staff:Ana")
    assert (again.number, again.revision) == (trial.number, trial.revision)
    assert last_trial(again) is None
    replace_draft(shop, again.number, FASHION, note="", revision=1, by="staff:Ana")
    again.refresh_from_db()
    assert last_trial(again) is None


@pytest.mark.django_db(transaction=True)
def test_a_stopped_trial_goes_on_where_it_was(shop, monkeypatch):
    monkeypatch.setattr("rebond.insights.trials.gathering.PIECE", 1)
    draft = create_draft(shop, STRICT, note="", by="test")
    trial = start_trial(shop, draft.number, wanted(), by="staff:Ana", in_background=False)
    carry_on(trial.pk, seconds=0)
    stop_trial(shop, trial.pk, by="staff:Ana")

    assert carry_on(trial.pk, seconds=9)
    trial.refresh_from_db()
    assert trial.state == TrialState.STOPPED and trial.done == 1 and trial.total == 5
    resume_trial(shop, trial.pk, by="staff:Ana")
    run_jobs()
    trial.refresh_from_db()

    whole = start_trial(shop, draft.number, wanted(), by="staff:Ana", in_background=False)
    carry_on(whole.pk, seconds=9)
    whole.refresh_from_db()
    assert trial.state == TrialState.DONE and trial.done == 5
    assert trial.tally == whole.tally


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_died_loses_nothing_and_one_that_comes_back_too_late_changes_nothing(
    shop, monkeypatch
):
    monkeypatch.setattr("rebond.insights.trials.gathering.PIECE", 1)
    monkeypatch.setattr(jobs, "PUT_ASIDE_SECONDS", 0.0)
    draft = create_draft(shop, STRICT, note="", by="test")
    trial = start_trial(shop, draft.number, wanted(), by="staff:Ana", in_background=False)
    kept = actions.keep_progress

    def dies(one, progress):
        kept(one, progress)
        raise SystemExit("kill -9")

    monkeypatch.setattr(jobs, "keep_progress", dies)
    for _ in range(2):
        with pytest.raises(SystemExit):
            carry_on(trial.pk, seconds=9)
    late = Trial.objects.select_related("shop").get(pk=trial.pk)
    monkeypatch.setattr(jobs, "keep_progress", kept)
    carry_on(trial.pk, seconds=9)
    trial.refresh_from_db()
    finished = trial.tally

    run = Run(late, now(), today("Europe/Paris"))
    assert jobs._pieces(late, run, float("inf"), lambda one: None)
    trial.refresh_from_db()
    assert trial.state == TrialState.DONE and trial.done == 5
    assert trial.tally == finished and trial.tally["returns"]["whole"]["cases"] == 4


@pytest.mark.django_db(transaction=True)
def test_two_processes_count_what_one_does(shop, monkeypatch, tmp_path):
    monkeypatch.setattr("rebond.insights.trials.gathering.PIECE", 1)
    alone = tried(shop, STRICT, with_simulated=True)
    draft = create_draft(shop, STRICT, note="", by="test")
    asked = wanted(with_simulated=True)
    together = start_trial(shop, draft.number, asked, by="staff:Ana", in_background=False)

    monkeypatch.setattr("rebond.insights.trials.pieces.WORTH_A_PROCESS", 1)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    monkeypatch.setenv("DATABASE_URL", as_others_find_it(tmp_path / "copy.sqlite3"))
    begun: list[int] = []
    monkeypatch.setattr(
        "rebond.insights.trials.pieces.child_pool",
        lambda many: begun.append(many) or child_pool(many),
    )
    assert carry_on(together.pk, seconds=300)

    together.refresh_from_db()
    assert begun == [2]
    assert together.state == TrialState.DONE and together.done == alone.done == 5
    assert together.tally == alone.tally


def as_others_find_it(copy) -> str:
    """Where other processes can read the tests' database: a ``copy`` of one in memory."""
    at = connection.settings_dict
    if connection.vendor == "sqlite":
        target = sys.modules["sqlite3"].connect(copy)
        connection.connection.backup(target)
        target.close()
        return f"sqlite:///{copy}"
    login = f"{quote(at['USER'])}:{quote(at['PASSWORD'])}"
    return f"postgresql://{login}@{at['HOST']}:{at['PORT']}/{at['NAME']}"


@pytest.mark.django_db(transaction=True)
def test_a_long_trial_lets_others_work_in_between(shop, monkeypatch):
    monkeypatch.setattr("rebond.insights.trials.gathering.PIECE", 1)
    monkeypatch.setattr(jobs, "TURN_SECONDS", 0.0)
    draft = create_draft(shop, STRICT, note="", by="test")
    run_jobs()
    start_trial(shop, draft.number, wanted(), by="staff:Ana")

    assert run_jobs() >= 5
    assert not Job.objects.filter(path__contains="trials").exists()
    assert Trial.objects.get().state == TrialState.DONE


@pytest.mark.django_db(transaction=True)
def test_the_past_is_read_in_a_few_queries(shop, django_assert_max_num_queries):
    trial = start_trial(shop, 1, wanted(), by="test", in_background=False)
    run = Run(trial, now(), today("Europe/Paris"))

    with django_assert_max_num_queries(3):
        returns = piece_of_returns(shop, run.span, ())
    with django_assert_max_num_queries(4):
        orders = piece_of_orders(shop, run.span, ())

    assert len(returns.cases) == 4 and len(orders.cases) == orders_in(shop, run.span).count() == 1


@pytest.mark.django_db(transaction=True)
def test_history_without_a_decision_is_judged_by_what_held_then(shop):
    rma = requested_return(order_of(shop, number="1005"))
    Return.objects.filter(pk=rma.pk).update(terms={}, origin="import")

    trial = tried(shop, GENEROUS)

    assert trial.tally["undecided"] == 1
    assert report_of(trial).returns.whole.otherwise == 0


@pytest.mark.django_db(transaction=True)
def test_made_up_requests_are_the_same_each_time(shop):
    trial = start_trial(shop, 1, wanted(), by="test", in_background=False)
    run = Run(trial, now(), today("Europe/Paris"))
    bought = piece_of_orders(shop, run.span, ()).cases[0]

    assert Wishes(shop).of(bought) == Wishes(shop).of(bought)
    assert Wishes(shop).of(bought).facts.lines[0].reason == "changed_mind"


@pytest.mark.django_db(transaction=True)
def test_what_happened_on_the_way_is_tried_as_such(shop):
    Reason.objects.update(is_our_fault=True, is_in_transit=True)
    Return.objects.update(terms={}, origin="import")
    trial = start_trial(shop, 1, wanted(), by="test", in_background=False)
    run = Run(trial, now(), today("Europe/Paris"))

    (bought,) = piece_of_orders(shop, run.span, ()).cases
    past = piece_of_returns(shop, run.span, ()).cases

    assert Wishes(shop).of(bought).facts.lines[0].is_in_transit
    assert past and all(line.is_in_transit for one in past for line in one.case.facts.lines)


@pytest.mark.django_db(transaction=True)
def test_days_the_wrong_way_round_and_trials_of_others_are_refused(shop):
    day = today("Europe/Paris")
    trial = start_trial(shop, 1, wanted(), by="test", in_background=False)

    with pytest.raises(TrialOfNothing):
        start_trial(shop, 1, Wanted(day, day - timedelta(days=1)), by="test")
    with pytest.raises(UnknownTrial):
        stop_trial(small_shop("autre"), trial.pk, by="test")
