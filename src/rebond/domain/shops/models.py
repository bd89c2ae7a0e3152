"""Shops, users and staff; the base of every row that belongs to a shop."""

from __future__ import annotations

from typing import Any, ClassVar, Self, TypeVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Now

from rebond.domain.shops.access import GRANTABLE, Right, Role, rights_of
from rebond.kernel.models import Row, choices_of

_M = TypeVar("_M", bound=models.Model)


class Shop(Row):
    """One brand with its own domain, languages, currency, policy and number series.

    ``languages`` lists IETF tags, the shop's own language first. ``colours`` maps token names
    (``brand``, ``brand_ink``) to hexadecimal colours, ``logo`` is a kept picture. ``legal`` holds
    what documents must print: ``legal_name``, ``address`` (list of lines), ``siren``,
    ``vat_number``, ``phone``, ``host``, ``mediator``. ``tender_order`` lists methods of payment in
    the order in which money goes back to them where an order was paid by several; those not named
    come last. ``embed_origins`` are the origins (``origins.origin_in``) of the shop's own pages in
    which its return form may be shown. From ``confirm_above_minor`` on, in the shop's currency,
    who refunds by hand shows first who they are.
    """

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    domain = models.CharField(max_length=253, null=True, unique=True)
    email = models.EmailField()
    country = models.CharField(max_length=2, default="FR")
    languages = models.JSONField(default=list)
    currency = models.CharField(max_length=3, default="EUR")
    time_zone = models.CharField(max_length=60, default="Europe/Paris")
    colours = models.JSONField(default=dict)
    logo = models.CharField(max_length=200, blank=True)
    legal = models.JSONField(default=dict)
    return_address = models.JSONField(default=list)
    credit_note_series = models.CharField(max_length=10, default="AV")
    fiscal_year_starts_in = models.PositiveSmallIntegerField(default=1)
    payment_provider = models.CharField(max_length=30, default="paper")
    tender_order = models.JSONField(default=list)
    embed_origins = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    confirm_above_minor = models.BigIntegerField(default=10000)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(fiscal_year_starts_in__range=(1, 12)),
                name="shop_fiscal_month",
            ),
            models.CheckConstraint(
                condition=models.Q(confirm_above_minor__gte=0), name="shop_confirm_above"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def language(self) -> str:
        """The shop's own language, used where nobody asked for another."""
        return self.languages[0] if self.languages else "fr"


class ShopManager(models.Manager[_M]):
    """Names the shop in every query that starts from one row, so that its keys can be used.

    ``order.lines`` asks for the order's shop too. Rows of two shops are never asked for together.
    """

    def get_queryset(self) -> models.QuerySet[_M]:
        """The rows, of the shop of the row that the query starts from."""
        rows = super().get_queryset()
        start = getattr(self, "instance", None)
        return rows.filter(shop_id=start.shop_id) if isinstance(start, ShopRow) else rows


class ShopRow(Row):
    """A row that belongs to one shop.

    Every index and unique constraint begins with the shop, so that shops can be
    spread over several databases one day without a change here.
    """

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+", db_index=False)

    objects: ClassVar[ShopManager[Self]] = ShopManager()

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["shop", "id"], name="%(app_label)s_%(class)s_of_shop"),
        ]


class UserManager(BaseUserManager["User"]):
    """Finds and makes people by their e-mail address."""

    def create_user(self, email: str, password: str | None = None, **more: Any) -> User:
        """A user with ``email`` in lower case; without a password nobody can log in as them."""
        user = self.model(email=email.strip().lower(), **more)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, Row):
    """A person who logs in. What they may do depends on the shop: see ``Staff``."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=10, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now())

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name


class OwnRole(ShopRow):
    """A role that the shop named itself. ``rights`` are keys of the table of rights.

    ``based_on`` is the role whose limits on money, and whose terms, hold for it.
    """

    title = models.CharField(max_length=40)
    based_on = models.CharField(max_length=20, choices=choices_of(Role))
    rights = models.JSONField(default=list)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "title"], name="own_role_once_per_title"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def granted(self) -> frozenset[Right]:
        """Its rights; never that to say who may do what."""
        return GRANTABLE & {Right(key) for key in self.rights if key in list(Right)}


class Staff(ShopRow):
    """A user's place in one shop.

    With ``own_role``, its rights hold, and ``role`` says whose limits on money.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="places", db_index=False)
    role = models.CharField(max_length=20, choices=choices_of(Role))
    own_role = models.ForeignKey(
        OwnRole, models.DO_NOTHING, related_name="places", null=True, db_index=False
    )
    is_active = models.BooleanField(default=True)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "user"], name="staff_once_per_shop"),
        ]
        indexes = [models.Index(fields=["user"], name="staff_by_user")]

    @property
    def needs_second_factor(self) -> bool:
        """Whether the shop wants a second factor of everybody with this role."""
        return RoleTerms.objects.filter(
            shop=self.shop_id, role=self.role, needs_second_factor=True
        ).exists()

    def may(self, right: Right) -> bool:
        """Whether this person has ``right`` in this shop."""
        return self.is_active and right in self.rights

    @property
    def rights(self) -> frozenset[Right]:
        """All rights that come with this place."""
        return rights_of(Role(self.role)) if self.own_role is None else self.own_role.granted


class RoleTerms(ShopRow):
    """What a shop wants of everybody with a role; without a row, nothing more than a password."""

    role = models.CharField(max_length=20, choices=choices_of(Role))
    needs_second_factor = models.BooleanField(default=False)

    class Meta(ShopRow.Meta):
        constraints = [
            *ShopRow.Meta.constraints,
            models.UniqueConstraint(fields=["shop", "role"], name="terms_once_per_role"),
        ]
