import django.db.models.deletion
from django.db import migrations, models

import rebond.kernel.ids


class Migration(migrations.Migration):
    replaces = [
        ("refunds", "0001_initial"),
        ("refunds", "0002_ways_limits_disputes_tasks"),
        ("refunds", "0003_who_pays"),
        ("refunds", "0004_asked_once"),
        ("refunds", "0005_what_happened_elsewhere"),
    ]

    initial = True

    dependencies = [
        ("orders", "0001_tables"),
        ("returns", "0001_tables"),
        ("shops", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Dispute",
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
                (
                    "shop",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="shops.shop",
                    ),
                ),
                (
                    "payment",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="disputes",
                        to="orders.payment",
                    ),
                ),
                ("reference", models.CharField(max_length=120)),
                ("currency", models.CharField(max_length=3)),
                ("amount_minor", models.BigIntegerField()),
                ("consumed_minor", models.BigIntegerField(default=0)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "open"), ("won", "won"), ("lost", "lost")], max_length=8
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("shop", "id"), name="refunds_dispute_of_shop"),
                    models.UniqueConstraint(
                        fields=("shop", "payment", "reference"), name="dispute_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor__gte", 0), ("consumed_minor__gte", 0)),
                        name="dispute_not_negative",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LimitChange",
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
                (
                    "shop",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="shops.shop",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("owner", "owner"),
                            ("manager", "manager"),
                            ("agent", "agent"),
                            ("warehouse", "warehouse"),
                            ("accountant", "accountant"),
                            ("read_only", "read_only"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("refund", "refund"),
                            ("order", "order"),
                            ("shopper", "shopper"),
                            ("day", "day"),
                        ],
                        max_length=12,
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                ("amount_minor", models.BigIntegerField(null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="shops.staff",
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("is_granted", models.BooleanField(null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="shops.staff",
                    ),
                ),
                ("answered_at", models.DateTimeField(null=True)),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("shop", "id"), name="refunds_limitchange_of_shop"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount_minor__isnull", True),
                            ("amount_minor__gte", 0),
                            _connector="OR",
                        ),
                        name="limit_change_positive",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_granted__isnull", True),
                            ("is_granted", False),
                            models.Q(("answered_by", models.F("asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="limit_change_by_two",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_granted__isnull", True)),
                        fields=("shop", "role", "kind", "currency"),
                        name="limit_change_one_open",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MoneyLimit",
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
                (
                    "shop",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="shops.shop",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("owner", "owner"),
                            ("manager", "manager"),
                            ("agent", "agent"),
                            ("warehouse", "warehouse"),
                            ("accountant", "accountant"),
                            ("read_only", "read_only"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("refund", "refund"),
                            ("order", "order"),
                            ("shopper", "shopper"),
                            ("day", "day"),
                        ],
                        max_length=12,
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                ("amount_minor", models.BigIntegerField()),
                ("changed_at", models.DateTimeField()),
                ("changed_by", models.CharField(max_length=120)),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("shop", "id"), name="refunds_moneylimit_of_shop"
                    ),
                    models.UniqueConstraint(
                        fields=("shop", "role", "kind", "currency"), name="money_limit_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor__gte", 0)), name="money_limit_positive"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PayoutHold",
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
                (
                    "shop",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="shops.shop",
                    ),
                ),
                ("provider", models.CharField(max_length=30)),
                ("since", models.DateTimeField()),
                ("set_at", models.DateTimeField()),
                ("lifted_at", models.DateTimeField(null=True)),
                ("lifted_by", models.CharField(blank=True, max_length=120)),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("shop", "id"), name="refunds_payouthold_of_shop"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at__isnull", True)),
                        fields=("shop", "provider"),
                        name="payout_hold_one_open",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProviderEvent",
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
                (
                    "shop",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="shops.shop",
                    ),
                ),
                ("provider", models.CharField(max_length=30)),
                ("event_id", models.CharField(max_length=120)),
                ("body", models.TextField()),
                ("payment_reference", models.CharField(blank=True, max_length=200)),
                ("reference", models.CharField(blank=True, max_length=120)),
                ("told", models.JSONField(default=dict)),
                ("received_at", models.DateTimeField()),
                ("applied_at", models.DateTimeField(null=True)),
                ("result", models.CharField(blank=True, max_length=60)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("next_try_at", models.DateTimeField(null=True)),
                ("put_aside_by", models.CharField(blank=True, max_length=120)),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("next_try_at__isnull", False)),
                        fields=["next_try_at"],
                        name="provider_event_to_try",
                    ),
                    models.Index(
                        condition=models.Q(("result", "applied"), _negated=True),
                        fields=["shop", "received_at", "id"],
                        name="provider_event_without_effect",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("shop", "id"), name="refunds_providerevent_of_shop"
                    ),
                    models.UniqueConstraint(
                        fields=("shop", "provider", "event_id"), name="provider_event_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReconciliationReport",
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
                (
                    "shop",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="shops.shop",
                    ),
                ),
                ("provider", models.CharField(max_length=30)),
                ("day", models.DateField()),
                ("currency", models.CharField(max_length=3)),
                ("was_asked", models.BooleanField()),
                ("ours_count", models.PositiveIntegerField(default=0)),
                ("ours_minor", models.BigIntegerField(default=0)),
                ("theirs_count", models.PositiveIntegerField(null=True)),
                ("theirs_minor", models.BigIntegerField(null=True)),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("shop", "id"), name="refunds_reconciliationreport_of_shop"
                    ),
                    models.UniqueConstraint(
                        fields=("shop", "day", "provider", "currency"),
                        name="reconciliation_report_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ours_minor__gte", 0),
                            models.Q(
                                ("theirs_minor__isnull", True),
                                ("theirs_minor__gte", 0),
                                _connector="OR",
                            ),
                        ),
                        name="reconciliation_report_sums",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("theirs_count__isnull", True),
                                ("theirs_minor__isnull", True),
                                ("was_asked", False),
                            ),
                            models.Q(
                                ("theirs_count__isnull", False),
                                ("theirs_minor__isnull", False),
                                ("was_asked", True),
                            ),
                            _connector="OR",
                        ),
                        name="reconciliation_report_asked",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Settlement",
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
                (
                    "shop",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="shops.shop",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="settlements",
                        to="orders.order",
                    ),
                ),
                (
                    "rma",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="settlements",
                        to="returns.return",
                    ),
                ),
                ("origin", models.CharField(max_length=10)),
                ("currency", models.CharField(max_length=3)),
                ("gross_minor", models.BigIntegerField()),
                ("tax_minor", models.BigIntegerField(default=0)),
                ("kept_minor", models.BigIntegerField(default=0)),
                ("breakdown", models.JSONField(default=dict)),
                ("outside_document", models.CharField(blank=True, max_length=40)),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("tells_shopper", models.BooleanField(default=True)),
                ("request_key", models.CharField(max_length=80, null=True)),
                ("decided_by", models.CharField(max_length=120)),
                (
                    "decided_by_staff",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="settlements",
                        to="shops.staff",
                    ),
                ),
                ("decided_at", models.DateTimeField()),
                ("called_off_at", models.DateTimeField(null=True)),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(fields=["shop", "order"], name="settlement_by_order"),
                    models.Index(fields=["shop", "rma"], name="settlement_by_return"),
                    models.Index(
                        condition=models.Q(("decided_by_staff__isnull", False)),
                        fields=["shop", "decided_by_staff", "decided_at"],
                        name="settlement_by_staff",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("shop", "id"), name="refunds_settlement_of_shop"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("gross_minor__gte", 0), ("kept_minor__gte", 0), ("tax_minor__gte", 0)
                        ),
                        name="settlement_not_negative",
                    ),
                    models.UniqueConstraint(
                        fields=("shop", "request_key"), name="settlement_asked_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Approval",
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
                (
                    "shop",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="shops.shop",
                    ),
                ),
                (
                    "settlement",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="approvals",
                        to="refunds.settlement",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("refund", "refund"),
                            ("order", "order"),
                            ("shopper", "shopper"),
                            ("day", "day"),
                        ],
                        max_length=12,
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                ("limit_minor", models.BigIntegerField()),
                ("sum_minor", models.BigIntegerField()),
                (
                    "asked_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="shops.staff",
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("is_granted", models.BooleanField(null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="shops.staff",
                    ),
                ),
                ("answered_at", models.DateTimeField(null=True)),
                ("note", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("shop", "id"), name="refunds_approval_of_shop"),
                    models.UniqueConstraint(fields=("shop", "settlement"), name="approval_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("limit_minor__gte", 0), ("sum_minor__gt", models.F("limit_minor"))
                        ),
                        name="approval_above_limit",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_granted__isnull", True),
                            ("is_granted", False),
                            models.Q(("answered_by", models.F("asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="approval_by_two",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Consent",
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
                (
                    "shop",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="shops.shop",
                    ),
                ),
                (
                    "settlement",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consents",
                        to="refunds.settlement",
                    ),
                ),
                ("way", models.CharField(max_length=30)),
                ("currency", models.CharField(max_length=3)),
                ("money_minor", models.BigIntegerField()),
                ("offered_minor", models.BigIntegerField()),
                ("channel", models.CharField(max_length=10)),
                ("given_by", models.CharField(max_length=254)),
                ("noted_by", models.CharField(max_length=120)),
                ("given_at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(fields=["shop", "settlement"], name="consent_by_settlement")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("shop", "id"), name="refunds_consent_of_shop"),
                    models.CheckConstraint(
                        condition=models.Q(("money_minor__gt", 0), ("offered_minor__gte", 0)),
                        name="consent_positive",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OutsideRefund",
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
                (
                    "shop",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="shops.shop",
                    ),
                ),
                (
                    "payment",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="outside_refunds",
                        to="orders.payment",
                    ),
                ),
                ("provider", models.CharField(max_length=30)),
                ("payment_reference", models.CharField(blank=True, max_length=200)),
                ("provider_reference", models.CharField(max_length=120)),
                ("lost_refund_id", models.UUIDField(null=True)),
                ("currency", models.CharField(max_length=3)),
                ("amount_minor", models.BigIntegerField()),
                ("made_at", models.DateTimeField(null=True)),
                ("found_at", models.DateTimeField()),
                (
                    "found_by",
                    models.CharField(choices=[("hook", "hook"), ("pull", "pull")], max_length=4),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("assigned", "assigned"),
                            ("left", "left"),
                            ("gone", "gone"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "settlement",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="outside_refunds",
                        to="refunds.settlement",
                    ),
                ),
                ("decided_by", models.CharField(blank=True, max_length=120)),
                ("decided_at", models.DateTimeField(null=True)),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("payment__isnull", False)),
                        fields=["shop", "payment", "state"],
                        name="outside_refund_by_payment",
                    ),
                    models.Index(
                        condition=models.Q(("payment__isnull", True)),
                        fields=["shop", "provider", "payment_reference"],
                        name="outside_refund_of_nobody",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("shop", "id"), name="refunds_outsiderefund_of_shop"
                    ),
                    models.UniqueConstraint(
                        fields=("shop", "provider", "provider_reference"),
                        name="outside_refund_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor__gte", 0)),
                        name="outside_refund_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "assigned"), _negated=True),
                            ("settlement__isnull", False),
                            _connector="OR",
                        ),
                        name="outside_refund_assigned_to_something",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Refund",
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
                (
                    "shop",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="shops.shop",
                    ),
                ),
                (
                    "settlement",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="refunds",
                        to="refunds.settlement",
                    ),
                ),
                (
                    "payment",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="refunds",
                        to="orders.payment",
                    ),
                ),
                ("provider", models.CharField(blank=True, max_length=30)),
                ("destination", models.CharField(blank=True, max_length=200)),
                ("currency", models.CharField(max_length=3)),
                ("amount_minor", models.BigIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("reserved", "reserved"),
                            ("sending", "sending"),
                            ("unknown", "unknown"),
                            ("pending", "pending"),
                            ("requires_action", "requires_action"),
                            ("succeeded", "succeeded"),
                            ("failed", "failed"),
                            ("failed_late", "failed_late"),
                            ("cancelled", "cancelled"),
                        ],
                        max_length=16,
                    ),
                ),
                ("generation", models.PositiveSmallIntegerField(default=0)),
                ("lease_token", models.UUIDField(null=True)),
                ("next_check_at", models.DateTimeField(null=True)),
                ("needs_person", models.BooleanField(default=False)),
                ("provider_reference", models.CharField(blank=True, max_length=120)),
                ("bank_reference", models.CharField(blank=True, max_length=60)),
                ("failure_code", models.CharField(blank=True, max_length=60)),
                ("is_outside", models.BooleanField(default=False)),
                ("handled_by", models.CharField(blank=True, max_length=120)),
                ("paid_on", models.DateField(null=True)),
                ("started_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(null=True)),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(fields=["shop", "settlement"], name="refund_by_settlement"),
                    models.Index(fields=["shop", "payment"], name="refund_by_payment"),
                    models.Index(
                        fields=["shop", "provider", "started_at"], name="refund_by_provider"
                    ),
                    models.Index(
                        condition=models.Q(("provider_reference", ""), _negated=True),
                        fields=["shop", "provider", "provider_reference"],
                        name="refund_by_their_name",
                    ),
                    models.Index(
                        condition=models.Q(("next_check_at__isnull", False)),
                        fields=["next_check_at"],
                        name="refund_to_check",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("shop", "id"), name="refunds_refund_of_shop"),
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor__gt", 0)), name="refund_positive"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            models.Q(("provider_reference", ""), _negated=True), ("handled_by", "")
                        ),
                        fields=("shop", "payment", "provider", "provider_reference"),
                        name="refund_provider_reference_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SettlementCharge",
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
                (
                    "shop",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="shops.shop",
                    ),
                ),
                (
                    "settlement",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="charges",
                        to="refunds.settlement",
                    ),
                ),
                (
                    "charge",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="settlement_charges",
                        to="orders.ordercharge",
                    ),
                ),
                ("gross_minor", models.BigIntegerField()),
                ("tax_minor", models.BigIntegerField(default=0)),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("shop", "id"), name="refunds_settlementcharge_of_shop"
                    ),
                    models.UniqueConstraint(
                        fields=("shop", "settlement", "charge"), name="settlement_charge_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("tax_minor__gte", 0), ("tax_minor__lte", models.F("gross_minor"))
                            ),
                            models.Q(
                                ("tax_minor__gte", models.F("gross_minor")), ("tax_minor__lte", 0)
                            ),
                            _connector="OR",
                        ),
                        name="settlement_charge_tax_within_gross",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SettlementLine",
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
                (
                    "shop",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="shops.shop",
                    ),
                ),
                (
                    "settlement",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="refunds.settlement",
                    ),
                ),
                (
                    "order_line",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="settlement_lines",
                        to="orders.orderline",
                    ),
                ),
                ("quantity", models.PositiveIntegerField()),
                ("gross_minor", models.BigIntegerField()),
                ("tax_minor", models.BigIntegerField(default=0)),
                ("taxes", models.JSONField(default=dict)),
                ("restocked_quantity", models.PositiveIntegerField(default=0)),
                ("restocked_at", models.CharField(blank=True, max_length=60)),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(fields=["shop", "order_line"], name="settlement_line_by_line")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("shop", "id"), name="refunds_settlementline_of_shop"
                    ),
                    models.UniqueConstraint(
                        fields=("shop", "settlement", "order_line"), name="settlement_line_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("tax_minor__gte", 0), ("tax_minor__lte", models.F("gross_minor"))
                        ),
                        name="settlement_line_tax_within_gross",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("restocked_quantity__lte", models.F("quantity"))),
                        name="settlement_line_restock",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attempt",
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
                (
                    "shop",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="shops.shop",
                    ),
                ),
                (
                    "refund",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attempts",
                        to="refunds.refund",
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("kind", models.CharField(max_length=8)),
                ("idempotency_key", models.CharField(max_length=80)),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("outcome", models.CharField(blank=True, max_length=16)),
                ("detail", models.CharField(blank=True, max_length=500)),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("shop", "id"), name="refunds_attempt_of_shop"),
                    models.UniqueConstraint(
                        fields=("shop", "refund", "number"), name="attempt_number"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Discrepancy",
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
                (
                    "shop",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="shops.shop",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="discrepancies",
                        to="refunds.reconciliationreport",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("ours_only", "ours_only"),
                            ("theirs_only", "theirs_only"),
                            ("amount", "amount"),
                            ("state", "state"),
                        ],
                        max_length=12,
                    ),
                ),
                ("subject", models.CharField(max_length=120)),
                (
                    "refund",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="discrepancies",
                        to="refunds.refund",
                    ),
                ),
                (
                    "outside",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="discrepancies",
                        to="refunds.outsiderefund",
                    ),
                ),
                ("payment_reference", models.CharField(blank=True, max_length=200)),
                ("ours_minor", models.BigIntegerField(default=0)),
                ("theirs_minor", models.BigIntegerField(default=0)),
                ("ours_state", models.CharField(blank=True, max_length=16)),
                ("theirs_state", models.CharField(blank=True, max_length=16)),
                ("found_at", models.DateTimeField()),
                ("is_current", models.BooleanField(default=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("closed_by", models.CharField(blank=True, max_length=120)),
                ("explanation", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=["shop", "found_at", "id"],
                        name="discrepancy_open",
                    ),
                    models.Index(
                        condition=models.Q(("outside__isnull", False)),
                        fields=["shop", "outside"],
                        name="discrepancy_by_outside",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("shop", "id"), name="refunds_discrepancy_of_shop"
                    ),
                    models.UniqueConstraint(
                        fields=("shop", "report", "kind", "subject"), name="discrepancy_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ours_minor__gte", 0), ("theirs_minor__gte", 0)),
                        name="discrepancy_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_at__isnull", True),
                            ("closed_at__gte", models.F("found_at")),
                            _connector="OR",
                        ),
                        name="discrepancy_closed_after_found",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MoneyTask",
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
                (
                    "shop",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="shops.shop",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("failed", "failed"),
                            ("unclear", "unclear"),
                            ("no_way", "no_way"),
                            ("by_hand", "by_hand"),
                            ("approval", "approval"),
                            ("dispute", "dispute"),
                            ("blocked", "blocked"),
                            ("outside", "outside"),
                        ],
                        max_length=12,
                    ),
                ),
                ("subject", models.UUIDField()),
                (
                    "order",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="money_tasks",
                        to="orders.order",
                    ),
                ),
                (
                    "rma",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="money_tasks",
                        to="returns.return",
                    ),
                ),
                (
                    "settlement",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="refunds.settlement",
                    ),
                ),
                (
                    "refund",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="refunds.refund",
                    ),
                ),
                ("facts", models.JSONField(default=dict)),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                ("closed_by", models.CharField(blank=True, max_length=120)),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=["shop", "opened_at", "id"],
                        name="money_task_open",
                    ),
                    models.Index(fields=["shop", "order"], name="money_task_by_order"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("shop", "id"), name="refunds_moneytask_of_shop"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=("shop", "kind", "subject"),
                        name="money_task_one_open",
                    ),
                ],
            },
        ),
    ]
