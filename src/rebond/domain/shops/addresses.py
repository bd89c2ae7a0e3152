"""Addresses of a shop's pages, for messages that are written away from any request."""

from html import escape
from uuid import UUID

from django.conf import settings

from rebond.domain.shops.models import Shop


def home_of(shop: Shop) -> str:
    """The shop's portal, on its own domain where it has one."""
    if shop.domain:
        return f"https://{shop.domain}/s/{shop.slug}/"
    return f"{settings.BASE_URL}/s/{shop.slug}/"


def return_page(shop: Shop, token: str) -> str:
    """The page of one return, for whoever holds ``token``."""
    return f"{home_of(shop)}r/{token}/"


def portal_link(shop: Shop, token: str) -> str:
    """Where a customer comes in from the shop's own pages, with the ``token`` of a link."""
    return f"{home_of(shop)}in/{token}/"


def slip_page(shop: Shop, code: str) -> str:
    """Where whoever holds a return slip finds the order; ``code`` is filled in."""
    return f"{home_of(shop)}?code={code}" if code else home_of(shop)


def embedded_form(shop: Shop) -> str:
    """The return form to be shown inside a page of the shop's own site."""
    return f"{home_of(shop)}embed/"


def embed_snippet(shop: Shop, words: str) -> str:
    """What a shop pastes into a page of its own; ``words`` are the link's where no script runs."""
    return (
        f'<div data-rebond-return><a href="{home_of(shop)}">{escape(words)}</a></div>\n'
        f'<script src="{embedded_form(shop)}form.js" defer></script>'
    )


def enquiry_page(shop: Shop, token: str) -> str:
    """The page of one enquiry, for whoever holds ``token``."""
    return f"{home_of(shop)}contact/{token}/"


def missing_page(shop: Shop, token: str) -> str:
    """The page of one report of goods that never arrived, for whoever holds ``token``."""
    return f"{home_of(shop)}missing/{token}/"


def duties_page(shop: Shop) -> str:
    """The board of the desk with all that is due."""
    return f"{settings.BASE_URL}/desk/{shop.slug}/duties/"


def webhook_page(shop: Shop, endpoint_id: UUID) -> str:
    """What was sent to one address of another system, and with what success."""
    return f"{settings.BASE_URL}/desk/{shop.slug}/money/webhooks/{endpoint_id}/"


def password_page(person: str, token: str) -> str:
    """Where somebody of the desk chooses a password; ``person`` and ``token`` open it once."""
    return f"{settings.BASE_URL}/desk/password/{person}/{token}/"


def withdrawal_page(shop: Shop) -> str:
    """Where consumers withdraw from a contract with ``shop``."""
    return f"{home_of(shop)}withdraw/"


def policy_page(shop: Shop) -> str:
    """Where everybody reads the policy of ``shop``."""
    return f"{home_of(shop)}policy/"


def statement_page(shop: Shop, token: str) -> str:
    """The page of one statement of withdrawal, for whoever holds ``token``."""
    return f"{home_of(shop)}withdraw/{token}/"


def fair_use_page(shop: Shop, token: str) -> str:
    """The page about one restriction, where its shopper appeals, for whoever holds ``token``."""
    return f"{home_of(shop)}fair-use/{token}/"


def data_copy_page(shop: Shop, token: str) -> str:
    """The page where a person fetches the copy of their data, for whoever holds ``token``."""
    return f"{home_of(shop)}data/{token}/"


def way_page(shop: Shop, token: str) -> str:
    """The page where a shopper says where their money shall go, for whoever holds ``token``."""
    return f"{home_of(shop)}money/{token}/"
