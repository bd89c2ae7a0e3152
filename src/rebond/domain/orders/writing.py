"""An order as rows. Used inside actions only."""

from decimal import Decimal
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from rebond.domain.orders.errors import MailboxUnreadable, OrderDoesNotAddUp, OrderExists
from rebond.domain.orders.events import OrderEntered
from rebond.domain.orders.models import (
    Delivery,
    Order,
    OrderCharge,
    OrderLine,
    Payment,
)
from rebond.domain.orders.new import NewLine, NewOrder, NewShopper, tax_inside
from rebond.domain.products.models import Product
from rebond.domain.shoppers.models import LONGEST_TIER, Shopper, email_key, tier_word
from rebond.domain.shops.models import Shop
from rebond.kernel.events import record
from rebond.kernel.money import exponent_of


def write_order(shop: Shop, told: NewOrder, *, source: str, by: str) -> Order:
    """Write the rows of ``told``.

    Raises ``OrderExists``, ``OrderDoesNotAddUp`` and ``MailboxUnreadable``.
    """
    if Order.objects.filter(shop=shop, number_key=told.number.lower()).exists():
        raise OrderExists(number=told.number)
    paid = sum(payment.captured_minor for payment in told.payments)
    if told.payments and paid != told.total_minor:
        raise OrderDoesNotAddUp(number=told.number, parts_minor=told.total_minor, total_minor=paid)
    _check_mailbox(told)
    order = _order(shop, told, source)
    lines = [_line(shop, order, place, line) for place, line in enumerate(told.lines, start=1)]
    charges = [
        OrderCharge(
            shop=shop,
            order=order,
            position=place,
            kind=charge.kind,
            title=charge.title,
            amount_minor=charge.amount_minor,
            tax_minor=tax_inside(charge.amount_minor, charge.tax_rate),
            tax_rate=charge.tax_rate,
        )
        for place, charge in enumerate(told.charges, start=1)
    ]
    order.tax_minor = sum(line.tax_minor for line in lines)
    order.tax_minor += sum(charge.tax_minor for charge in charges)
    order.save()
    OrderLine.objects.bulk_create(lines)
    OrderCharge.objects.bulk_create(charges)
    _payments_and_delivery(shop, order, told)
    record(OrderEntered(str(order.pk), order.number), shop_id=shop.pk, actor=by)
    return order


def _check_mailbox(told: NewOrder) -> None:
    """One address or none: what stands there is written to."""
    try:
        if told.shopper.email.strip():
            validate_email(told.shopper.email.strip())
    except ValidationError as problem:
        raise MailboxUnreadable(number=told.number) from problem


def _order(shop: Shop, told: NewOrder, source: str) -> Order:
    return Order(
        shop=shop,
        number=told.number,
        number_key=told.number.lower(),
        source=source,
        shopper=_shopper(shop, told.shopper, told.number),
        channel=told.channel,
        country=told.shopper.country,
        postcode_key=told.shopper.postcode.replace(" ", "").lower(),
        ordered_at=told.ordered_at,
        currency=told.currency,
        total_minor=told.total_minor,
        invoice_number=told.invoice_number,
        invoice_date=told.invoice_date,
        derived=list(told.derived),
    )


def _shopper(shop: Shop, told: NewShopper, order_number: str) -> Shopper:
    shopper, _ = Shopper.objects.get_or_create(
        shop=shop,
        key=told.key or f"order:{order_number}",
        defaults={
            "name": told.name,
            "name_key": told.name.lower(),
            "email": told.email,
            "email_key": email_key(told.email),
            "phone": told.phone,
            "language": told.language,
            "address": list(told.address),
            "postcode": told.postcode,
            "country": told.country,
        },
    )
    if told.tags and list(told.tags) != shopper.tags:
        shopper.tags = list(told.tags)
        shopper.save(update_fields=["tags"])
    if told.tier and tier_word(told.tier) != shopper.tier:
        shopper.tier = tier_word(told.tier)[:LONGEST_TIER]
        shopper.save(update_fields=["tier"])
    return shopper


def _line(shop: Shop, order: Order, place: int, line: NewLine) -> OrderLine:
    tax = tax_inside(line.total_minor, line.tax_rate)
    return OrderLine(
        shop=shop,
        order=order,
        position=place,
        product_id=_product(shop, line),
        sku=line.sku,
        title=line.title,
        quantity=line.quantity,
        delivered_quantity=line.quantity,
        unit_price=_printed_price(line, order.currency),
        discount_minor=line.discount_minor,
        total_minor=line.total_minor,
        tax_minor=tax,
        taxes=[{"id": "vat", "rate": line.tax_rate, "total_minor": tax}],
        is_returnable=line.is_returnable,
        is_final_sale=line.is_final_sale,
        serials=list(line.serials),
    )


def _printed_price(line: NewLine, currency: str) -> str:
    """The price of one piece before discounts, as printed: "12.95", for display only."""
    whole = Decimal(line.total_minor + line.discount_minor).scaleb(-exponent_of(currency))
    return f"{(whole / max(1, line.quantity)).quantize(Decimal('0.0001')).normalize():f}"


def _product(shop: Shop, line: NewLine) -> UUID:
    product, _ = Product.objects.get_or_create(
        shop=shop, sku=line.sku, defaults={"title": line.title, "category": line.category}
    )
    if line.tags and list(line.tags) != product.tags:
        product.tags = list(line.tags)
        product.save(update_fields=["tags"])
    return product.pk


def _payments_and_delivery(shop: Shop, order: Order, told: NewOrder) -> None:
    Payment.objects.bulk_create(
        Payment(
            shop=shop,
            order=order,
            position=place,
            provider=payment.provider,
            method=payment.method,
            reference=payment.reference,
            currency=told.currency,
            captured_minor=payment.captured_minor,
            can_refund=payment.can_refund,
            last_four=payment.last_four,
            paid_at=told.ordered_at,
        )
        for place, payment in enumerate(told.payments, start=1)
    )
    if told.delivered_on is not None:
        Delivery.objects.create(shop=shop, order=order, position=1, delivered_on=told.delivered_on)
