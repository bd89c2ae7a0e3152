"""Migrations that can be applied while the version before still works."""

import pytest
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from tests.house.migrations import breaches

# The newest migration of each room that no released version came before: nobody upgrades across it.
# Until the first release a migration may be entered here; from then on it has to keep the rule.
BEFORE = {
    "duties": 3,
    "exchanges": 2,
    "machines": 3,
    "orders": 3,
    "policies": 2,
    "products": 3,
    "refunds": 2,
    "returns": 9,
    "shipping": 6,
    "shoppers": 3,
    "shops": 5,
    "warehouse": 3,
}


def ours() -> list[migrations.Migration]:
    """Migrations of our rooms that came after the rule."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return [
        one
        for (room, name), one in sorted(loader.disk_migrations.items())
        if type(one).__module__.startswith("rebond.") and int(name[:4]) > BEFORE.get(room, 1)
    ]


def test_every_migration_expands_or_says_since_when_nothing_old_needs_it():
    found = [breach for migration in ours() for breach in breaches(migration)]

    assert found == [], (
        "old processes write while this is applied: add columns with null=True or db_default; what "
        'takes away goes into a later version, with contracts = "why nothing old needs it" in its '
        "class. See docs/guides/migrations.md. Before the first release: raise the room in BEFORE"
    )


def planted(*steps: migrations.operations.base.Operation, **more: str) -> list[str]:
    made = migrations.Migration("0099_planted", "returns")
    made.operations = list(steps)
    for name, value in more.items():
        setattr(made, name, value)
    return list(breaches(made))


@pytest.mark.parametrize(
    "step",
    [
        migrations.RemoveField("return", "number"),
        migrations.DeleteModel("Return"),
        migrations.RenameField("return", "number", "rma"),
        migrations.RenameModel("Return", "Rma"),
        migrations.AlterModelTable("return", "elsewhere"),
        migrations.AddField("return", "colour", models.CharField(max_length=10, default="")),
        migrations.AlterField("return", "number", models.CharField(max_length=2)),
        migrations.AddConstraint(
            "return", models.CheckConstraint(condition=models.Q(number="1"), name="x")
        ),
        migrations.RunSQL("DROP TABLE returns_return"),
    ],
    ids=lambda step: type(step).__name__,
)
def test_a_step_that_stops_old_processes_is_found_unless_it_is_marked(step):
    assert len(planted(step)) == 1
    assert planted(step, contracts="0.4 stopped writing it") == []
    assert len(planted(step, contracts=" ")) == 1


@pytest.mark.parametrize(
    "step",
    [
        migrations.CreateModel("Colour", [("id", models.UUIDField(primary_key=True))]),
        migrations.AddField("return", "colour", models.CharField(max_length=10, null=True)),
        migrations.AddField("return", "colour", models.CharField(max_length=10, db_default="")),
        migrations.AddIndex("return", models.Index(fields=["number"], name="x")),
    ],
    ids=lambda step: type(step).__name__,
)
def test_a_step_that_only_adds_is_let_through(step):
    assert planted(step) == []


def test_a_rule_for_a_table_of_the_same_migration_is_let_through():
    table = migrations.CreateModel("Colour", [("id", models.UUIDField(primary_key=True))])
    rule = models.CheckConstraint(condition=models.Q(id__isnull=False), name="x")

    assert planted(table, migrations.AddConstraint("colour", rule)) == []
