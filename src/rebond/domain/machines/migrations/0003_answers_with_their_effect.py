"""A kept answer is written in one transaction with its effect: nobody holds one open any more."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):

    dependencies = [
        ("machines", "0002_key_networks"),
    ]

    operations = [
        migrations.RunSQL(
            "DELETE FROM machines_givenanswer WHERE status IS NULL", migrations.RunSQL.noop
        ),
        migrations.RemoveConstraint(model_name="givenanswer", name="given_answer_status"),
        migrations.RemoveField(model_name="givenanswer", name="busy_until"),
        migrations.RemoveField(model_name="givenanswer", name="token"),
        migrations.AlterField(
            model_name="givenanswer", name="status", field=models.PositiveSmallIntegerField()
        ),
        migrations.AddConstraint(
            model_name="givenanswer",
            constraint=models.CheckConstraint(
                condition=Q(status__gte=200) & Q(status__lt=600), name="given_answer_status"
            ),
        ),
    ]
