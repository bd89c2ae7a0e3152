"""The verbs of a shop: open one, change it, let somebody work in it."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from rebond.domain.shops.access import BASES, GRANTABLE, Right, Role
from rebond.domain.shops.errors import (
    AlreadyBegun,
    LastOwner,
    OriginUnreadable,
    OwnersAtDesk,
    RoleInUse,
    RoleUnreadable,
    ShopUnreadable,
)
from rebond.domain.shops.events import (
    OwnRoleChanged,
    PasswordLinkAsked,
    ShopChanged,
    ShopOpened,
    StaffAdded,
    StaffChanged,
)
from rebond.domain.shops.models import OwnRole, RoleTerms, Shop, Staff, User
from rebond.domain.shops.origins import MOST_ORIGINS, origin_in
from rebond.kernel.actions import action
from rebond.kernel.events import record

MOST_OWN_ROLES = 30
CHANGEABLE = frozenset(
    {
        *("name", "email", "domain", "country", "languages", "time_zone", "colours", "logo"),
        *("legal", "return_address", "credit_note_series", "fiscal_year_starts_in"),
        *("payment_provider", "confirm_above_minor"),
    }
)


@action
def open_shop(slug: str, name: str, *, email: str, by: str, **details: Any) -> Shop:
    """Open the shop ``slug``, or return it as it is when it exists.

    ``details`` are further fields of ``Shop``.
    """
    shop, fresh = Shop.objects.get_or_create(
        slug=slug, defaults={"name": name, "email": email, **details}
    )
    if fresh:
        record(ShopOpened(str(shop.pk), slug), shop_id=shop.pk, actor=by)
    return shop


@action
def add_staff(
    shop: Shop, *, email: str, name: str, role: Role, password: str | None, by: str
) -> Staff:
    """Let the person with ``email`` work in ``shop`` as ``role``.

    Somebody new gets ``password``; an existing user keeps theirs, and their place in the shop
    takes the new role.
    """
    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        user = User.objects.create_user(email, password, name=name)
    staff, _ = Staff.objects.update_or_create(
        shop=shop, user=user, defaults={"role": role, "is_active": True}
    )
    record(StaffAdded(str(staff.pk), role.value), shop_id=shop.pk, actor=by)
    return staff


@action
def begin(
    shop: Mapping[str, Any], *, email: str, name: str, password: str, language: str
) -> tuple[Shop, Staff]:
    """The first shop of an empty installation with its owner; ``shop`` are fields of ``Shop``.

    Raises ``AlreadyBegun`` once anybody has an account.
    """
    if User.objects.exists():
        raise AlreadyBegun
    opened = Shop.objects.create(**shop)
    user = User.objects.create_user(email, password, name=name, language=language)
    owner = Staff.objects.create(shop=opened, user=user, role=Role.OWNER)
    by = f"staff:{name}"
    record(ShopOpened(str(opened.pk), opened.slug), shop_id=opened.pk, actor=by)
    record(StaffAdded(str(owner.pk), owner.role), shop_id=opened.pk, actor=by)
    return opened, owner


@action
def change_shop(shop: Shop, values: Mapping[str, Any], *, by: str) -> Shop:
    """Set fields of the shop anew. Raises ``ShopUnreadable`` for one that cannot be set.

    The currency is not among them: the amounts of orders and books are in it.
    """
    for field in values:
        if field not in CHANGEABLE:
            raise ShopUnreadable(field=field)
    held = Shop.objects.select_for_update(no_key=True).get(pk=shop.pk)
    changed = [name for name, value in values.items() if getattr(held, name) != value]
    for name in changed:
        setattr(held, name, values[name])
    if changed:
        held.save(update_fields=changed)
        event = ShopChanged(str(held.pk), ",".join(sorted(changed)))
        record(event, shop_id=held.pk, actor=by)
    return held


@action
def allow_origins(shop: Shop, addresses: Collection[str], *, by: str) -> Shop:
    """Say on which sites the shop's return form may be shown; the list takes the old one's place.

    An address stands for its origin, and the same twice for one. Raises ``OriginUnreadable``.
    """
    wanted: list[str] = []
    for address in addresses:
        origin = origin_in(address)
        if not origin:
            raise OriginUnreadable(origin=address.strip()[:80], limit=MOST_ORIGINS)
        if origin not in wanted:
            wanted.append(origin)
    if len(wanted) > MOST_ORIGINS:
        raise OriginUnreadable(origin=wanted[MOST_ORIGINS], limit=MOST_ORIGINS)
    held = Shop.objects.select_for_update(no_key=True).get(pk=shop.pk)
    if held.embed_origins != wanted:
        held.embed_origins = wanted
        held.save(update_fields=["embed_origins"])
        record(ShopChanged(str(held.pk), "embed_origins"), shop_id=held.pk, actor=by)
    return held


@action
def invite(
    shop: Shop,
    *,
    email: str,
    name: str,
    role: Role,
    by: str,
    own_role: OwnRole | None = None,
    is_machine: bool = False,
) -> Staff:
    """Let a person work in the shop; somebody new gets a letter with a link to a password.

    Raises ``LastOwner``, and ``OwnersAtDesk`` where a machine wants or meets an owner.
    """
    Shop.objects.select_for_update(no_key=True).only("id").get(pk=shop.pk)
    user = User.objects.filter(email=email.strip().lower()).first()
    is_new = user is None
    if user is None:
        user = User.objects.create_user(email, None, name=name, language=shop.language)
    kind = _kind(role, own_role)
    if is_machine:
        _keep_off_owners(Staff.objects.filter(shop=shop, user=user).first(), kind["role"])
    _keep_an_owner(shop, kind["role"], besides=user)
    staff, _ = Staff.objects.update_or_create(
        shop=shop, user=user, defaults=kind | {"is_active": True}
    )
    record(StaffAdded(str(staff.pk), role.value), shop_id=shop.pk, actor=by)
    if is_new:
        record(PasswordLinkAsked(str(staff.pk), is_new=True), shop_id=shop.pk, actor=by)
    return staff


@action
def change_place(
    shop: Shop,
    staff_id: UUID,
    *,
    role: Role,
    is_active: bool,
    by: str,
    own_role: OwnRole | None = None,
    is_machine: bool = False,
) -> Staff:
    """Give somebody another role, or take their place away.

    Raises ``LastOwner`` when nobody would be left who may change the shop, and ``OwnersAtDesk``
    where a machine wants or meets an owner.
    """
    Shop.objects.select_for_update(no_key=True).only("id").get(pk=shop.pk)
    staff = Staff.objects.select_related("user").get(shop=shop, pk=staff_id)
    kind = _kind(role, own_role)
    if is_machine:
        _keep_off_owners(staff, kind["role"])
    _keep_an_owner(shop, kind["role"] if is_active else Role.READ_ONLY, besides=staff.user)
    new = (kind["role"], kind["own_role"], is_active)
    if (staff.role, staff.own_role, staff.is_active) != new:
        staff.role, staff.own_role, staff.is_active = new
        staff.save(update_fields=["role", "own_role", "is_active"])
        event = StaffChanged(str(staff.pk), staff.role, is_active)
        record(event, shop_id=shop.pk, actor=by)
    return staff


@action
def keep_own_role(
    shop: Shop,
    role_id: UUID | None,
    *,
    title: str,
    based_on: Role,
    rights: Collection[Right],
    by: str,
) -> OwnRole:
    """Make a role of the shop's own (``role_id`` None), or give it another name and other rights.

    Everybody who has it has the new rights at once. Raises ``RoleUnreadable`` where the name is
    missing or taken, or where it would hold no right, or the right to say who may do what.
    """
    Shop.objects.select_for_update(no_key=True).only("id").get(pk=shop.pk)
    known, words = OwnRole.objects.filter(shop=shop), title.strip()
    is_taken = known.filter(title__iexact=words).exclude(pk=role_id or shop.pk).exists()
    is_full = role_id is None and known.count() >= MOST_OWN_ROLES
    if not words or is_taken or is_full or not rights or not set(rights) <= GRANTABLE:
        raise RoleUnreadable
    if based_on not in BASES:
        raise RoleUnreadable
    role = known.get(pk=role_id) if role_id else OwnRole(shop=shop)
    role.title, role.based_on = words[:40], based_on.value
    role.rights = sorted({Right.SEE.value, *(right.value for right in rights)})
    role.save()
    Staff.objects.filter(shop=shop, own_role=role).update(role=role.based_on)
    event = OwnRoleChanged(str(role.pk), ",".join(role.rights))
    record(event, shop_id=shop.pk, actor=by)
    return role


@action
def remove_own_role(shop: Shop, role_id: UUID, *, by: str) -> None:
    """Remove a role that nobody has. Raises ``RoleInUse``."""
    Shop.objects.select_for_update(no_key=True).only("id").get(pk=shop.pk)
    role = OwnRole.objects.get(shop=shop, pk=role_id)
    if Staff.objects.filter(shop=shop, own_role=role, is_active=True).exists():
        raise RoleInUse(title=role.title)
    Staff.objects.filter(shop=shop, own_role=role).update(own_role=None, role=Role.READ_ONLY)
    role.delete()
    record(OwnRoleChanged(str(role_id), ""), shop_id=shop.pk, actor=by)


@action
def require_second_factor(shop: Shop, roles: Collection[Role], *, by: str) -> None:
    """Want a second factor of everybody with one of ``roles``, and of nobody else."""
    Shop.objects.select_for_update(no_key=True).only("id").get(pk=shop.pk)
    wanted = {role.value for role in roles}
    known = RoleTerms.objects.filter(shop=shop, needs_second_factor=True)
    if wanted == set(known.values_list("role", flat=True)):
        return
    for role in Role:
        RoleTerms.objects.update_or_create(
            shop=shop, role=role.value, defaults={"needs_second_factor": role.value in wanted}
        )
    record(ShopChanged(str(shop.pk), "second_factor"), shop_id=shop.pk, actor=by)


@action
def ask_password_link(email: str, *, by: str = "system") -> User | None:
    """Send a link to choose a password, where somebody works under ``email``; returns who it is."""
    user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if user is None:
        return None
    places = Staff.objects.filter(user_id=user.pk, is_active=True)
    staff = places.order_by("shop__name").first()
    if staff is None:
        return None
    event = PasswordLinkAsked(str(staff.pk), is_new=False)
    record(event, shop_id=staff.shop_id, actor=by)
    return user


def _kind(role: Role, own_role: OwnRole | None) -> dict[str, Any]:
    """The columns of a place that say what somebody may do there."""
    return {"role": own_role.based_on if own_role else role.value, "own_role": own_role}


def _keep_off_owners(place: Staff | None, role: str) -> None:
    """Raise ``OwnersAtDesk`` for a place that is an owner's, or would be."""
    is_owner = place is not None and place.is_active and place.role == Role.OWNER
    if is_owner or role == Role.OWNER:
        raise OwnersAtDesk


def _keep_an_owner(shop: Shop, role: str, *, besides: User) -> None:
    """Raise ``LastOwner`` where nobody but ``besides`` is an owner, and they would be none."""
    owners = Staff.objects.filter(shop=shop, role=Role.OWNER, is_active=True)
    only_they = list(owners.values_list("user_id", flat=True)) == [besides.pk]
    if role != Role.OWNER and only_they:
        raise LastOwner(name=besides.name)
