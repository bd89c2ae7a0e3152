from django.db import migrations

from rebond.kernel.append_only import only_grows

FUNCTION = """
CREATE FUNCTION rebond_entries_balance() RETURNS trigger AS $$
BEGIN
    IF (SELECT sum(amount_minor) FROM ledger_entry
        WHERE shop_id = NEW.shop_id AND transaction_id = NEW.transaction_id) <> 0 THEN
        RAISE EXCEPTION 'the entries of transaction % do not sum to zero', NEW.transaction_id;
    END IF;
    RETURN NULL;
END;
$$ LANGUAGE plpgsql;
"""
TRIGGER = """
CREATE CONSTRAINT TRIGGER ledger_entry_balances AFTER INSERT ON ledger_entry
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION rebond_entries_balance();
"""


def demand_balance(apps, editor):
    """At commit, on PostgreSQL; SQLite has no such triggers and relies on `books.book` alone."""
    if editor.connection.vendor == "postgresql":
        editor.execute(FUNCTION, params=None)
        editor.execute(TRIGGER, params=None)


def forget_balance(apps, editor):
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP TRIGGER ledger_entry_balances ON ledger_entry", params=None)
        editor.execute("DROP FUNCTION rebond_entries_balance()", params=None)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [
        only_grows("ledger_transaction"),
        only_grows("ledger_entry"),
        migrations.RunPython(demand_balance, forget_balance),
    ]
