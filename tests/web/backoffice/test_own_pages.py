"""Settings: on which sites the return form may be shown."""

from rebond.domain.shops.access import Role

HERE = "/desk/galerie/settings/own-pages/"


def test_the_owner_allows_sites_and_copies_the_snippet(shop, at_desk):
    ana = at_desk(shop)

    kept = ana.post(HERE, {"origins": "https://a.example\n\nwww.b.example/shop"}, follow=True)

    shop.refresh_from_db()
    assert shop.embed_origins == ["https://a.example", "https://www.b.example"]
    assert "https://www.b.example" in kept.content.decode()
    assert "/s/galerie/embed/form.js" in kept.content.decode()


def test_a_bad_address_is_told_and_what_was_typed_stays(shop, at_desk):
    answer = at_desk(shop).post(HERE, {"origins": "https://*.example"})

    assert answer.status_code == 422
    assert answer.content.decode().count("https://*.example") == 2
    shop.refresh_from_db()
    assert shop.embed_origins == []


def test_only_who_configures_may(shop, at_desk):
    assert at_desk(shop, Role.MANAGER).get(HERE).status_code == 403
