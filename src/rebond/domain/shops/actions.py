"""The verbs of a shop: open one, let somebody work in it."""

from typing import Any

from rebond.domain.shops.access import Role
from rebond.domain.shops.events import ShopOpened, StaffAdded
from rebond.domain.shops.models import Shop, Staff, User
from rebond.kernel.actions import action
from rebond.kernel.events import record


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
