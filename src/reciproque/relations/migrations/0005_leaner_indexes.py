
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0014_swift_search'),
        ('institution', '0005_identity'),
        ('relations', '0004_handovers'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='collaboration',
            name='collaboration_by_state',
        ),
        migrations.AlterField(
            model_name='moment',
            name='partner',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='directory.partner', verbose_name='partenaire'),
        ),
        migrations.AlterField(
            model_name='unitpulse',
            name='partner',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='directory.partner', verbose_name='partenaire'),
        ),
        migrations.AddIndex(
            model_name='collaboration',
            index=models.Index(fields=['state', '-moved_on', '-id'], name='collaboration_by_state_day'),
        ),
        migrations.AddIndex(
            model_name='collaboration',
            index=models.Index(fields=['-moved_on', '-id'], name='collaboration_by_day'),
        ),
        migrations.AddIndex(
            model_name='collaboration',
            index=models.Index(fields=['starts_on', 'id'], name='collaboration_by_start'),
        ),
    ]
