"""The index of positions by partner alone is taken away: another begins with it."""

import django.db.models.deletion
from django.db import migrations, models

NAME = "directory_position_partner_id_caab1a74"


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0016_index_of_filters"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    "position",
                    "partner",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="positions",
                        to="directory.partner",
                        verbose_name="partenaire",
                    ),
                ),
            ],
            database_operations=[
                migrations.RunSQL(
                    f"DROP INDEX IF EXISTS {NAME}", f"CREATE INDEX {NAME} ON directory_position (partner_id)"
                ),
            ],
        ),
    ]
