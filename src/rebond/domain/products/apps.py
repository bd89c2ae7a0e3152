"""Registers the room's tables."""

from django.apps import AppConfig


class ProductsConfig(AppConfig):
    name = "rebond.domain.products"
    label = "products"
