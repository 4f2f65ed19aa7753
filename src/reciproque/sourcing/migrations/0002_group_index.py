"""Those of a group are found without reading all the others."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0001_first_tables'),
        ('sourcing', '0001_first_tables'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='keyedpartner',
            index=models.Index(condition=models.Q(('alike__isnull', False)), fields=['alike'], name='keyed_partner_by_group'),
        ),
    ]
