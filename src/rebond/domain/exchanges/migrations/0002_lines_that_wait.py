"""Marks the lines of returns whose money an exchange decides."""

from django.db import migrations


def mark(apps, schema_editor):
    held = apps.get_model("exchanges", "ExchangeLine").objects.exclude(
        exchange__state__in=["lapsed", "cancelled"]
    )
    lines = apps.get_model("returns", "ReturnLine").objects
    lines.filter(pk__in=held.values("return_line")).update(waits_for_goods=True)


class Migration(migrations.Migration):
    dependencies = [
        ("exchanges", "0001_tables"),
        ("returns", "0005_waits_for_goods"),
    ]

    operations = [migrations.RunPython(mark, migrations.RunPython.noop)]
