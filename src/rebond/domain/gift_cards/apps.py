"""Registers the room's tables."""

from django.apps import AppConfig


class GiftCardsConfig(AppConfig):
    name = "rebond.domain.gift_cards"
    label = "gift_cards"
