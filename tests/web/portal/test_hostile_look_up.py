"""Whatever is typed to find an order: a page, an order that is theirs, and never our error."""

from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from tests.odd import TEXTS
from tests.world import EMAIL, POSTCODE

from rebond.domain.proofs.models import Tries
from rebond.web.portal.access import order_key, postcode_key

pytestmark = pytest.mark.django_db
START = "/s/galerie/"
tough = settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
SENT = TEXTS.filter(lambda text: text.isprintable() or "\x00" in text).filter(
    lambda text: "\ud800" not in text
)


@tough
@given(number=SENT | st.just("1001"), proof=SENT | st.sampled_from([EMAIL, POSTCODE]))
@example(number="1001\x00", proof=EMAIL)
@example(number="1001", proof=EMAIL + "\x00")
@example(number="1" * 80, proof="x" * 254)
def test_only_the_right_number_and_proof_open_the_order(number, proof, order):
    Tries.objects.all().delete()
    client = Client()

    answer = client.post(START, {"number": number, "proof": proof})

    fits = proof.strip().lower() == EMAIL or postcode_key(proof) == POSTCODE
    fits = fits and "\x00" not in number
    is_right = order_key(number) == order.number and fits
    refused = 400 if "\x00" in number + proof else 422
    assert answer.status_code == (302 if is_right else refused)
    opened = client.get(reverse("portal:order", args=["galerie", order.number]))
    assert opened.status_code == (200 if is_right else 404)


@tough
@given(token=SENT, number=SENT)
@example(token="a:b:\x00", number="\x00")
def test_no_made_up_address_opens_anything(token, number, order):
    assume(token.strip("/. ") and number.strip("/. ") not in {"", order.number})
    client = Client()

    answers = [client.get(f"/s/galerie/order/{quote(number, safe='')}/")]
    for tail in ("", "slip/", "cancel/", "photos/"):
        answers.append(client.get(f"/s/galerie/r/{quote(token, safe='')}/{tail}"))

    assert {answer.status_code for answer in answers} <= {400, 404, 405}
