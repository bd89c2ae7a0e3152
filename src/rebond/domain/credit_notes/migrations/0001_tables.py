import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

import rebond.kernel.ids
from rebond.kernel.append_only import only_grows


class Migration(migrations.Migration):
    replaces = [
        ("credit_notes", "0001_initial"),
        ("credit_notes", "0002_documents_only_grow"),
        ("credit_notes", "0003_lines_drafts_files"),
        ("credit_notes", "0004_lines_of_earlier_documents"),
    ]

    initial = True

    dependencies = [
        ("orders", "0001_tables"),
        ("refunds", "0001_tables"),
        ("shops", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Bookkeeping",
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
                ("accounts", models.JSONField(default=dict)),
                ("company_size", models.CharField(blank=True, max_length=8)),
                ("is_oss", models.BooleanField(default=False)),
                ("platform", models.CharField(default="download", max_length=30)),
                ("heads_email", models.EmailField(blank=True, max_length=254)),
                ("heads_url", models.URLField(blank=True, max_length=500)),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("shop", "id"), name="credit_notes_bookkeeping_of_shop"
                    ),
                    models.UniqueConstraint(fields=("shop",), name="bookkeeping_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="CreditNote",
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
                            ("credit_note", "Credit Note"),
                            ("refund_voucher", "Refund Voucher"),
                        ],
                        max_length=16,
                    ),
                ),
                ("series", models.CharField(max_length=40)),
                ("number", models.PositiveBigIntegerField()),
                ("label", models.CharField(max_length=35)),
                (
                    "order",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="credit_notes",
                        to="orders.order",
                    ),
                ),
                (
                    "settlement",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="credit_notes",
                        to="refunds.settlement",
                    ),
                ),
                ("buyer_kind", models.CharField(blank=True, max_length=16)),
                ("invoice_number", models.CharField(blank=True, max_length=40)),
                ("invoice_date", models.DateField(null=True)),
                ("language", models.CharField(max_length=10)),
                ("currency", models.CharField(max_length=3)),
                ("net_minor", models.BigIntegerField()),
                ("tax_minor", models.BigIntegerField()),
                ("gross_minor", models.BigIntegerField()),
                ("content", models.JSONField()),
                ("issued_on", models.DateField()),
                ("issued_at", models.DateTimeField()),
                ("previous_hash", models.CharField(blank=True, max_length=64)),
                ("hash", models.CharField(max_length=64)),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(fields=["shop", "order"], name="credit_note_by_order"),
                    models.Index(fields=["shop", "-issued_at", "-id"], name="credit_note_newest"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("shop", "id"), name="credit_notes_creditnote_of_shop"
                    ),
                    models.UniqueConstraint(
                        fields=("shop", "series", "number"), name="credit_note_number_once"
                    ),
                    models.UniqueConstraint(
                        fields=("shop", "label"), name="credit_note_label_once"
                    ),
                    models.UniqueConstraint(fields=("shop", "settlement"), name="credit_note_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "gross_minor",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("net_minor"), "+", models.F("tax_minor")
                                ),
                            )
                        ),
                        name="credit_note_adds_up",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("gross_minor__gte", 0), ("number__gt", 0)),
                        name="credit_note_positive",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "refund_voucher"),
                            models.Q(("invoice_number", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="credit_note_names_its_invoice",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CreditRoom",
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
                        related_name="+",
                        to="orders.order",
                    ),
                ),
                (
                    "order_line",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orders.orderline",
                    ),
                ),
                (
                    "charge",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orders.ordercharge",
                    ),
                ),
                ("limit_minor", models.BigIntegerField()),
                ("credited_minor", models.BigIntegerField(default=0)),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("shop", "id"), name="credit_notes_creditroom_of_shop"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("charge", None), ("order_line", None)),
                        fields=("shop", "order"),
                        name="credit_room_of_order",
                    ),
                    models.UniqueConstraint(
                        fields=("shop", "order", "order_line"), name="credit_room_of_line"
                    ),
                    models.UniqueConstraint(
                        fields=("shop", "order", "charge"), name="credit_room_of_charge"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("credited_minor__gte", 0),
                            ("credited_minor__lte", models.F("limit_minor")),
                        ),
                        name="credits_at_most_invoice",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WithoutDocument",
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
                        related_name="without_document",
                        to="refunds.settlement",
                    ),
                ),
                ("reason", models.CharField(max_length=500)),
                ("by", models.CharField(max_length=120)),
                ("at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("shop", "id"), name="credit_notes_withoutdocument_of_shop"
                    ),
                    models.UniqueConstraint(
                        fields=("shop", "settlement"), name="without_document_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CreditNoteDraft",
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
                        related_name="credit_note_drafts",
                        to="orders.order",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("issued", "Issued"),
                            ("discarded", "Discarded"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(max_length=500)),
                ("language", models.CharField(max_length=10)),
                ("sends_letter", models.BooleanField(default=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "credit_note",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="drafts",
                        to="credit_notes.creditnote",
                    ),
                ),
                ("made_by", models.CharField(max_length=120)),
                ("made_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(fields=["shop", "order"], name="draft_by_order"),
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["shop", "-changed_at", "-id"],
                        name="draft_open_newest",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("shop", "id"), name="credit_notes_creditnotedraft_of_shop"
                    ),
                    models.UniqueConstraint(
                        fields=("shop", "credit_note"), name="draft_issued_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("credit_note__isnull", False), ("state", "issued")),
                            models.Q(
                                models.Q(("state", "issued"), _negated=True), ("credit_note", None)
                            ),
                            _connector="OR",
                        ),
                        name="draft_issued_has_document",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CreditNoteFile",
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
                    "credit_note",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="credit_notes.creditnote",
                    ),
                ),
                ("file", models.CharField(max_length=200)),
                ("sha256", models.CharField(max_length=64)),
                ("xml", models.CharField(blank=True, max_length=200)),
                ("xml_sha256", models.CharField(blank=True, max_length=64)),
                ("checks", models.JSONField(default=list)),
                ("findings", models.JSONField(default=list)),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("shop", "id"), name="credit_notes_creditnotefile_of_shop"
                    ),
                    models.UniqueConstraint(
                        fields=("shop", "credit_note"), name="credit_note_file_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CreditNoteLine",
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
                    "credit_note",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="credit_notes.creditnote",
                    ),
                ),
                (
                    "order_line",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="credit_note_lines",
                        to="orders.orderline",
                    ),
                ),
                (
                    "charge",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="credit_note_lines",
                        to="orders.ordercharge",
                    ),
                ),
                ("quantity", models.PositiveIntegerField(default=0)),
                ("gross_minor", models.BigIntegerField()),
                ("tax_minor", models.BigIntegerField(default=0)),
                ("taxes", models.JSONField(default=dict)),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(fields=["shop", "order_line"], name="credit_note_line_by_line"),
                    models.Index(fields=["shop", "charge"], name="credit_note_line_by_charge"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("shop", "id"), name="credit_notes_creditnoteline_of_shop"
                    ),
                    models.UniqueConstraint(
                        fields=("shop", "credit_note", "order_line"), name="credit_note_line_once"
                    ),
                    models.UniqueConstraint(
                        fields=("shop", "credit_note", "charge"), name="credit_note_charge_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("order_line", None), ("charge", None), _connector="XOR"
                        ),
                        name="credit_note_line_of_one",
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
                        name="credit_note_line_tax_within_gross",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Transmission",
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
                    "credit_note",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transmissions",
                        to="credit_notes.creditnote",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Waiting"), ("handed_over", "Handed Over")],
                        default="waiting",
                        max_length=12,
                    ),
                ),
                ("due_since", models.DateField()),
                ("is_due", models.BooleanField()),
                ("platform", models.CharField(blank=True, max_length=30)),
                ("reference", models.CharField(blank=True, max_length=200)),
                ("problem", models.CharField(blank=True, max_length=300)),
                ("handed_by", models.CharField(blank=True, max_length=120)),
                ("handed_at", models.DateTimeField(null=True)),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["shop", "state"], name="transmission_by_state")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("shop", "id"), name="credit_notes_transmission_of_shop"
                    ),
                    models.UniqueConstraint(
                        fields=("shop", "credit_note"), name="transmission_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("handed_at", None), ("state", "waiting")),
                            models.Q(("handed_at__isnull", False), ("state", "handed_over")),
                            _connector="OR",
                        ),
                        name="transmission_says_when",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DraftLine",
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
                    "draft",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="credit_notes.creditnotedraft",
                    ),
                ),
                (
                    "order_line",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orders.orderline",
                    ),
                ),
                (
                    "charge",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orders.ordercharge",
                    ),
                ),
                ("quantity", models.PositiveIntegerField(default=0)),
                ("gross_minor", models.BigIntegerField()),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("shop", "id"), name="credit_notes_draftline_of_shop"
                    ),
                    models.UniqueConstraint(
                        fields=("shop", "draft", "order_line"), name="draft_line_once"
                    ),
                    models.UniqueConstraint(
                        fields=("shop", "draft", "charge"), name="draft_charge_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("order_line", None), ("charge", None), _connector="XOR"
                        ),
                        name="draft_line_of_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("gross_minor__gt", 0)), name="draft_line_positive"
                    ),
                ],
            },
        ),
        only_grows("credit_notes_creditnote"),
        only_grows("credit_notes_creditnotefile"),
        only_grows("credit_notes_creditnoteline"),
        only_grows("credit_notes_withoutdocument"),
    ]
