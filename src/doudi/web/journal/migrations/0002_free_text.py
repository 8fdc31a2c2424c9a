"""What was called ``Words`` is called ``FreeText``; its table keeps its name, so nothing is written.

It comes after every migration that refers to the old name.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("doudi_journal", "0001_first_tables"),
        ("doudi_backstop", "0001_first_tables"),
        ("doudi_disputes", "0004_interim_carrier"),
        ("doudi_looks", "0001_first_tables"),
        ("doudi_matters", "0007_dangers"),
        ("doudi_reports", "0001_first_tables"),
        ("doudi_rulebook", "0002_drafts"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameModel("Words", "FreeText"),
                migrations.AlterModelTable("FreeText", "doudi_journal_words"),
            ]
        )
    ]
