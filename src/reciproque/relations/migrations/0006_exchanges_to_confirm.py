
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0014_swift_search'),
        ('institution', '0005_identity'),
        ('relations', '0005_leaner_indexes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='interaction',
            index=models.Index(condition=models.Q(('state', 'planned')), fields=['author', 'on', 'id'], name='interaction_to_confirm'),
        ),
    ]
