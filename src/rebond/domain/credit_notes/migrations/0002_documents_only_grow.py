from django.db import migrations

from rebond.kernel.append_only import only_grows


class Migration(migrations.Migration):
    dependencies = [("credit_notes", "0001_initial")]

    operations = [
        only_grows("credit_notes_creditnote"),
        only_grows("credit_notes_creditnotefile"),
    ]
