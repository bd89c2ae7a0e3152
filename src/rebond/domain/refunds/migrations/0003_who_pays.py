"""Every refund that is ours says who pays it: until now always the payment's own provider."""

from django.db import migrations
from django.db.models import OuterRef, Subquery


def fill(apps, schema_editor):
    refund = apps.get_model("refunds", "Refund")
    payment = apps.get_model("orders", "Payment")
    own = payment.objects.filter(pk=OuterRef("payment_id")).values("provider")[:1]
    refund.objects.filter(provider="", is_outside=False).update(provider=Subquery(own))


class Migration(migrations.Migration):
    dependencies = [
        ("refunds", "0002_ways_limits_disputes_tasks"),
        ("orders", "0002_disputed_payments"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
