import django.db.models.functions.datetime
from django.db import migrations, models

import rebond.kernel.ids
from rebond.kernel.append_only import only_grows


class Migration(migrations.Migration):
    replaces = [("kernel", "0001_initial"), ("kernel", "0002_events_only_grow")]

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Counter",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=rebond.kernel.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("shop_id", models.UUIDField()),
                ("series", models.CharField(max_length=40)),
                ("last", models.PositiveBigIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("shop_id", "id"), name="counter_of_shop"),
                    models.UniqueConstraint(
                        fields=("shop_id", "series"), name="counter_one_per_series"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=rebond.kernel.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("shop_id", models.UUIDField()),
                ("subject", models.UUIDField()),
                ("sequence", models.PositiveIntegerField()),
                ("name", models.CharField(max_length=60)),
                ("payload", models.JSONField()),
                ("actor", models.CharField(max_length=120)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "indexes": [models.Index(fields=["shop_id", "name", "at"], name="event_by_name")],
                "constraints": [
                    models.UniqueConstraint(fields=("shop_id", "id"), name="event_of_shop"),
                    models.UniqueConstraint(
                        fields=("shop_id", "subject", "sequence"), name="event_in_sequence"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Job",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=rebond.kernel.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("shop_id", models.UUIDField(null=True)),
                ("path", models.CharField(max_length=200)),
                ("arguments", models.JSONField()),
                ("key", models.CharField(max_length=200, null=True, unique=True)),
                ("priority", models.SmallIntegerField(default=0)),
                ("run_at", models.DateTimeField()),
                ("lease_token", models.UUIDField(null=True)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("is_dead", models.BooleanField(default=False)),
                ("last_error", models.TextField(default="")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["is_dead", "-priority", "run_at"], name="job_due")
                ],
            },
        ),
        migrations.CreateModel(
            name="Schedule",
            fields=[
                ("path", models.CharField(max_length=200, primary_key=True, serialize=False)),
                ("next_at", models.DateTimeField()),
            ],
        ),
        only_grows("kernel_event"),
    ]
