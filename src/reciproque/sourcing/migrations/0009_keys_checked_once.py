import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("directory", "0001_initial"), ("sourcing", "0008_asked_pairs")]
    operations = [
        migrations.AlterField(
            model_name="matchkey",
            name="partner",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="directory.partner",
            ),
        ),
        migrations.AlterField(
            model_name="importeffect",
            name="import_run",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="effects",
                to="sourcing.import",
            ),
        ),
        # No key without its mark: what is written for a partner never marked is written without looking.
        migrations.RunSQL(
            "DELETE FROM sourcing_matchkey held WHERE NOT EXISTS "
            "(SELECT 1 FROM sourcing_keyedpartner mark WHERE mark.partner_id = held.partner_id)",
            migrations.RunSQL.noop,
        ),
    ]
