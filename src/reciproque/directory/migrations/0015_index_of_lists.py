"""The index on disk also serves lists: those made before hold less, and wait for the next night."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0014_swift_search"),
    ]

    operations = [
        migrations.RunSQL("UPDATE directory_searchindex SET ready = false", migrations.RunSQL.noop),
    ]
