"""One index for the keys of jobs: PostgreSQL had a second one, for searches that nobody makes."""

from django.db import migrations, models


class Migration(migrations.Migration):

    contracts = "the same rule stands before and after"
    dependencies = [
        ("kernel", "0001_tables"),
    ]

    operations = [
        migrations.AlterField(
            model_name="job", name="key", field=models.CharField(max_length=200, null=True)
        ),
        migrations.AddConstraint(
            model_name="job",
            constraint=models.UniqueConstraint(fields=["key"], name="job_key_once"),
        ),
    ]
