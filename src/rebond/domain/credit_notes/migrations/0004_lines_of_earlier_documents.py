"""Give documents that were issued earlier their lines, and count what they credited."""

from django.db import migrations

from rebond.kernel.append_only import only_grows, still_only_grows
from rebond.kernel.ids import uuid7
from rebond.kernel.money import allocate


def enter_lines(apps, editor):
    """Lines less their share of what was kept, and the sums of each line, charge and order."""
    notes = apps.get_model("credit_notes", "CreditNote")
    lines = apps.get_model("credit_notes", "CreditNoteLine")
    rooms = apps.get_model("credit_notes", "CreditRoom")
    for note in notes.objects.exclude(settlement=None).iterator(chunk_size=500):
        if lines.objects.filter(shop_id=note.shop_id, credit_note_id=note.pk).exists():
            continue
        rows = _lines(apps, lines, note)
        lines.objects.bulk_create(rows)
        order = apps.get_model("orders", "Order").objects.get(pk=note.order_id)
        _count(rooms, note, {}, order.total_minor, note.gross_minor)
        for row in rows:
            bought = row.order_line or row.charge
            limit = bought.total_minor if row.order_line_id else bought.amount_minor
            key = {"order_line_id": row.order_line_id, "charge_id": row.charge_id}
            if limit > 0:
                _count(rooms, note, key, limit, row.gross_minor)


def _lines(apps, lines, note):
    settled = {"shop_id": note.shop_id, "settlement_id": note.settlement_id}
    goods = list(
        apps.get_model("refunds", "SettlementLine")
        .objects.filter(**settled)
        .select_related("order_line")
        .order_by("order_line__position")
    )
    charges = list(
        apps.get_model("refunds", "SettlementCharge")
        .objects.filter(**settled)
        .select_related("charge")
    )
    parts = [*goods, *charges]
    gross = [part.gross_minor for part in parts]
    tax = [part.tax_minor for part in parts]
    kept = allocate(sum(gross) - note.gross_minor, [max(0, each) for each in gross])
    kept_tax = allocate(sum(tax) - note.tax_minor, [max(0, each) for each in tax])
    rows = []
    for place, part in enumerate(parts):
        line = getattr(part, "order_line", None)
        charge = getattr(part, "charge", None)
        left = gross[place] - kept[place]
        least, most = min(left, 0), max(left, 0)
        rate = charge.tax_rate if charge is not None else _rate(line)
        tax_left = min(max(tax[place] - kept_tax[place], least), most)
        rows.append(
            lines(
                id=uuid7(),
                shop_id=note.shop_id,
                credit_note_id=note.pk,
                order_line=line,
                charge=charge,
                quantity=part.quantity if line is not None else 0,
                gross_minor=left,
                tax_minor=tax_left,
                taxes={rate: tax_left},
            )
        )
    return rows


def _rate(line):
    return next((str(tax.get("rate") or "") for tax in line.taxes), "")


def _count(rooms, note, key, limit, amount):
    room, _ = rooms.objects.get_or_create(
        shop_id=note.shop_id,
        order_id=note.order_id,
        order_line_id=key.get("order_line_id"),
        charge_id=key.get("charge_id"),
        defaults={"limit_minor": max(0, limit), "id": uuid7()},
    )
    room.credited_minor = min(max(0, limit), room.credited_minor + max(0, amount))
    room.save(update_fields=["credited_minor"])


class Migration(migrations.Migration):
    dependencies = [
        ("credit_notes", "0003_lines_drafts_files"),
        ("orders", "0001_initial"),
        ("refunds", "0001_initial"),
    ]

    operations = [
        still_only_grows("credit_notes_creditnote"),
        still_only_grows("credit_notes_creditnotefile"),
        migrations.RunPython(enter_lines, migrations.RunPython.noop),
        only_grows("credit_notes_creditnoteline"),
        only_grows("credit_notes_withoutdocument"),
    ]
