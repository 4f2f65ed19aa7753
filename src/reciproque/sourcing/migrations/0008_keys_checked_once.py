import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("directory", "0001_initial"), ("sourcing", "0007_register_proposals")]
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
    ]
