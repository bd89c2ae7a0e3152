"""Fills the sockets with plugs when the house starts."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """The one place that sees sockets and plugs."""

    name = "rebond.config"
    label = "rebond_config"

    def ready(self) -> None:
        from rebond.domain.credit_notes.ports import platforms
        from rebond.domain.orders.ports import order_sources
        from rebond.domain.refunds.ports import payment_providers
        from rebond.domain.shipping.ports import carriers
        from rebond.outbound.notifications.ports import channels
        from rebond.outbound.stock.ports import stock_systems

        payment_providers.load("rebond.integrations.payments")
        carriers.load("rebond.integrations.carriers")
        order_sources.load("rebond.integrations.shops")
        stock_systems.load("rebond.integrations.shops")
        channels.load("rebond.integrations.channels")
        platforms.load("rebond.integrations.platforms")
