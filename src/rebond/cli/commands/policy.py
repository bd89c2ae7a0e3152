"""Look after a shop's policy: export, import, check, publish, compare, roll back.

rebond policy export SHOP [--version N]    print the version in force (or N) as YAML
rebond policy import SHOP FILE             keep FILE as a draft, printing its number
rebond policy check FILE [--shop SHOP]     say what is wrong: law, dead rules, contradictions
rebond policy publish SHOP N [--at WHEN]   put draft N in force, now or later
rebond policy roll-back SHOP N             publish version N again, as a new version
rebond policy diff SHOP N M                say what changed from version N to version M
rebond policy try SHOP N [--from --to]     say what version N would have decided on the past
rebond policy list SHOP                    print all versions
rebond policy presets [NAME]               print the names, or one as YAML, to begin with
rebond policy schema                       print the JSON Schema of a policy
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

from rebond.cli.boot import set_up

ROOM = "rebond.domain.policies"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verbs and their options."""
    verbs = parser.add_subparsers(dest="verb", required=True)
    export = verbs.add_parser("export", help="print a version as YAML")
    export.add_argument("shop")
    export.add_argument("--version", type=int)
    taking = verbs.add_parser("import", help="keep a file as a draft")
    taking.add_argument("shop")
    taking.add_argument("file")
    taking.add_argument("--note", default="")
    checking = verbs.add_parser("check", help="say what is wrong with a file")
    checking.add_argument("file")
    checking.add_argument("--shop", default="")
    checking.add_argument("--country", action="append", default=[], help="FR when there is none")
    for name in ("publish", "roll-back"):
        verb = verbs.add_parser(name)
        verb.add_argument("shop")
        verb.add_argument("number", type=int)
        verb.add_argument("--at", type=_moment, help="2026-12-01T00:00+01:00; now when absent")
        verb.add_argument("--note", default="")
    comparing = verbs.add_parser("diff", help="say what changed")
    comparing.add_argument("shop")
    comparing.add_argument("old", type=int)
    comparing.add_argument("new", type=int)
    trying = verbs.add_parser("try", help="say what a version would have decided on the past")
    trying.add_argument("shop")
    trying.add_argument("number", type=int)
    trying.add_argument("--from", dest="first", type=date.fromisoformat, help="a year ago")
    trying.add_argument("--to", dest="last", type=date.fromisoformat, help="today")
    trying.add_argument("--base", choices=("then", "in_force"), default="then")
    trying.add_argument("--without-orders", action="store_true")
    trying.add_argument("--simulated", action="store_true", help="made-up requests too")
    trying.add_argument("--language", default="en")
    verbs.add_parser("list", help="print all versions").add_argument("shop")
    verbs.add_parser("presets", help="policies to begin with").add_argument("name", nargs="?")
    verbs.add_parser("schema", help="print the JSON Schema")


def run(args: argparse.Namespace) -> int:
    """Do it: 0 when all is well, 1 when it was refused or something is wrong, 2 without input."""
    set_up()
    refusal = import_module("rebond.kernel.errors").RebondError
    unreadable = import_module(f"{ROOM}.engine").UnreadablePolicy
    try:
        return VERBS[args.verb](args)
    except OSError as error:
        print(f"rebond policy: {error.filename}: {error.strerror}", file=sys.stderr)
        return 2
    except unreadable as problem:
        print(f"rebond policy: {problem}", file=sys.stderr)
    except refusal as error:
        print(f"rebond policy: {error.code}", file=sys.stderr)
        for breach in error.facts.pop("breaches", []):
            print(f"  {_breach(breach)}", file=sys.stderr)
        if error.facts:
            print(f"  {json.dumps(error.facts, default=str)}", file=sys.stderr)
    return 1


def _export(args: argparse.Namespace) -> int:
    shop = _shop(args.shop)
    queries = import_module(f"{ROOM}.queries")
    if args.version is not None:
        document = import_module(f"{ROOM}.actions").version_of(shop, args.version).document
    else:
        held = queries.version_in_force(shop, datetime.now(UTC))
        document = held.document if held else import_module(f"{ROOM}.presets").GENEROUS
    print(import_module(f"{ROOM}.documents").as_yaml(document), end="")
    return 0


def _import(args: argparse.Namespace) -> int:
    document = _read(args.file)
    version = import_module(f"{ROOM}.actions").create_draft(
        _shop(args.shop), document, note=args.note, by="console"
    )
    print(f"Draft {version.number} is kept.")
    return 0


def _check(args: argparse.Namespace) -> int:
    document = _read(args.file)
    checking = import_module(f"{ROOM}.checking")
    clock = import_module("rebond.kernel.clock")
    reasons = None
    if args.shop:
        shop = _shop(args.shop)
        market = import_module(f"{ROOM}.queries").market_of(shop)
        rows = import_module("rebond.domain.returns.models").Reason.objects.filter(shop=shop)
        reasons = list(rows.values_list("code", flat=True))
    else:
        market = checking.Market(countries=tuple(args.country) or ("FR",))
    breaches = checking.conflicts(document, market)
    for breach in breaches:
        row = {**vars(breach), "rule": breach.id}
        print(f"{'note ' if breach.is_note else 'LAW  '} {_breach(row)}")
    today = clock.today("UTC")
    problems = checking.problems(document, today=today, reasons=reasons)
    for problem in problems:
        text = checking.SENTENCES[problem.code].format_map(dict(problem.numbers))
        print(f"RULE  {problem.id}: {text}")
    refused = checking.refusals(breaches)
    print(f"{len(refused)} against the law, {len(problems)} rules that do not do what they seem to")
    return 1 if refused or problems else 0


def _publish(args: argparse.Namespace) -> int:
    shop = _shop(args.shop)
    actions = import_module(f"{ROOM}.actions")
    draft = actions.version_of(shop, args.number)
    version = actions.publish_draft(
        shop, args.number, revision=draft.revision, at=args.at, by="console"
    )
    print(f"Version {version.number} is in force from {version.published_at.isoformat()}.")
    return 0


def _roll_back(args: argparse.Namespace) -> int:
    version = import_module(f"{ROOM}.actions").roll_back(
        _shop(args.shop), args.number, note=args.note, at=args.at, by="console"
    )
    print(f"Version {version.number} says again what version {args.number} said.")
    return 0


def _diff(args: argparse.Namespace) -> int:
    shop = _shop(args.shop)
    actions = import_module(f"{ROOM}.actions")
    module = import_module(f"{ROOM}.differences")
    old, new = (actions.version_of(shop, number).document for number in (args.old, args.new))
    for change in module.differences(old, new):
        values = {**vars(change), "before": _short(change.before), "after": _short(change.after)}
        print(module.SENTENCES[change.code].format_map(values))
    return 0


def _try(args: argparse.Namespace) -> int:
    shop = _shop(args.shop)
    trials = "rebond.insights.trials"
    actions = import_module(f"{trials}.actions")
    last = args.last or import_module("rebond.kernel.clock").today(shop.time_zone)
    wanted = actions.Wanted(
        first=args.first or last - timedelta(days=365),
        last=last,
        base=import_module(f"{trials}.models").Base(args.base),
        with_orders=not args.without_orders,
        with_simulated=args.simulated,
    )
    trial = actions.start_trial(shop, args.number, wanted, by="console", in_background=False)
    began = time.monotonic()
    import_module(f"{trials}.jobs").carry_on(trial.pk, seconds=float("inf"), tell=_tell)
    trial.refresh_from_db()
    took = max(0.001, time.monotonic() - began)
    report = import_module(f"{trials}.report").report_of(trial)
    with import_module("django.utils.translation").override(args.language):
        for line in import_module(f"{trials}.telling").lines_of(report, args.language):
            print(line)
    print(f"{trial.lines} lines in {took:.1f} s, {trial.lines / took:.0f} lines/s")
    return 0


def _tell(trial: Any) -> None:
    if sys.stderr.isatty():
        print(f"\r{trial.done} of {trial.total} ({trial.percent} %)", end="", file=sys.stderr)


def _list(args: argparse.Namespace) -> int:
    for listed in import_module(f"{ROOM}.queries").versions_of(_shop(args.shop), datetime.now(UTC)):
        version = listed.version
        since = version.published_at.isoformat() if version.published_at else "-"
        print(f"{version.number:>4}  {listed.standing:<10}  {since:<32}  {version.note}")
    return 0


def _presets(args: argparse.Namespace) -> int:
    presets = import_module(f"{ROOM}.presets").PRESETS
    if args.name is None:
        print("\n".join(presets))
        return 0
    if args.name not in presets:
        print(f"rebond policy: there is no preset {args.name!r}", file=sys.stderr)
        return 2
    print(import_module(f"{ROOM}.documents").as_yaml(presets[args.name]), end="")
    return 0


def _schema(args: argparse.Namespace) -> int:
    print(json.dumps(import_module(f"{ROOM}.documents").schema(), indent=2))
    return 0


VERBS = {
    "export": _export,
    "import": _import,
    "check": _check,
    "publish": _publish,
    "roll-back": _roll_back,
    "diff": _diff,
    "try": _try,
    "list": _list,
    "presets": _presets,
    "schema": _schema,
}


def _shop(slug: str) -> Any:
    shop = import_module("rebond.domain.shops.models").Shop.objects.filter(slug=slug).first()
    if shop is None:
        raise FileNotFoundError(2, "there is no such shop", slug)
    return shop


def _read(file: str) -> Any:
    text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    return import_module(f"{ROOM}.documents").from_yaml(text)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _breach(row: Mapping[str, Any]) -> str:
    sentences = import_module(f"{ROOM}.checking").SENTENCES
    text = sentences[row["code"]].format_map(dict(row["numbers"]))
    return f"{row['rule']} ({row['place']}): {text} [{'; '.join(row['articles'])}]"


def _short(value: Any) -> str:
    return "-" if value is None else json.dumps(value, ensure_ascii=False, default=str)
