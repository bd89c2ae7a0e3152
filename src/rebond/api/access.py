"""Who asks: a machine with a key, for one shop, with the scopes of the key."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja.security import HttpBearer

from rebond.api.limits import count_request
from rebond.domain.machines.errors import KeyRefused, ScopeMissing
from rebond.domain.machines.models import ApiKey
from rebond.domain.machines.queries import key_behind
from rebond.domain.machines.scopes import Scope
from rebond.domain.shops.models import Shop
from rebond.kernel import tenancy
from rebond.kernel.acting import Actor, act_as, network_of
from rebond.kernel.callers import caller_of


class MachineRequest(HttpRequest):
    """A request that came with a key."""

    auth: ApiKey

    @property
    def shop(self) -> Shop:
        """The shop that the key belongs to."""
        return self.auth.shop


class Key(HttpBearer):
    """``Authorization: Bearer rbk_…`` with a key that has ``scope``."""

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.scope = scope

    def __call__(self, request: HttpRequest) -> Any:
        """The key behind the request.

        Raises ``KeyRefused``, ``ScopeMissing`` and ``TooManyRequests``.
        """
        mark, _, text = request.headers.get("Authorization", "").partition(" ")
        if mark.lower() != "bearer":
            raise KeyRefused
        forwarded = request.headers.get("X-Forwarded-For", "")
        address = caller_of(request.META.get("REMOTE_ADDR", ""), forwarded)
        with tenancy.all_shops():
            key = key_behind(text.strip(), address)
        tenancy.tell(key.shop_id)
        act_as(Actor("key", str(key.pk), network_of(address)))
        count_request(request, key)
        if self.scope not in key.scopes:
            raise ScopeMissing(scope=self.scope.value)
        return key

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """Never asked: ``__call__`` decides."""
        raise KeyRefused


def shop_of(request: Any) -> Shop:
    """The shop of the key that the request came with."""
    shop: Shop = request.auth.shop
    return shop


def key_of(request: Any) -> ApiKey:
    """The key that the request came with."""
    key: ApiKey = request.auth
    return key


def actor_of(request: Any) -> str:
    """Who acts, as events name it."""
    return f"api:{request.auth.title}"
