"""Lists of hand-in places: read whole or refused, and the nearest first."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rebond.domain.shipping.errors import PointsUnreadable
from rebond.domain.shipping.point_files import points_in
from rebond.domain.shipping.points import NewPoint, nearest, problems_of

HEAD = "reference,kind,name,street,postcode,town,country\n"


def point(reference, postcode, latitude=None, longitude=None, country="FR"):
    return NewPoint(
        line=1,
        reference=reference,
        kind="relay",
        name=reference,
        street="1",
        postcode=postcode,
        town="X",
        country=country,
        latitude=None if latitude is None else Decimal(latitude),
        longitude=None if longitude is None else Decimal(longitude),
    )


PARIS = point("paris", "75001", "48.8606", "2.3376")
LYON = point("lyon", "69001", "45.7676", "4.8344")
VILLEURBANNE = point("villeurbanne", "69100", "45.7719", "4.8902")
UNKNOWN = point("unknown", "69003")


def test_the_nearest_place_comes_first_and_those_without_coordinates_last():
    found = nearest([UNKNOWN, PARIS, VILLEURBANNE, LYON], country="FR", postcode="69001", most=9)

    assert [one.point.reference for one in found] == ["lyon", "villeurbanne", "paris", "unknown"]
    assert found[0].metres == 0
    # The great circle between the two town halls is about 4.3 km.
    assert 4_000 < found[1].metres < 4_700
    assert found[-1].metres is None


def test_a_postcode_without_a_place_counts_from_the_middle_of_its_departement():
    found = nearest([PARIS, LYON, VILLEURBANNE], country="FR", postcode="69 870", most=1)

    assert found[0].point.reference in {"lyon", "villeurbanne"}


def test_places_abroad_are_left_out():
    there = point("namur", "5000", "50.46", "4.86", country="BE")

    assert [one.point for one in nearest([there, LYON], country="FR", postcode="", most=9)] == [
        LYON
    ]


def test_json_and_csv_say_the_same():
    csv = HEAD + "R1,relay,Tabac,1 rue,13001,Marseille,fr\n"
    json = (
        '[{"reference": "R1", "kind": "relay", "name": "Tabac", "street": "1 rue",'
        ' "postcode": "13001", "town": "Marseille", "country": "fr"}]'
    )

    (one,), (other,) = points_in(csv.encode()), points_in(json.encode())

    assert (one.reference, one.country, one.name) == (other.reference, "FR", other.name)
    assert problems_of([one]) == problems_of([other]) == []


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "columns"),
        (b"\xff\xfe", "encoding"),
        (b"[1]", "json"),
        (b"{", "json"),
        (b'[{"surprise": 1}]', "columns"),
        (b"reference,kind\n1,2\n", "columns"),
        (HEAD.encode() + b'"open', "csv"),
        (HEAD.encode() + b"1,2,3,4,5,6,7,8\n", "columns"),
    ],
)
def test_what_is_no_list_is_refused(content, problem):
    with pytest.raises(PointsUnreadable) as refused:
        points_in(content)

    assert refused.value.facts["problems"][0]["problem"] == problem


def test_half_a_pair_of_coordinates_is_named():
    assert problems_of([point("half", "13001", latitude="43.2")]) == [
        {"line": 1, "problem": "coordinates"}
    ]


@given(st.binary(max_size=300))
def test_no_bytes_bring_it_down(content):
    try:
        problems_of(points_in(content))
    except PointsUnreadable as refused:
        assert refused.facts["problems"]
