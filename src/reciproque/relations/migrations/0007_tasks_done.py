
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0014_swift_search'),
        ('institution', '0005_identity'),
        ('relations', '0006_exchanges_to_confirm'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='task',
            index=models.Index(condition=models.Q(('done_at__isnull', False)), fields=['owner', '-done_at'], name='task_done'),
        ),
    ]
