import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('directory', '0003_search_order'),
        ('institution', '0001_initial'),
        ('institution', '__first__'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        migrations.CreateModel(
            name='ImportFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('path', models.CharField(max_length=200, unique=True, verbose_name='emplacement')),
                ('original_name', models.CharField(max_length=250, verbose_name='nom d’origine')),
                ('sha256', models.CharField(max_length=64)),
                ('size', models.PositiveBigIntegerField(verbose_name='taille')),
                ('inspection', models.JSONField(default=dict, verbose_name='contenu')),
                ('uploaded_at', models.DateTimeField(auto_now_add=True, verbose_name='déposé le')),
                ('uploaded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='déposé par')),
            ],
            options={
                'verbose_name': 'fichier importé',
                'verbose_name_plural': 'fichiers importés',
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['sha256'], name='import_file_by_content')],
            },
        ),
        migrations.CreateModel(
            name='MatchKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('family', models.CharField(max_length=16)),
                ('value', models.TextField(db_collation='C')),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='directory.partner')),
            ],
            options={
                'verbose_name': 'clé de rapprochement',
                'indexes': [models.Index(fields=['partner'], name='match_key_by_partner')],
                'constraints': [models.UniqueConstraint(fields=('family', 'value', 'partner'), name='match_key_once')],
            },
        ),
        migrations.CreateModel(
            name='Source',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=60, unique=True, verbose_name='code')),
                ('name', models.CharField(max_length=160, verbose_name='nom')),
                ('kind', models.CharField(choices=[('file', 'fichier d’une entité'), ('register', 'registre officiel')], default='file', max_length=10, verbose_name='nature')),
                ('mapping', models.JSONField(blank=True, editable=False, null=True, verbose_name='correspondance des colonnes')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créée le')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='institution.unit', verbose_name='entité')),
            ],
            options={
                'verbose_name': 'source',
                'verbose_name_plural': 'sources',
                'ordering': ['name', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='source_has_a_name')],
            },
        ),
        migrations.CreateModel(
            name='Import',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sheet', models.CharField(blank=True, max_length=120, verbose_name='feuille')),
                ('options', models.JSONField(default=dict, verbose_name='lecture du fichier')),
                ('mapping', models.JSONField(blank=True, null=True, verbose_name='correspondance des colonnes')),
                ('observed_on', models.DateField(default=django.utils.timezone.localdate, verbose_name='date des données')),
                ('state', models.CharField(choices=[('uploaded', 'à préparer'), ('checking', 'contrôle en cours'), ('checked', 'contrôlé, à valider'), ('running', 'écriture en cours'), ('stopped', 'arrêté'), ('done', 'terminé'), ('undoing', 'annulation en cours'), ('undone', 'annulé'), ('failed', 'en échec')], default='uploaded', editable=False, max_length=10, verbose_name='état')),
                ('total', models.PositiveIntegerField(default=0, verbose_name='lignes')),
                ('done', models.PositiveIntegerField(default=0)),
                ('counts', models.JSONField(default=dict)),
                ('stop_asked', models.BooleanField(default=False)),
                ('problem', models.TextField(blank=True, verbose_name='incident')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créé le')),
                ('moved_at', models.DateTimeField(auto_now=True)),
                ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='terminé le')),
                ('author', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='institution.unit', verbose_name='entité')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='imports', to='sourcing.importfile', verbose_name='fichier')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='imports', to='sourcing.source', verbose_name='source')),
            ],
            options={
                'verbose_name': 'import',
                'verbose_name_plural': 'imports',
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['unit', '-id'], name='import_by_unit')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), ('finished_at__isnull', False), _connector='OR'), name='a_done_import_has_an_end')],
            },
        ),
        migrations.CreateModel(
            name='ImportEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('sheet', models.CharField(blank=True, max_length=120, verbose_name='feuille')),
                ('options', models.JSONField(default=dict, verbose_name='lecture du fichier')),
                ('mapping', models.JSONField(blank=True, null=True, verbose_name='correspondance des colonnes')),
                ('observed_on', models.DateField(default=django.utils.timezone.localdate, verbose_name='date des données')),
                ('state', models.CharField(choices=[('uploaded', 'à préparer'), ('checking', 'contrôle en cours'), ('checked', 'contrôlé, à valider'), ('running', 'écriture en cours'), ('stopped', 'arrêté'), ('done', 'terminé'), ('undoing', 'annulation en cours'), ('undone', 'annulé'), ('failed', 'en échec')], default='uploaded', editable=False, max_length=10, verbose_name='état')),
                ('total', models.PositiveIntegerField(default=0, verbose_name='lignes')),
                ('stop_asked', models.BooleanField(default=False)),
                ('problem', models.TextField(blank=True, verbose_name='incident')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créé le')),
                ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='terminé le')),
                ('author', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='sourcing.import')),
                ('unit', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='institution.unit', verbose_name='entité')),
                ('file', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='sourcing.importfile', verbose_name='fichier')),
                ('source', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='sourcing.source', verbose_name='source')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SourceEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('code', models.SlugField(db_index=False, max_length=60, verbose_name='code')),
                ('name', models.CharField(max_length=160, verbose_name='nom')),
                ('kind', models.CharField(choices=[('file', 'fichier d’une entité'), ('register', 'registre officiel')], default='file', max_length=10, verbose_name='nature')),
                ('mapping', models.JSONField(blank=True, editable=False, null=True, verbose_name='correspondance des colonnes')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créée le')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='sourcing.source')),
                ('unit', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='institution.unit', verbose_name='entité')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SourceRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.PositiveIntegerField(verbose_name='ligne')),
                ('observed_on', models.DateField(verbose_name='date des données')),
                ('cells', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None, verbose_name='cellules')),
                ('corrections', models.JSONField(default=dict, verbose_name='corrections')),
                ('draft', models.JSONField(default=dict)),
                ('problems', models.JSONField(default=list)),
                ('problem_codes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), default=list, size=None)),
                ('row_key', models.TextField(blank=True)),
                ('state', models.CharField(choices=[('staged', 'lue'), ('waiting', 'en attente'), ('ready', 'prête'), ('applied', 'importée'), ('unchanged', 'inchangée'), ('ignored', 'écartée'), ('withdrawn', 'retirée')], default='staged', max_length=10, verbose_name='état')),
                ('decision', models.CharField(blank=True, choices=[('', 'à rapprocher'), ('new', 'nouvelle'), ('same', 'déjà connue'), ('doubtful', 'douteuse'), ('later', 'plus tard')], default='', max_length=10, verbose_name='rapprochement')),
                ('score', models.FloatField(default=0)),
                ('reasons', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                ('change', models.CharField(blank=True, max_length=10, verbose_name='évolution')),
                ('current', models.BooleanField(default=True)),
                ('applied_at', models.DateTimeField(blank=True, null=True, verbose_name='importée le')),
                ('before', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='sourcing.sourcerecord')),
                ('candidate', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='directory.partner')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('import_run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='records', to='sourcing.import', verbose_name='import')),
                ('leader', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='sourcing.sourcerecord')),
                ('partner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='directory.partner')),
                ('site', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='directory.site')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sourcing.source', verbose_name='source')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='institution.unit', verbose_name='entité')),
            ],
            options={
                'verbose_name': 'fiche source',
                'verbose_name_plural': 'fiches sources',
                'ordering': ['import_run', 'line'],
                'indexes': [models.Index(fields=['import_run', 'state', 'line'], name='record_by_state'), models.Index(fields=['import_run', 'decision', 'line'], name='record_by_decision'), models.Index(condition=models.Q(('partner__isnull', False)), fields=['partner', 'source'], name='record_by_partner'), django.contrib.postgres.indexes.GinIndex(models.F('import_run'), models.F('problem_codes'), name='record_by_problem')],
                'constraints': [models.UniqueConstraint(fields=('import_run', 'line'), name='one_record_per_line'), models.UniqueConstraint(condition=models.Q(('current', True), ('state', 'applied')), fields=('source', 'row_key'), name='one_speaking_record_per_row'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'applied'), _negated=True), ('applied_at__isnull', False), _connector='OR'), name='applied_has_a_date')],
            },
        ),
        migrations.CreateModel(
            name='RecordPerson',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rank', models.PositiveSmallIntegerField(default=0)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='directory.person')),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='people', to='sourcing.sourcerecord')),
            ],
            options={
                'verbose_name': 'personne d’une fiche source',
                'indexes': [models.Index(fields=['person'], name='record_person_by_person')],
                'constraints': [models.UniqueConstraint(fields=('record', 'rank'), name='one_person_per_rank')],
            },
        ),
        migrations.CreateModel(
            name='ImportEffect',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('model', models.CharField(max_length=20)),
                ('object_id', models.BigIntegerField()),
                ('created', models.BooleanField()),
                ('before', models.JSONField(default=dict)),
                ('after', models.JSONField(default=dict)),
                ('version', models.PositiveIntegerField(default=1)),
                ('refused', models.CharField(blank=True, max_length=40)),
                ('import_run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='effects', to='sourcing.import')),
            ],
            options={
                'verbose_name': 'effet d’un import',
                'verbose_name_plural': 'effets d’un import',
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('import_run', 'model', 'object_id'), name='one_effect_per_record')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='source',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "sourcing_sourceevent" ("code", "created_at", "id", "kind", "mapping", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "unit_id") SELECT new_values."code", new_values."created_at", new_values."id", new_values."kind", new_values."mapping", new_values."name", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."unit_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='afe663ea0b7b3a0cf1c4dbf795fd8a27748c6912', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_4d883', referencing='REFERENCING NEW TABLE AS new_values ', table='sourcing_source', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='source',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "sourcing_sourceevent" ("code", "created_at", "id", "kind", "mapping", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "unit_id") SELECT new_values."code", new_values."created_at", new_values."id", new_values."kind", new_values."mapping", new_values."name", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."unit_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='168da332c2e18db3b0ba202c99eca5847868b841', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_43f68', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='sourcing_source', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='source',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "sourcing_sourceevent" ("code", "created_at", "id", "kind", "mapping", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "unit_id") SELECT old_values."code", old_values."created_at", old_values."id", old_values."kind", old_values."mapping", old_values."name", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."unit_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='e9f96a398be7d6762f3e8647dac0f46d2776a223', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_b9a28', referencing='REFERENCING OLD TABLE AS old_values ', table='sourcing_source', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='import',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "sourcing_importevent" ("author_id", "created_at", "file_id", "finished_at", "id", "mapping", "observed_on", "options", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "problem", "sheet", "source_id", "state", "stop_asked", "total", "unit_id") SELECT new_values."author_id", new_values."created_at", new_values."file_id", new_values."finished_at", new_values."id", new_values."mapping", new_values."observed_on", new_values."options", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."problem", new_values."sheet", new_values."source_id", new_values."state", new_values."stop_asked", new_values."total", new_values."unit_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='c6bbc7603e8a621e347d63b60d8c48f85c878051', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_14512', referencing='REFERENCING NEW TABLE AS new_values ', table='sourcing_import', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='import',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "sourcing_importevent" ("author_id", "created_at", "file_id", "finished_at", "id", "mapping", "observed_on", "options", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "problem", "sheet", "source_id", "state", "stop_asked", "total", "unit_id") SELECT new_values."author_id", new_values."created_at", new_values."file_id", new_values."finished_at", new_values."id", new_values."mapping", new_values."observed_on", new_values."options", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."problem", new_values."sheet", new_values."source_id", new_values."state", new_values."stop_asked", new_values."total", new_values."unit_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."author_id" IS DISTINCT FROM (new_values."author_id") OR old_values."created_at" IS DISTINCT FROM (new_values."created_at") OR old_values."file_id" IS DISTINCT FROM (new_values."file_id") OR old_values."finished_at" IS DISTINCT FROM (new_values."finished_at") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."mapping" IS DISTINCT FROM (new_values."mapping") OR old_values."observed_on" IS DISTINCT FROM (new_values."observed_on") OR old_values."options" IS DISTINCT FROM (new_values."options") OR old_values."problem" IS DISTINCT FROM (new_values."problem") OR old_values."sheet" IS DISTINCT FROM (new_values."sheet") OR old_values."source_id" IS DISTINCT FROM (new_values."source_id") OR old_values."state" IS DISTINCT FROM (new_values."state") OR old_values."stop_asked" IS DISTINCT FROM (new_values."stop_asked") OR old_values."total" IS DISTINCT FROM (new_values."total") OR old_values."unit_id" IS DISTINCT FROM (new_values."unit_id")) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='738a694aa8344c6aa6dbc46a2e47251d2e5042f6', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_6acbd', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='sourcing_import', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='import',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "sourcing_importevent" ("author_id", "created_at", "file_id", "finished_at", "id", "mapping", "observed_on", "options", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "problem", "sheet", "source_id", "state", "stop_asked", "total", "unit_id") SELECT old_values."author_id", old_values."created_at", old_values."file_id", old_values."finished_at", old_values."id", old_values."mapping", old_values."observed_on", old_values."options", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."problem", old_values."sheet", old_values."source_id", old_values."state", old_values."stop_asked", old_values."total", old_values."unit_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='4d2d8c80ab2b7298f4500ab35d6f79d48712fdc3', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_a2436', referencing='REFERENCING OLD TABLE AS old_values ', table='sourcing_import', when='AFTER')),
        ),
    ]
