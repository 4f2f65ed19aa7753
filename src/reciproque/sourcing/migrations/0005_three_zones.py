import django.core.validators
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0012_merging'),
        ('institution', '0003_export_files'),
        ('institution', '__first__'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('sourcing', '0004_judgements'),
    ]

    operations = [
        migrations.CreateModel(
            name='Contradiction',
            fields=[
                ('pk', models.CompositePrimaryKey('field', 'partner_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('partner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='directory.partner')),
                ('field', models.CharField(max_length=40, verbose_name='champ')),
            ],
            options={
                'verbose_name': 'contradiction entre sources',
                'indexes': [models.Index(fields=['partner'], name='contradiction_by_partner')],
            },
        ),
        migrations.CreateModel(
            name='MatchingSettings',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('merges_alone', models.BooleanField(default=False, verbose_name='réunir sans demander')),
                ('automatic', models.FloatField(default=0.995, validators=[django.core.validators.MinValueValidator(0.9), django.core.validators.MaxValueValidator(1)], verbose_name='seuil de réunion automatique')),
                ('review', models.FloatField(default=0.1, validators=[django.core.validators.MinValueValidator(0.01), django.core.validators.MaxValueValidator(0.95)], verbose_name='seuil de revue')),
                ('most', models.PositiveIntegerField(default=200, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5000)], verbose_name='réunions par passage, au plus')),
                ('checked', models.PositiveIntegerField(default=15, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(200)], verbose_name='réunions à vérifier par passage')),
                ('changed_at', models.DateTimeField(auto_now=True, verbose_name='modifiés le')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('changed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='modifiés par')),
            ],
            options={
                'verbose_name': 'réglages du rapprochement',
                'verbose_name_plural': 'réglages du rapprochement',
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='one_row_of_matching_settings'), models.CheckConstraint(condition=models.Q(('automatic__lte', 1), ('review__gt', 0), ('review__lt', models.F('automatic'))), name='zones_follow_each_other', violation_error_message='Le seuil de revue doit être plus bas que celui des réunions automatiques.')],
            },
        ),
        migrations.CreateModel(
            name='MatchingSettingsEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('merges_alone', models.BooleanField(default=False, verbose_name='réunir sans demander')),
                ('automatic', models.FloatField(default=0.995, validators=[django.core.validators.MinValueValidator(0.9), django.core.validators.MaxValueValidator(1)], verbose_name='seuil de réunion automatique')),
                ('review', models.FloatField(default=0.1, validators=[django.core.validators.MinValueValidator(0.01), django.core.validators.MaxValueValidator(0.95)], verbose_name='seuil de revue')),
                ('most', models.PositiveIntegerField(default=200, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5000)], verbose_name='réunions par passage, au plus')),
                ('checked', models.PositiveIntegerField(default=15, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(200)], verbose_name='réunions à vérifier par passage')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('changed_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='modifiés par')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='sourcing.matchingsettings')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='QualityDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='jour')),
                ('at', models.DateTimeField(verbose_name='mesuré le')),
                ('partners', models.PositiveIntegerField(default=0, verbose_name='fiches')),
                ('numbered', models.PositiveIntegerField(default=0, verbose_name='avec numéro officiel')),
                ('registered', models.PositiveIntegerField(default=0, verbose_name='rapprochées du registre')),
                ('placed', models.PositiveIntegerField(default=0, verbose_name='avec lieu')),
                ('reachable', models.PositiveIntegerField(default=0, verbose_name='joignables')),
                ('staffed', models.PositiveIntegerField(default=0, verbose_name='avec une personne')),
                ('contradicted', models.PositiveIntegerField(default=0, verbose_name='contredites')),
                ('doubled', models.PositiveIntegerField(default=0, verbose_name='peut-être en double')),
                ('neat', models.PositiveIntegerField(default=0, verbose_name='propres')),
                ('found', models.PositiveIntegerField(default=0, verbose_name='doublons trouvés')),
                ('waiting', models.PositiveIntegerField(default=0, verbose_name='doublons à juger')),
                ('merged', models.PositiveIntegerField(default=0, verbose_name='doublons réunis')),
                ('alone', models.PositiveIntegerField(default=0, verbose_name='réunis sans demander')),
                ('refused', models.PositiveIntegerField(default=0, verbose_name='doublons écartés')),
                ('fields', models.JSONField(default=dict, verbose_name='contradictions')),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='institution.unit', verbose_name='entité')),
            ],
            options={
                'verbose_name': 'mesure de la qualité',
                'verbose_name_plural': 'mesures de la qualité',
                'ordering': ['-day', 'unit'],
                'indexes': [models.Index(fields=['unit', 'day'], name='measure_by_unit')],
                'constraints': [models.UniqueConstraint(fields=('day', 'unit'), name='one_measure_a_day', nulls_distinct=False)],
            },
        ),
        migrations.CreateModel(
            name='TrainedModel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('training', 'apprentissage en cours'), ('candidate', 'proposé'), ('adopted', 'en service'), ('refused', 'écarté'), ('retired', 'remplacé'), ('short', 'trop peu de paires'), ('failed', 'en échec')], default='training', max_length=9, verbose_name='état')),
                ('code', models.CharField(blank=True, max_length=16, verbose_name='version')),
                ('asked_at', models.DateTimeField(auto_now_add=True, verbose_name='demandé le')),
                ('trained_at', models.DateTimeField(null=True, verbose_name='appris le')),
                ('report', models.JSONField(default=dict, verbose_name='rapport')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='décidé le')),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='demandé par')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='décidé par')),
            ],
            options={
                'verbose_name': 'modèle de rapprochement',
                'verbose_name_plural': 'modèles de rapprochement',
                'ordering': ['-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'adopted')), fields=('state',), name='one_model_adopted'), models.UniqueConstraint(condition=models.Q(('state', 'training')), fields=('state',), name='one_model_in_training'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['candidate', 'adopted', 'refused', 'retired']), _negated=True), models.Q(('code', ''), _negated=True), _connector='OR'), name='a_model_has_its_file')],
            },
        ),
        migrations.CreateModel(
            name='AutomaticRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('running', 'en cours'), ('done', 'terminé'), ('undoing', 'annulation en cours'), ('undone', 'annulé')], default='running', max_length=8, verbose_name='état')),
                ('started_at', models.DateTimeField(auto_now_add=True, verbose_name='commencé le')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='terminé le')),
                ('model', models.CharField(max_length=16, verbose_name='modèle')),
                ('automatic', models.FloatField(verbose_name='seuil')),
                ('most', models.PositiveIntegerField(verbose_name='au plus')),
                ('merged', models.PositiveIntegerField(default=0, verbose_name='réunions')),
                ('undone_at', models.DateTimeField(null=True, verbose_name='annulé le')),
                ('undone_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='annulé par')),
            ],
            options={
                'verbose_name': 'passage de réunion automatique',
                'verbose_name_plural': 'passages de réunion automatique',
                'ordering': ['-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'running')), fields=('state',), name='one_automatic_run_at_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['undoing', 'undone']), _negated=True), ('undone_by__isnull', False), _connector='OR'), name='who_undid_it_is_known')],
            },
        ),
        migrations.CreateModel(
            name='Check',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stratum', models.PositiveSmallIntegerField(verbose_name='strate')),
                ('weight', models.FloatField(default=1, verbose_name='poids')),
                ('answer', models.CharField(blank=True, choices=[('', 'à vérifier'), ('right', 'la même'), ('wrong', 'pas la même')], default='', max_length=5, verbose_name='réponse')),
                ('at', models.DateTimeField(null=True, verbose_name='le')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par')),
                ('judgement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='sourcing.judgement', verbose_name='paire')),
                ('merge', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='directory.merge', verbose_name='réunion')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='checks', to='sourcing.automaticrun', verbose_name='passage')),
            ],
            options={
                'verbose_name': 'vérification d’une réunion',
                'verbose_name_plural': 'vérifications de réunions',
                'ordering': ['pk'],
                'indexes': [models.Index(condition=models.Q(('answer', '')), fields=['id'], name='check_to_give')],
            },
        ),
        migrations.AddField(
            model_name='judgement',
            name='likelihood',
            field=models.FloatField(null=True, verbose_name='vraisemblance'),
        ),
        migrations.AddField(
            model_name='judgement',
            name='model',
            field=models.CharField(blank=True, db_default='', max_length=16, verbose_name='modèle'),
        ),
        migrations.AddField(
            model_name='judgement',
            name='weighed_at',
            field=models.DateTimeField(null=True, verbose_name='pesée le'),
        ),
        migrations.AddField(
            model_name='judgement',
            name='withheld',
            field=models.CharField(blank=True, choices=[('', 'rien'), ('numbers', 'deux numéros officiels'), ('refused', 'déjà écartée'), ('units', 'de deux entités'), ('sharing', 'partage restreint ou différent'), ('group', 'un groupe et sa filiale'), ('undone', 'déjà séparée')], db_default='', default='', max_length=8, verbose_name='retenue'),
        ),
        migrations.AddField(
            model_name='judgement',
            name='zone',
            field=models.CharField(choices=[('automatic', 'réunie sans demander'), ('review', 'à juger'), ('dropped', 'laissée de côté')], db_default='review', default='review', max_length=9, verbose_name='zone'),
        ),
        migrations.AddField(
            model_name='judgement',
            name='run',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sourcing.automaticrun', verbose_name='passage'),
        ),
        migrations.AddIndex(
            model_name='judgement',
            index=models.Index(condition=models.Q(('run__isnull', False)), fields=['run'], name='judgement_by_run'),
        ),
        migrations.AddIndex(
            model_name='judgement',
            index=models.Index(condition=models.Q(('kind', 'partner'), ('likelihood__isnull', False), ('verdict', 'open')), fields=['-likelihood', 'id'], name='judgement_by_likelihood'),
        ),
        migrations.AddConstraint(
            model_name='judgement',
            constraint=models.CheckConstraint(condition=models.Q(('likelihood', None), models.Q(('likelihood__gte', 0), ('likelihood__lte', 1)), _connector='OR'), name='likelihood_is_a_share'),
        ),
        migrations.AddConstraint(
            model_name='judgement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('zone', 'automatic'), _negated=True), models.Q(('likelihood__isnull', False), ('withheld', '')), _connector='OR'), name='nothing_withholds_an_automatic_pair'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='matchingsettings',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "sourcing_matchingsettingsevent" ("automatic", "changed_by_id", "checked", "id", "merges_alone", "most", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "review", "version") SELECT new_values."automatic", new_values."changed_by_id", new_values."checked", new_values."id", new_values."merges_alone", new_values."most", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."review", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='78cbfd862cd0230eeed3615152b52c52b477c2c2', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_e05d5', referencing='REFERENCING NEW TABLE AS new_values ', table='sourcing_matchingsettings', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='matchingsettings',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "sourcing_matchingsettingsevent" ("automatic", "changed_by_id", "checked", "id", "merges_alone", "most", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "review", "version") SELECT new_values."automatic", new_values."changed_by_id", new_values."checked", new_values."id", new_values."merges_alone", new_values."most", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."review", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."automatic" IS DISTINCT FROM (new_values."automatic") OR old_values."changed_by_id" IS DISTINCT FROM (new_values."changed_by_id") OR old_values."checked" IS DISTINCT FROM (new_values."checked") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."merges_alone" IS DISTINCT FROM (new_values."merges_alone") OR old_values."most" IS DISTINCT FROM (new_values."most") OR old_values."review" IS DISTINCT FROM (new_values."review") OR old_values."version" IS DISTINCT FROM (new_values."version")) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='3a64caec65299ef6b1df68dfef4518a6330253f4', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_9e789', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='sourcing_matchingsettings', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='matchingsettings',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "sourcing_matchingsettingsevent" ("automatic", "changed_by_id", "checked", "id", "merges_alone", "most", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "review", "version") SELECT old_values."automatic", old_values."changed_by_id", old_values."checked", old_values."id", old_values."merges_alone", old_values."most", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."review", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='eaba5871f1133b24daefd248692b9fd9763b65ae', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_baaa6', referencing='REFERENCING OLD TABLE AS old_values ', table='sourcing_matchingsettings', when='AFTER')),
        ),
    ]
