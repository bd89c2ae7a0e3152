"""What happens to one thing is numbered without a gap, however many write at once."""

from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import connection
from tests.world import small_shop

from rebond.domain.returns.events import NoteAdded
from rebond.kernel.actions import action
from rebond.kernel.events import record
from rebond.kernel.models import Event

WRITERS = 8


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_events_of_one_thing_written_at_once_wait_for_each_other():
    shop, subject = small_shop(), str(uuid4())
    together, failed = Barrier(WRITERS), []

    @action
    def happen() -> None:
        record(NoteAdded(subject, "R-1"), shop_id=shop.pk, actor="test")

    def run() -> None:
        together.wait()
        try:
            happen()
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    numbers = Event.objects.filter(shop_id=shop.pk, subject=subject).order_by("sequence")
    assert failed == []
    assert list(numbers.values_list("sequence", flat=True)) == list(range(1, WRITERS + 1))
