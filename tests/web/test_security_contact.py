"""Whom to tell of a hole in this installation."""

import pytest

PAGE = "/.well-known/security.txt"


@pytest.mark.django_db
def test_there_is_no_page_while_nobody_is_named(client):
    assert client.get(PAGE).status_code == 404


def test_the_page_names_the_contact_and_until_when_it_holds(client, settings):
    settings.SECURITY_CONTACT = "mailto:security@galerie.example"

    answer = client.get(PAGE)

    lines = answer.content.decode().splitlines()
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert lines[0] == "Contact: mailto:security@galerie.example"
    assert lines[1].startswith("Expires: 20") and lines[1].endswith("Z")
