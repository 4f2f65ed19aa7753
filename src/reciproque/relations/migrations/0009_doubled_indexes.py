"""Indexes of one column that others begin with are taken away, some 600 MB of a million partners; what the board lists has its own."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Unindexed(migrations.AlterField):
    """A foreign key loses the index of its own. Django would also take its constraint away and check every row of the table anew."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Drop the index, nothing else."""
        model = from_state.apps.get_model(app_label, self.model_name)
        column, declared = model._meta.get_field(self.name).column, {one.name for one in model._meta.indexes}
        found = schema_editor._constraint_names(model, [column], index=True, type_=models.Index.suffix, exclude=declared)
        for name in found:
            schema_editor.execute(schema_editor._delete_index_sql(model, name))

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Make it again."""
        model = to_state.apps.get_model(app_label, self.model_name)
        schema_editor.execute(schema_editor._create_index_sql(model, fields=[model._meta.get_field(self.name)]))


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0014_swift_search'),
        ('institution', '0005_identity'),
        ('relations', '0008_invitations'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(model_name='pulse', name='pulse_by_state'),
        Unindexed('collaboration', 'author', models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='auteur')),
        Unindexed('collaboration', 'dispositif', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='relations.dispositif', verbose_name='dispositif')),
        Unindexed('collaboration', 'partner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.partner', verbose_name='partenaire')),
        Unindexed('collaboration', 'unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='institution.unit', verbose_name='entité')),
        Unindexed('collaborationreader', 'collaboration', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='readers', to='relations.collaboration', verbose_name='collaboration')),
        Unindexed('collaborationreader', 'user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='lecteur')),
        Unindexed('interaction', 'author', models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='auteur')),
        Unindexed('interaction', 'partner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.partner', verbose_name='partenaire')),
        Unindexed('interaction', 'unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='institution.unit', verbose_name='entité')),
        Unindexed('interactioncolleague', 'interaction', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='colleagues', to='relations.interaction', verbose_name='échange')),
        Unindexed('interactioncolleague', 'user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='collègue')),
        Unindexed('interactionperson', 'interaction', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='people', to='relations.interaction', verbose_name='échange')),
        Unindexed('interactionreader', 'interaction', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='readers', to='relations.interaction', verbose_name='échange')),
        Unindexed('interactionreader', 'user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='lecteur')),
        Unindexed('need', 'author', models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='auteur')),
        Unindexed('need', 'partner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.partner', verbose_name='partenaire')),
        Unindexed('need', 'unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='institution.unit', verbose_name='entité')),
        Unindexed('needreader', 'need', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='readers', to='relations.need', verbose_name='besoin')),
        Unindexed('needreader', 'user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='lecteur')),
        Unindexed('solicitation', 'author', models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='auteur')),
        Unindexed('solicitation', 'partner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.partner', verbose_name='partenaire')),
        Unindexed('solicitation', 'unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='institution.unit', verbose_name='entité')),
        migrations.AddIndex(
            model_name='need',
            index=models.Index(fields=['author'], name='need_by_author'),
        ),
        migrations.AddIndex(
            model_name='pulse',
            index=models.Index(fields=['state', 'lapses_on', 'partner'], name='pulse_by_state'),
        ),
        migrations.AddIndex(
            model_name='pulse',
            index=models.Index(condition=models.Q(('state__in', ('new', 'alive', 'fragile', 'to_revive'))), fields=['lapses_on', 'partner', 'balance', 'outside', 'inside'], name='pulse_living'),
        ),
        migrations.AddIndex(
            model_name='solicitation',
            index=models.Index(fields=['unit'], name='solicitation_by_unit'),
        ),
        migrations.AddIndex(
            model_name='solicitation',
            index=models.Index(fields=['author'], name='solicitation_by_author'),
        ),
    ]
