"""PostgreSQL itself keeps the shops apart: whoever forgets the shop sees and changes no other's."""

import socket
import threading
from collections.abc import Iterator
from uuid import UUID

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import ProgrammingError, connection, transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from tests.world import small_shop

from rebond.domain.shops.models import Shop
from rebond.kernel import jobs, row_security, tenancy
from rebond.kernel.ids import uuid7
from rebond.kernel.models import Counter, next_number
from rebond.web.portal.access import in_shop
from rebond.web.ui.acting import ActingMiddleware

pytestmark = pytest.mark.postgresql
TABLES = sorted(row_security.tables().items())
COUNT = "SELECT count(*) FROM kernel_counter"


@pytest.fixture(autouse=True)
def is_on(settings) -> None:
    if not settings.ROW_SECURITY:
        pytest.skip("REBOND_ROW_SECURITY is off")


def _all(sql: str, *values: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def _done(sql: str, *values: object) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.rowcount


def _refused(sql: str, *values: object) -> bool:
    try:
        with transaction.atomic():
            _done(sql, *values)
    except ProgrammingError as problem:
        return "row-level security" in str(problem)
    return False


def _bare(table: str, key: str) -> None:
    """Until the end of the test, let a row be nothing but its id and its shop."""
    bare = [f"ALTER TABLE {table} DISABLE TRIGGER USER"]
    for (name,) in _all(
        "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype IN ('c', 'f')",
        table,
    ):
        bare.append(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    for (name,) in _all(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnotnull "
        "AND attnum > 0 AND attname NOT IN (%s, 'id')",
        table,
        key,
    ):
        bare.append(f'ALTER TABLE {table} ALTER COLUMN "{name}" DROP NOT NULL')
    for statement in bare:
        _done(statement)


def test_the_role_of_the_tests_is_held_by_policies(db) -> None:
    assert not row_security.is_passed_by()


def test_every_table_with_a_shop_has_its_policy(db) -> None:
    with_shop = {
        table
        for (table,) in _all(
            "SELECT table_name FROM information_schema.columns "
            "WHERE table_schema = current_schema() AND column_name = 'shop_id'"
        )
    }
    forced = {
        table
        for (table,) in _all(
            "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity "
            "AND pg_table_is_visible(oid)"
        )
    }
    assert len(with_shop) > 100
    assert forced == with_shop | {row_security.SHOPS}
    assert row_security.why_not_apart() == []
    assert row_security.bring_in_line() == []


@pytest.mark.parametrize(("table", "key"), TABLES, ids=[table for table, _ in TABLES])
def test_forgetting_the_shop_reaches_no_other_shop(db, table: str, key: str) -> None:
    ours, theirs, third = uuid7(), uuid7(), uuid7()
    _bare(table, key)
    rows = {ours: uuid7(), theirs: uuid7()} if key == "shop_id" else {ours: ours, theirs: theirs}
    add = f"INSERT INTO {table} (id, {key}) VALUES (%s, %s)"
    if key == "id":
        add = f"INSERT INTO {table} (id, name) VALUES (%s, %s)"
    for shop, row in rows.items():
        _done(add, row, shop)

    with tenancy.of_shop(ours):
        if key == "shop_id":
            assert _all(f"SELECT {key} FROM {table}") == [(ours,)]
        assert _done(f"UPDATE {table} SET {key} = {key}") == 1
        assert _done(f"UPDATE {table} SET {key} = {key} WHERE id = %s", rows[theirs]) == 0
        assert _done(f"DELETE FROM {table} WHERE id = %s", rows[theirs]) == 0
        assert _refused(add, uuid7() if key == "shop_id" else third, theirs)
        assert _refused(f"UPDATE {table} SET {key} = %s", third)
        assert _done(f"DELETE FROM {table}") == 1
    with tenancy.as_told(tenancy.NOBODY):
        if key == "shop_id":
            assert _all(f"SELECT {key} FROM {table}") == []
        assert _done(f"UPDATE {table} SET {key} = {key}") == 0
        assert _done(f"DELETE FROM {table}") == 0
        assert _refused(add, uuid7() if key == "shop_id" else third, ours)
    assert _all(f"SELECT id FROM {table}") == [(rows[theirs],)]


def test_a_row_without_a_shop_is_the_houses(db) -> None:
    jobs.later("tests.kernel.test_row_security.note_what_is_seen")
    seen = "SELECT count(*) FROM kernel_job"
    with tenancy.of_shop(uuid7()):
        assert _all(seen) == [(0,)]
    assert _all(seen) == [(1,)]


def _two_shops() -> tuple[Shop, Shop]:
    shops = small_shop("galerie"), small_shop("atelier")
    for shop, many in zip(shops, (1, 2), strict=True):
        for series in range(many):
            next_number(shop.pk, f"T{series}")
    Counter.objects.exclude(series__in=["T0", "T1"]).delete()
    return shops


def _asked(view, slug: str | None = None) -> HttpResponse:
    door = in_shop(view) if slug else view
    more = {"slug": slug} if slug else {}
    request = HttpRequest()
    request.method = "GET"
    return ActingMiddleware(lambda asked: door(asked, **more))(request)


def test_a_request_sees_its_own_shop_only_and_none_before_it_is_known(db) -> None:
    _two_shops()

    def careless(request: HttpRequest) -> HttpResponse:
        changed = _done("UPDATE kernel_counter SET last = last + 1")
        return HttpResponse(f"{_all(COUNT)[0][0]} {changed}")

    assert _asked(careless, "galerie").content == b"1 1"
    assert _asked(careless, "atelier").content == b"2 2"
    assert _asked(careless).content == b"0 0"
    assert _all(COUNT) == [(3,)]


def test_what_is_sent_as_it_is_made_is_of_the_same_shop(db) -> None:
    _two_shops()

    def parts() -> Iterator[bytes]:
        yield str(_all(COUNT)[0][0]).encode()
        yield str(_all(COUNT)[0][0]).encode()

    answer = _asked(lambda request: StreamingHttpResponse(parts()), "atelier")
    assert isinstance(answer, StreamingHttpResponse)
    assert next(iter(answer)) == b"2"
    assert _all(COUNT) == [(3,)]
    assert b"".join(_asked(lambda r: StreamingHttpResponse(parts()), "galerie")) == b"11"


noted: list[int] = []


def note_what_is_seen() -> None:
    """What a job sees that names no shop in its query."""
    noted.append(_all(COUNT)[0][0])


def test_a_job_sees_its_own_shop_and_one_of_the_house_all(db, run_jobs) -> None:
    galerie, atelier = _two_shops()
    run_jobs()
    noted.clear()
    for shop_id in (galerie.pk, atelier.pk, None):
        jobs.later("tests.kernel.test_row_security.note_what_is_seen", shop_id=shop_id)
        run_jobs()
    assert noted == [1, 2, 3]


def _told() -> str:
    return _all("SELECT current_setting('rebond.shop', true)")[0][0]


@pytest.mark.django_db(transaction=True)
def test_what_was_told_survives_every_end_of_a_transaction() -> None:
    one, other = str(uuid7()), str(uuid7())
    with tenancy.of_shop(UUID(one)):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            with tenancy.of_shop(UUID(other)):
                assert _told() == other
            raise ZeroDivisionError
        assert _told() == one
        with transaction.atomic():
            with tenancy.of_shop(UUID(other)):
                assert _told() == other
            assert _told() == one
        assert _told() == one
        with transaction.atomic(), tenancy.of_shop(UUID(other)):
            with pytest.raises(ProgrammingError), transaction.atomic(), tenancy.all_shops():
                assert _told() == tenancy.ALL
                _done("SELECT no_such_column")
            assert _told() == other
        assert _told() == one
    connection.close()
    assert _told() == tenancy.ALL
    with tenancy.as_told():
        assert _told() == ""


def test_it_is_told_once_while_it_stays_the_same(db, monkeypatch) -> None:
    shop = uuid7()
    with tenancy.of_shop(shop):
        _told()
        monkeypatch.setattr("rebond.kernel.guarded_postgresql.base.TELL", "no statement at all")
        assert _told() == str(shop)
        assert _told() == str(shop)


def test_it_is_taken_away_and_put_back_by_the_setting(db, settings) -> None:
    small_shop()
    _done("SET CONSTRAINTS ALL IMMEDIATE")
    settings.ROW_SECURITY = False
    assert "set REBOND_ROW_SECURITY=on" in row_security.why_not_apart()[0]
    assert len(row_security.bring_in_line()) == len(TABLES)
    assert row_security.bring_in_line() == row_security.why_not_apart() == []
    with tenancy.as_told():
        assert _all("SELECT count(*) FROM kernel_event") != [(0,)]
    settings.ROW_SECURITY = True
    assert row_security.why_not_apart() == [
        f"{len(TABLES)} tables without row security: run `rebond migrate`"
    ]
    assert len(row_security.bring_in_line()) == len(TABLES)
    with tenancy.as_told():
        assert _all("SELECT count(*) FROM kernel_event") == [(0,)]


def _lend(server: socket.socket, target: tuple[str, int]) -> None:
    """Pass one connection on as a pooler does: its client hears of a process that is not there."""
    client, _ = server.accept()
    upstream = socket.create_connection(target)

    def to_server() -> None:
        while data := client.recv(65536):
            upstream.sendall(data)
        upstream.close()

    threading.Thread(target=to_server, daemon=True).start()
    while data := upstream.recv(65536):
        head, key, rest = data.partition(b"K\x00\x00\x00\x0c")
        client.sendall(head + key + (b"\x00\x00\x00\x01" + rest[4:] if key else b""))
    client.close()


def test_a_pooler_is_refused(db) -> None:
    own = connection.settings_dict
    server = socket.create_server(("127.0.0.1", 0))
    lent = (server, (own["HOST"], int(own["PORT"])))
    threading.Thread(target=_lend, args=lent, daemon=True).start()
    other = connection.copy()
    other.settings_dict = own | {"HOST": "127.0.0.1", "PORT": str(server.getsockname()[1])}
    try:
        with pytest.raises(ImproperlyConfigured, match="pooler"):
            other.connect()
    finally:
        other.close()
        server.close()
