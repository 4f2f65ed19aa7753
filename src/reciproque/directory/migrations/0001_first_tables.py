"""Partners, sites, people, and what finds them."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
import pgtrigger.compiler
import pgtrigger.migrations
import reciproque.foundation.database.functions
from django.conf import settings
from django.db import migrations, models
from reciproque.foundation.database.first_tables import FirstTables


FACETS = "kind department naf headcount_band size_category legal_category sharing tags city_key".split()
CHANGED = " OR ".join(f"now.{name} IS DISTINCT FROM was.{name}" for name in FACETS)
NOTE = f"""
CREATE FUNCTION directory_note_facets() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM directory_searchindex) THEN
    INSERT INTO directory_searchchange (partner) SELECT now.id FROM now_rows now JOIN was_rows was USING (id)
    WHERE {CHANGED} OR (now.archived_at IS NULL) <> (was.archived_at IS NULL);
  END IF;
  RETURN NULL;
END $$;
CREATE FUNCTION directory_note_ties() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM directory_searchindex) THEN
    INSERT INTO directory_searchchange (partner) SELECT DISTINCT partner_id FROM tied_rows;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER directory_note_facets AFTER UPDATE ON directory_partner
  REFERENCING OLD TABLE AS was_rows NEW TABLE AS now_rows FOR EACH STATEMENT EXECUTE FUNCTION directory_note_facets();
CREATE TRIGGER directory_note_new_ties AFTER INSERT ON directory_partnerunit
  REFERENCING NEW TABLE AS tied_rows FOR EACH STATEMENT EXECUTE FUNCTION directory_note_ties();
CREATE TRIGGER directory_note_old_ties AFTER DELETE ON directory_partnerunit
  REFERENCING OLD TABLE AS tied_rows FOR EACH STATEMENT EXECUTE FUNCTION directory_note_ties();
CREATE TRIGGER directory_note_ties_as_they_were AFTER UPDATE ON directory_partnerunit
  REFERENCING OLD TABLE AS tied_rows FOR EACH STATEMENT EXECUTE FUNCTION directory_note_ties();
CREATE TRIGGER directory_note_ties_as_they_are AFTER UPDATE ON directory_partnerunit
  REFERENCING NEW TABLE AS tied_rows FOR EACH STATEMENT EXECUTE FUNCTION directory_note_ties();
"""  # noqa: S608 -- names of ours
FORGET = """
DROP TRIGGER directory_note_facets ON directory_partner;
DROP TRIGGER directory_note_new_ties ON directory_partnerunit;
DROP TRIGGER directory_note_old_ties ON directory_partnerunit;
DROP TRIGGER directory_note_ties_as_they_were ON directory_partnerunit;
DROP TRIGGER directory_note_ties_as_they_are ON directory_partnerunit;
DROP FUNCTION directory_note_facets();
DROP FUNCTION directory_note_ties();
"""


class Migration(FirstTables):

    initial = True

    replaces = [
        ('directory', '0001_initial'),
        ('directory', '0002_initial'),
        ('directory', '0003_search_order'),
        ('directory', '0004_piles'),
        ('directory', '0005_listing_indexes'),
        ('directory', '0006_map'),
        ('directory', '0007_search_by_kind'),
        ('directory', '0008_places'),
        ('directory', '0008_rare_people'),
        ('directory', '0009_merge'),
        ('directory', '0010_word_uses'),
        ('directory', '0011_search_by_key'),
        ('directory', '0012_merging'),
        ('directory', '0013_other_emails'),
        ('directory', '0014_swift_search'),
        ('directory', '0015_index_of_lists'),
        ('directory', '0016_index_of_filters'),
        ('directory', '0017_position_index'),
    ]

    dependencies = [
        ('foundation', '0003_documents'),
        ('institution', '0001_first_tables'),
        ('pghistory', '0007_auto_20250421_0444'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('origins', models.JSONField(blank=True, default=dict, editable=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créée le')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='modifiée le')),
                ('sharing', models.CharField(choices=[('network', 'réseau'), ('unit', 'entité'), ('restricted', 'restreint')], default='network', max_length=12, verbose_name='partage')),
                ('archived_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='archivée le')),
                ('civility', models.CharField(blank=True, choices=[('Mme', 'Mme'), ('M.', 'M.')], max_length=3, verbose_name='civilité')),
                ('first_name', models.CharField(blank=True, max_length=120, verbose_name='prénom')),
                ('last_name', models.CharField(max_length=120, verbose_name='nom')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='courriel')),
                ('other_emails', django.contrib.postgres.fields.ArrayField(base_field=models.EmailField(max_length=254), blank=True, default=list, size=None, verbose_name='autres courriels')),
                ('phone', models.CharField(blank=True, max_length=20, verbose_name='téléphone')),
                ('mobile', models.CharField(blank=True, max_length=20, verbose_name='mobile')),
                ('web', models.URLField(blank=True, max_length=300, verbose_name='profil public')),
                ('languages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=2), blank=True, default=list, size=None, verbose_name='langues')),
                ('tags', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), blank=True, default=list, size=None, verbose_name='étiquettes')),
                ('description', models.TextField(blank=True, verbose_name='remarques')),
                ('channel', models.CharField(blank=True, choices=[('email', 'courriel'), ('phone', 'téléphone'), ('mobile', 'mobile'), ('post', 'courrier')], max_length=10, verbose_name='canal préféré')),
                ('do_not_contact', models.BooleanField(default=False, verbose_name='ne pas contacter')),
                ('refusal', models.CharField(blank=True, choices=[('request', 'à sa demande'), ('left', 'a quitté ses fonctions'), ('bounced', 'adresse qui ne répond plus'), ('dispute', 'désaccord en cours'), ('other', 'autre raison')], max_length=10, verbose_name='motif')),
                ('refused_on', models.DateField(blank=True, null=True, verbose_name='depuis le')),
                ('source', models.CharField(blank=True, max_length=200, verbose_name='source de la collecte')),
                ('collected_on', models.DateField(blank=True, null=True, verbose_name='collectée le')),
                ('informed_on', models.DateField(blank=True, null=True, verbose_name='informée le (RGPD art. 14)')),
                ('name_key', models.GeneratedField(db_persist=True, expression=reciproque.foundation.database.functions.Fold(django.db.models.functions.text.Concat(models.F('last_name'), models.Value(' '), models.F('first_name'))), output_field=models.TextField())),
                ('email_key', models.GeneratedField(db_persist=True, expression=django.db.models.functions.text.Lower('email'), output_field=models.TextField())),
                ('readers', models.ManyToManyField(blank=True, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='personnes autorisées')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='institution.unit', verbose_name='entité qui l’apporte')),
                ('merged_into', models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='absorbed', to='directory.person', verbose_name='réunie à')),
            ],
            options={
                'verbose_name': 'personne',
                'verbose_name_plural': 'personnes',
                'ordering': ['name_key', 'pk'],
                'indexes': [models.Index(fields=['name_key', 'id'], name='person_by_name'), models.Index(condition=models.Q(('email', ''), _negated=True), fields=['email_key'], name='person_by_email'), models.Index(fields=['-updated_at', '-id'], name='person_by_update'), models.Index(fields=['unit', 'name_key', 'id'], name='person_by_unit'), models.Index(condition=models.Q(('archived_at', None), ('collected_on__isnull', False), ('informed_on', None)), fields=['unit', 'collected_on', 'id'], name='person_to_inform'), models.Index(condition=models.Q(('archived_at__isnull', False)), fields=['name_key', 'id'], name='person_archived'), models.Index(fields=['-created_at', '-id'], name='person_by_creation'), django.contrib.postgres.indexes.GinIndex(fields=['tags'], name='person_by_tag'), django.contrib.postgres.indexes.GinIndex(fields=['name_key'], name='person_name_contains', opclasses=['gin_trgm_ops']), models.Index(condition=models.Q(('do_not_contact', True)), fields=['name_key', 'id'], name='person_to_leave_alone'), models.Index(condition=models.Q(('informed_on__isnull', False)), fields=['name_key', 'id'], name='person_informed'), models.Index(condition=models.Q(('sharing', 'network'), _negated=True), fields=['sharing', 'name_key', 'id'], name='person_kept'), models.Index(condition=models.Q(('merged_into__isnull', False)), fields=['merged_into'], name='person_absorbed'), django.contrib.postgres.indexes.GinIndex(condition=models.Q(('other_emails', []), _negated=True), fields=['other_emails'], name='person_by_other_email')],
                'constraints': [models.CheckConstraint(condition=models.Q(('last_name', ''), _negated=True), name='person_has_a_name'), models.CheckConstraint(condition=models.Q(('do_not_contact', False), models.Q(('refusal', ''), _negated=True), _connector='OR'), name='do_not_contact_has_a_reason', violation_error_message='Dites pourquoi cette personne ne doit pas être contactée.'), models.CheckConstraint(condition=models.Q(('merged_into', None), ('archived_at__isnull', False), _connector='OR'), name='absorbed_person_is_away')],
            },
        ),
        migrations.CreateModel(
            name='PersonEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('origins', models.JSONField(blank=True, default=dict, editable=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créée le')),
                ('sharing', models.CharField(choices=[('network', 'réseau'), ('unit', 'entité'), ('restricted', 'restreint')], default='network', max_length=12, verbose_name='partage')),
                ('archived_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='archivée le')),
                ('civility', models.CharField(blank=True, choices=[('Mme', 'Mme'), ('M.', 'M.')], max_length=3, verbose_name='civilité')),
                ('first_name', models.CharField(blank=True, max_length=120, verbose_name='prénom')),
                ('last_name', models.CharField(max_length=120, verbose_name='nom')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='courriel')),
                ('other_emails', django.contrib.postgres.fields.ArrayField(base_field=models.EmailField(max_length=254), blank=True, default=list, size=None, verbose_name='autres courriels')),
                ('phone', models.CharField(blank=True, max_length=20, verbose_name='téléphone')),
                ('mobile', models.CharField(blank=True, max_length=20, verbose_name='mobile')),
                ('web', models.URLField(blank=True, max_length=300, verbose_name='profil public')),
                ('languages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=2), blank=True, default=list, size=None, verbose_name='langues')),
                ('tags', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), blank=True, default=list, size=None, verbose_name='étiquettes')),
                ('description', models.TextField(blank=True, verbose_name='remarques')),
                ('channel', models.CharField(blank=True, choices=[('email', 'courriel'), ('phone', 'téléphone'), ('mobile', 'mobile'), ('post', 'courrier')], max_length=10, verbose_name='canal préféré')),
                ('do_not_contact', models.BooleanField(default=False, verbose_name='ne pas contacter')),
                ('refusal', models.CharField(blank=True, choices=[('request', 'à sa demande'), ('left', 'a quitté ses fonctions'), ('bounced', 'adresse qui ne répond plus'), ('dispute', 'désaccord en cours'), ('other', 'autre raison')], max_length=10, verbose_name='motif')),
                ('refused_on', models.DateField(blank=True, null=True, verbose_name='depuis le')),
                ('source', models.CharField(blank=True, max_length=200, verbose_name='source de la collecte')),
                ('collected_on', models.DateField(blank=True, null=True, verbose_name='collectée le')),
                ('informed_on', models.DateField(blank=True, null=True, verbose_name='informée le (RGPD art. 14)')),
                ('name_key', models.GeneratedField(db_persist=True, expression=reciproque.foundation.database.functions.Fold(django.db.models.functions.text.Concat(models.F('last_name'), models.Value(' '), models.F('first_name'))), output_field=models.TextField())),
                ('email_key', models.GeneratedField(db_persist=True, expression=django.db.models.functions.text.Lower('email'), output_field=models.TextField())),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='directory.person')),
                ('unit', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='institution.unit', verbose_name='entité qui l’apporte')),
                ('merged_into', models.ForeignKey(db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='directory.person', verbose_name='réunie à')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SearchWord',
            fields=[
                ('word', models.TextField(db_collation='C', primary_key=True, serialize=False)),
                ('partners', models.PositiveIntegerField(default=0)),
                ('people', models.PositiveIntegerField(default=0)),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['word'], name='search_word_alike', opclasses=['gin_trgm_ops'])],
            },
        ),
        migrations.CreateModel(
            name='Tag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='nom')),
                ('name_key', models.GeneratedField(db_persist=True, expression=reciproque.foundation.database.functions.Fold('name'), output_field=models.TextField())),
            ],
            options={
                'verbose_name': 'étiquette',
                'verbose_name_plural': 'étiquettes',
                'ordering': ['name_key', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('name_key',), name='one_tag_per_name')],
            },
        ),
        migrations.CreateModel(
            name='Partner',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('origins', models.JSONField(blank=True, default=dict, editable=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créée le')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='modifiée le')),
                ('sharing', models.CharField(choices=[('network', 'réseau'), ('unit', 'entité'), ('restricted', 'restreint')], default='network', max_length=12, verbose_name='partage')),
                ('archived_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='archivée le')),
                ('name', models.CharField(max_length=250, verbose_name='raison sociale')),
                ('usual_name', models.CharField(blank=True, max_length=250, verbose_name='nom d’usage')),
                ('acronym', models.CharField(blank=True, max_length=40, verbose_name='sigle')),
                ('former_names', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=250), blank=True, default=list, size=None, verbose_name='autres noms, anciens noms')),
                ('kind', models.CharField(choices=[('company', 'entreprise'), ('association', 'association'), ('authority', 'collectivité territoriale'), ('state', 'administration de l’État'), ('school', 'établissement d’enseignement'), ('research', 'organisme de recherche'), ('hospital', 'établissement de santé'), ('chamber', 'chambre consulaire'), ('branch', 'branche, fédération professionnelle'), ('opco', 'OPCO, financeur'), ('foundation', 'fondation'), ('self_employed', 'indépendant'), ('other', 'autre organisme')], default='company', max_length=20, verbose_name='nature')),
                ('country', models.CharField(default='FR', max_length=2, verbose_name='pays')),
                ('siren', models.CharField(blank=True, max_length=9, verbose_name='SIREN')),
                ('rna', models.CharField(blank=True, max_length=10, verbose_name='RNA')),
                ('vat', models.CharField(blank=True, max_length=20, verbose_name='TVA intracommunautaire')),
                ('foreign_id', models.CharField(blank=True, max_length=60, verbose_name='identifiant étranger')),
                ('legal_category', models.CharField(blank=True, max_length=4, verbose_name='catégorie juridique')),
                ('naf', models.CharField(blank=True, max_length=6, verbose_name='NAF rév. 2')),
                ('naf2025', models.CharField(blank=True, max_length=6, verbose_name='NAF 2025')),
                ('headcount_band', models.CharField(blank=True, max_length=2, verbose_name='tranche d’effectif')),
                ('headcount_year', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='année de l’effectif')),
                ('size_category', models.CharField(blank=True, choices=[('PME', 'PME'), ('ETI', 'ETI'), ('GE', 'grande entreprise')], max_length=3, verbose_name='catégorie d’entreprise')),
                ('register_state', models.CharField(blank=True, choices=[('A', 'active'), ('C', 'cessée')], max_length=1, verbose_name='état au registre')),
                ('diffusion', models.CharField(blank=True, choices=[('O', 'complète'), ('P', 'partielle')], max_length=1, verbose_name='diffusion au registre')),
                ('register_checked_on', models.DateField(blank=True, null=True, verbose_name='vérifiée au registre le')),
                ('web', models.URLField(blank=True, max_length=300, verbose_name='site web')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='courriel')),
                ('phone', models.CharField(blank=True, max_length=20, verbose_name='téléphone')),
                ('languages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=2), blank=True, default=list, size=None, verbose_name='langues')),
                ('tags', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), blank=True, default=list, size=None, verbose_name='étiquettes')),
                ('description', models.TextField(blank=True, verbose_name='présentation')),
                ('postcode', models.CharField(blank=True, editable=False, max_length=10, verbose_name='code postal')),
                ('city', models.CharField(blank=True, editable=False, max_length=120, verbose_name='ville')),
                ('department', models.CharField(blank=True, editable=False, max_length=3, verbose_name='département')),
                ('label', models.GeneratedField(db_persist=True, expression=django.db.models.functions.comparison.Coalesce(django.db.models.functions.comparison.NullIf(models.F('usual_name'), models.Value('')), models.F('name')), output_field=models.CharField(max_length=250))),
                ('name_key', models.GeneratedField(db_persist=True, expression=reciproque.foundation.database.functions.Fold(django.db.models.functions.comparison.Coalesce(django.db.models.functions.comparison.NullIf(models.F('usual_name'), models.Value('')), models.F('name'))), output_field=models.TextField())),
                ('city_key', models.GeneratedField(db_persist=True, expression=reciproque.foundation.database.functions.Fold('city'), output_field=models.TextField())),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='subsidiaries', to='directory.partner', verbose_name='groupe')),
                ('readers', models.ManyToManyField(blank=True, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='personnes autorisées')),
                ('referent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='référent établissement')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='institution.unit', verbose_name='entité qui l’apporte')),
                ('merged_into', models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='absorbed', to='directory.partner', verbose_name='réunie à')),
            ],
            options={
                'verbose_name': 'partenaire',
                'verbose_name_plural': 'partenaires',
                'ordering': ['name_key', 'pk'],
                'indexes': [models.Index(fields=['name_key', 'id'], name='partner_by_name'), models.Index(fields=['city_key', 'name_key', 'id'], name='partner_by_city'), models.Index(fields=['department', 'name_key', 'id'], name='partner_by_department'), models.Index(fields=['kind', 'name_key', 'id'], name='partner_by_kind'), models.Index(fields=['naf', 'name_key', 'id'], name='partner_by_naf'), models.Index(fields=['headcount_band', 'name_key', 'id'], name='partner_by_headcount'), models.Index(fields=['unit', 'name_key', 'id'], name='partner_by_unit'), models.Index(fields=['referent', 'name_key', 'id'], name='partner_by_referent'), models.Index(fields=['-updated_at', '-id'], name='partner_by_update'), models.Index(fields=['-created_at', '-id'], name='partner_by_creation'), django.contrib.postgres.indexes.GinIndex(fields=['tags'], name='partner_by_tag'), django.contrib.postgres.indexes.GinIndex(fields=['name_key'], name='partner_name_contains', opclasses=['gin_trgm_ops']), models.Index(condition=models.Q(('archived_at', None), models.Q(models.Q(('foreign_id', ''), ('rna', ''), ('siren', '')), models.Q(('email', ''), ('phone', '')), _connector='OR')), fields=['unit', 'id'], name='partner_to_complete'), models.Index(condition=models.Q(('legal_category', ''), _negated=True), fields=['legal_category', 'name_key', 'id'], name='partner_by_legal'), models.Index(condition=models.Q(('size_category', ''), _negated=True), fields=['size_category', 'name_key', 'id'], name='partner_by_size'), models.Index(condition=models.Q(('sharing', 'network'), _negated=True), fields=['sharing', 'name_key', 'id'], name='partner_kept'), models.Index(condition=models.Q(('archived_at__isnull', False)), fields=['name_key', 'id'], name='partner_archived'), models.Index(condition=models.Q(('archived_at', None), ('sharing', 'network')), fields=['department', 'city_key'], include=('city', 'kind', 'naf'), name='partner_by_place'), models.Index(condition=models.Q(('archived_at', None), models.Q(('sharing', 'network'), _negated=True)), fields=['department', 'city_key'], include=('city', 'sharing', 'unit', 'id'), name='partner_kept_by_place'), models.Index(condition=models.Q(('merged_into__isnull', False)), fields=['merged_into'], name='partner_absorbed')],
                'constraints': [models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='partner_has_a_name'), models.UniqueConstraint(condition=models.Q(('siren', ''), _negated=True), fields=('siren',), name='one_partner_per_siren', violation_error_message='Un partenaire porte déjà ce SIREN : ouvrez sa fiche plutôt que d’en créer une autre.'), models.UniqueConstraint(condition=models.Q(('rna', ''), _negated=True), fields=('rna',), name='one_partner_per_rna', violation_error_message='Un partenaire porte déjà ce numéro RNA.'), models.CheckConstraint(condition=models.Q(('siren', ''), ('siren__regex', '^[0-9]{9}$'), _connector='OR'), name='siren_is_nine_digits'), models.CheckConstraint(condition=models.Q(('parent', models.F('id')), _negated=True), name='partner_is_not_its_own_group', violation_error_message='Un partenaire ne peut pas être son propre groupe.'), models.CheckConstraint(condition=models.Q(('merged_into', None), models.Q(('archived_at__isnull', False), ('rna', ''), ('siren', '')), _connector='OR'), name='absorbed_partner_is_away')],
            },
        ),
        migrations.CreateModel(
            name='PartnerEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('origins', models.JSONField(blank=True, default=dict, editable=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créée le')),
                ('sharing', models.CharField(choices=[('network', 'réseau'), ('unit', 'entité'), ('restricted', 'restreint')], default='network', max_length=12, verbose_name='partage')),
                ('archived_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='archivée le')),
                ('name', models.CharField(max_length=250, verbose_name='raison sociale')),
                ('usual_name', models.CharField(blank=True, max_length=250, verbose_name='nom d’usage')),
                ('acronym', models.CharField(blank=True, max_length=40, verbose_name='sigle')),
                ('former_names', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=250), blank=True, default=list, size=None, verbose_name='autres noms, anciens noms')),
                ('kind', models.CharField(choices=[('company', 'entreprise'), ('association', 'association'), ('authority', 'collectivité territoriale'), ('state', 'administration de l’État'), ('school', 'établissement d’enseignement'), ('research', 'organisme de recherche'), ('hospital', 'établissement de santé'), ('chamber', 'chambre consulaire'), ('branch', 'branche, fédération professionnelle'), ('opco', 'OPCO, financeur'), ('foundation', 'fondation'), ('self_employed', 'indépendant'), ('other', 'autre organisme')], default='company', max_length=20, verbose_name='nature')),
                ('country', models.CharField(default='FR', max_length=2, verbose_name='pays')),
                ('siren', models.CharField(blank=True, max_length=9, verbose_name='SIREN')),
                ('rna', models.CharField(blank=True, max_length=10, verbose_name='RNA')),
                ('vat', models.CharField(blank=True, max_length=20, verbose_name='TVA intracommunautaire')),
                ('foreign_id', models.CharField(blank=True, max_length=60, verbose_name='identifiant étranger')),
                ('legal_category', models.CharField(blank=True, max_length=4, verbose_name='catégorie juridique')),
                ('naf', models.CharField(blank=True, max_length=6, verbose_name='NAF rév. 2')),
                ('naf2025', models.CharField(blank=True, max_length=6, verbose_name='NAF 2025')),
                ('headcount_band', models.CharField(blank=True, max_length=2, verbose_name='tranche d’effectif')),
                ('headcount_year', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='année de l’effectif')),
                ('size_category', models.CharField(blank=True, choices=[('PME', 'PME'), ('ETI', 'ETI'), ('GE', 'grande entreprise')], max_length=3, verbose_name='catégorie d’entreprise')),
                ('register_state', models.CharField(blank=True, choices=[('A', 'active'), ('C', 'cessée')], max_length=1, verbose_name='état au registre')),
                ('diffusion', models.CharField(blank=True, choices=[('O', 'complète'), ('P', 'partielle')], max_length=1, verbose_name='diffusion au registre')),
                ('register_checked_on', models.DateField(blank=True, null=True, verbose_name='vérifiée au registre le')),
                ('web', models.URLField(blank=True, max_length=300, verbose_name='site web')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='courriel')),
                ('phone', models.CharField(blank=True, max_length=20, verbose_name='téléphone')),
                ('languages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=2), blank=True, default=list, size=None, verbose_name='langues')),
                ('tags', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), blank=True, default=list, size=None, verbose_name='étiquettes')),
                ('description', models.TextField(blank=True, verbose_name='présentation')),
                ('postcode', models.CharField(blank=True, editable=False, max_length=10, verbose_name='code postal')),
                ('city', models.CharField(blank=True, editable=False, max_length=120, verbose_name='ville')),
                ('department', models.CharField(blank=True, editable=False, max_length=3, verbose_name='département')),
                ('label', models.GeneratedField(db_persist=True, expression=django.db.models.functions.comparison.Coalesce(django.db.models.functions.comparison.NullIf(models.F('usual_name'), models.Value('')), models.F('name')), output_field=models.CharField(max_length=250))),
                ('name_key', models.GeneratedField(db_persist=True, expression=reciproque.foundation.database.functions.Fold(django.db.models.functions.comparison.Coalesce(django.db.models.functions.comparison.NullIf(models.F('usual_name'), models.Value('')), models.F('name'))), output_field=models.TextField())),
                ('city_key', models.GeneratedField(db_persist=True, expression=reciproque.foundation.database.functions.Fold('city'), output_field=models.TextField())),
                ('parent', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='directory.partner', verbose_name='groupe')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='directory.partner')),
                ('referent', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='référent établissement')),
                ('unit', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='institution.unit', verbose_name='entité qui l’apporte')),
                ('merged_into', models.ForeignKey(db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='directory.partner', verbose_name='réunie à')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PartnerUnit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('prospect', 'à contacter'), ('active', 'en relation'), ('sleeping', 'en sommeil'), ('ended', 'relation close')], default='active', max_length=12, verbose_name='statut')),
                ('since', models.DateField(blank=True, null=True, verbose_name='depuis')),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='units', to='directory.partner', verbose_name='partenaire')),
                ('referent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='référent d’entité')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='institution.unit', verbose_name='entité')),
            ],
            options={
                'verbose_name': 'lien avec une entité',
                'verbose_name_plural': 'liens avec les entités',
                'ordering': ['pk'],
                'indexes': [models.Index(fields=['unit', 'status', 'partner'], name='tie_by_unit'), models.Index(fields=['referent', 'partner'], name='tie_by_referent'), models.Index(condition=models.Q(('referent', None), ('status__in', ['prospect', 'active'])), fields=['unit', 'partner'], name='tie_without_referent')],
                'constraints': [models.UniqueConstraint(fields=('partner', 'unit'), name='one_tie_per_unit')],
            },
        ),
        migrations.CreateModel(
            name='PartnerUnitEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('status', models.CharField(choices=[('prospect', 'à contacter'), ('active', 'en relation'), ('sleeping', 'en sommeil'), ('ended', 'relation close')], default='active', max_length=12, verbose_name='statut')),
                ('since', models.DateField(blank=True, null=True, verbose_name='depuis')),
                ('partner', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='directory.partner', verbose_name='partenaire')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='directory.partnerunit')),
                ('referent', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='référent d’entité')),
                ('unit', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='institution.unit', verbose_name='entité')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SearchEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.TextField(db_collation='C')),
                ('document', django.contrib.postgres.search.SearchVectorField()),
                ('rank', models.SmallIntegerField(default=0)),
                ('partner', models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='directory.partner')),
                ('person', models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='directory.person')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('partner__isnull', False)), fields=['-rank', 'partner'], name='search_partner_rank'), django.contrib.postgres.indexes.GinIndex(condition=models.Q(('partner__isnull', False)), fields=['document'], name='search_partner_document'), django.contrib.postgres.indexes.GinIndex(condition=models.Q(('person__isnull', False)), fields=['document'], name='search_person_document'), models.Index(condition=models.Q(('partner__isnull', False)), fields=['key', 'partner'], name='search_partner_by_key'), models.Index(condition=models.Q(('person__isnull', False)), fields=['key', 'person'], name='search_person_by_key')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('partner__isnull', False), ('person', None)), models.Q(('partner', None), ('person__isnull', False)), _connector='OR'), name='search_entry_is_of_one_thing')],
            },
        ),
        migrations.CreateModel(
            name='Site',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('origins', models.JSONField(blank=True, default=dict, editable=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créée le')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='modifiée le')),
                ('name', models.CharField(blank=True, max_length=250, verbose_name='enseigne')),
                ('siret', models.CharField(blank=True, max_length=14, verbose_name='SIRET')),
                ('uai', models.CharField(blank=True, max_length=8, verbose_name='UAI')),
                ('is_head', models.BooleanField(default=False, verbose_name='siège')),
                ('address', models.CharField(blank=True, max_length=250, verbose_name='adresse')),
                ('address_complement', models.CharField(blank=True, max_length=250, verbose_name='complément d’adresse')),
                ('postcode', models.CharField(blank=True, max_length=10, verbose_name='code postal')),
                ('city', models.CharField(blank=True, max_length=120, verbose_name='ville')),
                ('cedex', models.CharField(blank=True, max_length=40, verbose_name='cedex')),
                ('city_code', models.CharField(blank=True, max_length=5, verbose_name='code commune')),
                ('department', models.CharField(blank=True, max_length=3, verbose_name='département')),
                ('country', models.CharField(default='FR', max_length=2, verbose_name='pays')),
                ('latitude', models.FloatField(blank=True, null=True, verbose_name='latitude')),
                ('longitude', models.FloatField(blank=True, null=True, verbose_name='longitude')),
                ('phone', models.CharField(blank=True, max_length=20, verbose_name='téléphone')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='courriel')),
                ('state', models.CharField(blank=True, choices=[('A', 'ouvert'), ('F', 'fermé')], default='A', max_length=1, verbose_name='état')),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sites', to='directory.partner', verbose_name='partenaire')),
                ('merged_into', models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='absorbed', to='directory.site', verbose_name='réuni à')),
            ],
            options={
                'verbose_name': 'établissement du partenaire',
                'verbose_name_plural': 'établissements du partenaire',
                'ordering': ['-is_head', 'city', 'pk'],
                'indexes': [models.Index(fields=['postcode'], name='site_by_postcode'), models.Index(fields=['city_code'], name='site_by_commune'), models.Index(fields=['department', 'partner'], name='site_by_department'), models.Index(condition=models.Q(('uai', ''), _negated=True), fields=['uai'], name='site_by_uai'), models.Index(condition=models.Q(('latitude__isnull', False)), fields=['latitude', 'longitude'], name='site_by_place'), models.Index(condition=models.Q(('merged_into__isnull', False)), fields=['merged_into'], name='site_absorbed')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('siret', ''), _negated=True), fields=('siret',), name='one_site_per_siret', violation_error_message='Un établissement porte déjà ce SIRET.'), models.UniqueConstraint(condition=models.Q(('is_head', True)), fields=('partner',), name='one_head_site'), models.CheckConstraint(condition=models.Q(('siret', ''), ('siret__regex', '^[0-9]{14}$'), _connector='OR'), name='siret_is_fourteen_digits'), models.CheckConstraint(condition=models.Q(('merged_into', None), models.Q(('is_head', False), ('siret', '')), _connector='OR'), name='absorbed_site_is_away')],
            },
        ),
        migrations.CreateModel(
            name='Position',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('origins', models.JSONField(blank=True, default=dict, editable=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créée le')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='modifiée le')),
                ('title', models.CharField(blank=True, max_length=200, verbose_name='fonction')),
                ('service', models.CharField(blank=True, max_length=200, verbose_name='service')),
                ('started_on', models.DateField(blank=True, null=True, verbose_name='depuis')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='jusqu’au')),
                ('partner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='positions', to='directory.partner', verbose_name='partenaire')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='positions', to='directory.person', verbose_name='personne')),
                ('site', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='positions', to='directory.site', verbose_name='établissement')),
            ],
            options={
                'verbose_name': 'fonction',
                'verbose_name_plural': 'fonctions',
                'ordering': [models.OrderBy(models.F('ended_on'), descending=True, nulls_first=True), '-started_on', 'pk'],
                'indexes': [models.Index(fields=['partner', 'person'], name='position_by_partner')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ended_on', None), ('started_on', None), ('ended_on__gte', models.F('started_on')), _connector='OR'), name='position_ends_after_it_starts', violation_error_message='La fin d’une fonction ne peut pas précéder son début.'), models.UniqueConstraint(condition=models.Q(('ended_on', None)), fields=('person', 'partner'), name='one_current_position_per_partner', violation_error_message='Cette personne a déjà une fonction en cours chez ce partenaire : modifiez-la.')],
            },
        ),
        migrations.CreateModel(
            name='PositionEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('origins', models.JSONField(blank=True, default=dict, editable=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créée le')),
                ('title', models.CharField(blank=True, max_length=200, verbose_name='fonction')),
                ('service', models.CharField(blank=True, max_length=200, verbose_name='service')),
                ('started_on', models.DateField(blank=True, null=True, verbose_name='depuis')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='jusqu’au')),
                ('partner', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='directory.partner', verbose_name='partenaire')),
                ('person', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='directory.person', verbose_name='personne')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='directory.position')),
                ('site', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='directory.site', verbose_name='établissement')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SiteEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('origins', models.JSONField(blank=True, default=dict, editable=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créée le')),
                ('name', models.CharField(blank=True, max_length=250, verbose_name='enseigne')),
                ('siret', models.CharField(blank=True, max_length=14, verbose_name='SIRET')),
                ('uai', models.CharField(blank=True, max_length=8, verbose_name='UAI')),
                ('is_head', models.BooleanField(default=False, verbose_name='siège')),
                ('address', models.CharField(blank=True, max_length=250, verbose_name='adresse')),
                ('address_complement', models.CharField(blank=True, max_length=250, verbose_name='complément d’adresse')),
                ('postcode', models.CharField(blank=True, max_length=10, verbose_name='code postal')),
                ('city', models.CharField(blank=True, max_length=120, verbose_name='ville')),
                ('cedex', models.CharField(blank=True, max_length=40, verbose_name='cedex')),
                ('city_code', models.CharField(blank=True, max_length=5, verbose_name='code commune')),
                ('department', models.CharField(blank=True, max_length=3, verbose_name='département')),
                ('country', models.CharField(default='FR', max_length=2, verbose_name='pays')),
                ('latitude', models.FloatField(blank=True, null=True, verbose_name='latitude')),
                ('longitude', models.FloatField(blank=True, null=True, verbose_name='longitude')),
                ('phone', models.CharField(blank=True, max_length=20, verbose_name='téléphone')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='courriel')),
                ('state', models.CharField(blank=True, choices=[('A', 'ouvert'), ('F', 'fermé')], default='A', max_length=1, verbose_name='état')),
                ('partner', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='directory.partner', verbose_name='partenaire')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='directory.site')),
                ('merged_into', models.ForeignKey(db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='directory.site', verbose_name='réuni à')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PlaceCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('department', models.CharField(blank=True, max_length=3, verbose_name='département')),
                ('kind', models.CharField(max_length=20, verbose_name='nature')),
                ('division', models.CharField(blank=True, max_length=2, verbose_name='division d’activité')),
                ('partners', models.PositiveIntegerField(verbose_name='partenaires')),
            ],
            options={
                'verbose_name': 'compte par département',
                'verbose_name_plural': 'comptes par département',
                'ordering': ['department', 'kind', 'division', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('department', 'kind', 'division'), name='one_count_per_place')],
            },
        ),
        migrations.CreateModel(
            name='Merge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('partner', 'partenaire'), ('site', 'établissement'), ('person', 'personne')], max_length=8, verbose_name='nature')),
                ('kept_id', models.BigIntegerField(verbose_name='fiche gardée')),
                ('absorbed_id', models.BigIntegerField(verbose_name='fiche réunie')),
                ('at', models.DateTimeField(auto_now_add=True, verbose_name='le')),
                ('choices', models.JSONField(default=dict, verbose_name='choix')),
                ('archived_at', models.DateTimeField(null=True, verbose_name='déjà archivée le')),
                ('was_head', models.BooleanField(default=False)),
                ('undone_at', models.DateTimeField(null=True, verbose_name='séparées le')),
                ('entailed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='entailed', to='directory.merge')),
                ('undone_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='séparées par')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par')),
            ],
            options={
                'verbose_name': 'réunion de fiches',
                'verbose_name_plural': 'réunions de fiches',
                'ordering': ['pk'],
                'indexes': [models.Index(fields=['kind', 'kept_id'], name='merge_by_kept'), models.Index(fields=['kind', 'absorbed_id'], name='merge_by_absorbed')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('undone_at', None)), fields=('kind', 'absorbed_id'), name='one_merge_per_absorbed'), models.CheckConstraint(condition=models.Q(('kept_id', models.F('absorbed_id')), _negated=True), name='merge_of_two_records')],
            },
        ),
        migrations.CreateModel(
            name='MergeBase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('partner', 'partenaire'), ('site', 'établissement'), ('person', 'personne')], max_length=8)),
                ('record_id', models.BigIntegerField()),
                ('own', models.JSONField()),
                ('origins', models.JSONField()),
                ('pinned', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                ('computed', models.JSONField()),
            ],
            options={
                'verbose_name': 'valeurs propres d’une fiche réunie',
                'constraints': [models.UniqueConstraint(fields=('kind', 'record_id'), name='one_base_per_record')],
            },
        ),
        migrations.CreateModel(
            name='MergeRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('model', models.CharField(max_length=80)),
                ('row_id', models.BigIntegerField()),
                ('home', models.JSONField()),
                ('shown', models.JSONField()),
                ('holders', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), size=None)),
                ('row', models.JSONField(null=True)),
                ('twin', models.BigIntegerField(null=True)),
                ('given', models.JSONField(default=dict)),
            ],
            options={
                'verbose_name': 'ligne d’une fiche réunie',
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['holders'], name='merge_row_by_holder')],
                'constraints': [models.UniqueConstraint(fields=('model', 'row_id'), name='one_home_per_row')],
            },
        ),
        migrations.CreateModel(
            name='SearchIndex',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', models.CharField(max_length=32)),
                ('ready', models.BooleanField(default=False)),
                ('built_at', models.DateTimeField(auto_now=True)),
            ],
        ),
        migrations.CreateModel(
            name='SearchChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('partner', models.BigIntegerField(null=True)),
                ('person', models.BigIntegerField(null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('partner__isnull', False), ('person', None)), models.Q(('partner', None), ('person__isnull', False)), _connector='OR'), name='search_change_is_of_one_thing')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='person',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "directory_personevent" ("archived_at", "channel", "civility", "collected_on", "created_at", "description", "do_not_contact", "email", "first_name", "id", "informed_on", "languages", "last_name", "merged_into_id", "mobile", "origins", "other_emails", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "refusal", "refused_on", "sharing", "source", "tags", "unit_id", "version", "web") SELECT new_values."archived_at", new_values."channel", new_values."civility", new_values."collected_on", new_values."created_at", new_values."description", new_values."do_not_contact", new_values."email", new_values."first_name", new_values."id", new_values."informed_on", new_values."languages", new_values."last_name", new_values."merged_into_id", new_values."mobile", new_values."origins", new_values."other_emails", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."phone", new_values."refusal", new_values."refused_on", new_values."sharing", new_values."source", new_values."tags", new_values."unit_id", new_values."version", new_values."web" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='e69dcb7c36c8e795de20be9a08cb8b91521ab2ba', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_f1db5', referencing='REFERENCING NEW TABLE AS new_values ', table='directory_person', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='person',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "directory_personevent" ("archived_at", "channel", "civility", "collected_on", "created_at", "description", "do_not_contact", "email", "first_name", "id", "informed_on", "languages", "last_name", "merged_into_id", "mobile", "origins", "other_emails", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "refusal", "refused_on", "sharing", "source", "tags", "unit_id", "version", "web") SELECT new_values."archived_at", new_values."channel", new_values."civility", new_values."collected_on", new_values."created_at", new_values."description", new_values."do_not_contact", new_values."email", new_values."first_name", new_values."id", new_values."informed_on", new_values."languages", new_values."last_name", new_values."merged_into_id", new_values."mobile", new_values."origins", new_values."other_emails", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."phone", new_values."refusal", new_values."refused_on", new_values."sharing", new_values."source", new_values."tags", new_values."unit_id", new_values."version", new_values."web" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."archived_at" IS DISTINCT FROM (new_values."archived_at") OR old_values."channel" IS DISTINCT FROM (new_values."channel") OR old_values."civility" IS DISTINCT FROM (new_values."civility") OR old_values."collected_on" IS DISTINCT FROM (new_values."collected_on") OR old_values."created_at" IS DISTINCT FROM (new_values."created_at") OR old_values."description" IS DISTINCT FROM (new_values."description") OR old_values."do_not_contact" IS DISTINCT FROM (new_values."do_not_contact") OR old_values."email" IS DISTINCT FROM (new_values."email") OR old_values."email_key" IS DISTINCT FROM (new_values."email_key") OR old_values."first_name" IS DISTINCT FROM (new_values."first_name") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."informed_on" IS DISTINCT FROM (new_values."informed_on") OR old_values."languages" IS DISTINCT FROM (new_values."languages") OR old_values."last_name" IS DISTINCT FROM (new_values."last_name") OR old_values."merged_into_id" IS DISTINCT FROM (new_values."merged_into_id") OR old_values."mobile" IS DISTINCT FROM (new_values."mobile") OR old_values."name_key" IS DISTINCT FROM (new_values."name_key") OR old_values."origins" IS DISTINCT FROM (new_values."origins") OR old_values."other_emails" IS DISTINCT FROM (new_values."other_emails") OR old_values."phone" IS DISTINCT FROM (new_values."phone") OR old_values."refusal" IS DISTINCT FROM (new_values."refusal") OR old_values."refused_on" IS DISTINCT FROM (new_values."refused_on") OR old_values."sharing" IS DISTINCT FROM (new_values."sharing") OR old_values."source" IS DISTINCT FROM (new_values."source") OR old_values."tags" IS DISTINCT FROM (new_values."tags") OR old_values."unit_id" IS DISTINCT FROM (new_values."unit_id") OR old_values."version" IS DISTINCT FROM (new_values."version") OR old_values."web" IS DISTINCT FROM (new_values."web")) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='fb10972836ed9136862bb179d86aa7f543ad5321', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_45f75', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='directory_person', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='person',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "directory_personevent" ("archived_at", "channel", "civility", "collected_on", "created_at", "description", "do_not_contact", "email", "first_name", "id", "informed_on", "languages", "last_name", "merged_into_id", "mobile", "origins", "other_emails", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "refusal", "refused_on", "sharing", "source", "tags", "unit_id", "version", "web") SELECT old_values."archived_at", old_values."channel", old_values."civility", old_values."collected_on", old_values."created_at", old_values."description", old_values."do_not_contact", old_values."email", old_values."first_name", old_values."id", old_values."informed_on", old_values."languages", old_values."last_name", old_values."merged_into_id", old_values."mobile", old_values."origins", old_values."other_emails", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."phone", old_values."refusal", old_values."refused_on", old_values."sharing", old_values."source", old_values."tags", old_values."unit_id", old_values."version", old_values."web" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='f4f902fc15161e90e41fdd441ecf8e79c57d67d7', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_395d8', referencing='REFERENCING OLD TABLE AS old_values ', table='directory_person', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='partner',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "directory_partnerevent" ("acronym", "archived_at", "city", "country", "created_at", "department", "description", "diffusion", "email", "foreign_id", "former_names", "headcount_band", "headcount_year", "id", "kind", "languages", "legal_category", "merged_into_id", "naf", "naf2025", "name", "origins", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "postcode", "referent_id", "register_checked_on", "register_state", "rna", "sharing", "siren", "size_category", "tags", "unit_id", "usual_name", "vat", "version", "web") SELECT new_values."acronym", new_values."archived_at", new_values."city", new_values."country", new_values."created_at", new_values."department", new_values."description", new_values."diffusion", new_values."email", new_values."foreign_id", new_values."former_names", new_values."headcount_band", new_values."headcount_year", new_values."id", new_values."kind", new_values."languages", new_values."legal_category", new_values."merged_into_id", new_values."naf", new_values."naf2025", new_values."name", new_values."origins", new_values."parent_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."phone", new_values."postcode", new_values."referent_id", new_values."register_checked_on", new_values."register_state", new_values."rna", new_values."sharing", new_values."siren", new_values."size_category", new_values."tags", new_values."unit_id", new_values."usual_name", new_values."vat", new_values."version", new_values."web" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='98cbe1b4cecef627b705e16c7a7a1847de8af34b', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_01e37', referencing='REFERENCING NEW TABLE AS new_values ', table='directory_partner', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='partner',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "directory_partnerevent" ("acronym", "archived_at", "city", "country", "created_at", "department", "description", "diffusion", "email", "foreign_id", "former_names", "headcount_band", "headcount_year", "id", "kind", "languages", "legal_category", "merged_into_id", "naf", "naf2025", "name", "origins", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "postcode", "referent_id", "register_checked_on", "register_state", "rna", "sharing", "siren", "size_category", "tags", "unit_id", "usual_name", "vat", "version", "web") SELECT new_values."acronym", new_values."archived_at", new_values."city", new_values."country", new_values."created_at", new_values."department", new_values."description", new_values."diffusion", new_values."email", new_values."foreign_id", new_values."former_names", new_values."headcount_band", new_values."headcount_year", new_values."id", new_values."kind", new_values."languages", new_values."legal_category", new_values."merged_into_id", new_values."naf", new_values."naf2025", new_values."name", new_values."origins", new_values."parent_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."phone", new_values."postcode", new_values."referent_id", new_values."register_checked_on", new_values."register_state", new_values."rna", new_values."sharing", new_values."siren", new_values."size_category", new_values."tags", new_values."unit_id", new_values."usual_name", new_values."vat", new_values."version", new_values."web" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."acronym" IS DISTINCT FROM (new_values."acronym") OR old_values."archived_at" IS DISTINCT FROM (new_values."archived_at") OR old_values."city" IS DISTINCT FROM (new_values."city") OR old_values."city_key" IS DISTINCT FROM (new_values."city_key") OR old_values."country" IS DISTINCT FROM (new_values."country") OR old_values."created_at" IS DISTINCT FROM (new_values."created_at") OR old_values."department" IS DISTINCT FROM (new_values."department") OR old_values."description" IS DISTINCT FROM (new_values."description") OR old_values."diffusion" IS DISTINCT FROM (new_values."diffusion") OR old_values."email" IS DISTINCT FROM (new_values."email") OR old_values."foreign_id" IS DISTINCT FROM (new_values."foreign_id") OR old_values."former_names" IS DISTINCT FROM (new_values."former_names") OR old_values."headcount_band" IS DISTINCT FROM (new_values."headcount_band") OR old_values."headcount_year" IS DISTINCT FROM (new_values."headcount_year") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."kind" IS DISTINCT FROM (new_values."kind") OR old_values."label" IS DISTINCT FROM (new_values."label") OR old_values."languages" IS DISTINCT FROM (new_values."languages") OR old_values."legal_category" IS DISTINCT FROM (new_values."legal_category") OR old_values."merged_into_id" IS DISTINCT FROM (new_values."merged_into_id") OR old_values."naf" IS DISTINCT FROM (new_values."naf") OR old_values."naf2025" IS DISTINCT FROM (new_values."naf2025") OR old_values."name" IS DISTINCT FROM (new_values."name") OR old_values."name_key" IS DISTINCT FROM (new_values."name_key") OR old_values."origins" IS DISTINCT FROM (new_values."origins") OR old_values."parent_id" IS DISTINCT FROM (new_values."parent_id") OR old_values."phone" IS DISTINCT FROM (new_values."phone") OR old_values."postcode" IS DISTINCT FROM (new_values."postcode") OR old_values."referent_id" IS DISTINCT FROM (new_values."referent_id") OR old_values."register_checked_on" IS DISTINCT FROM (new_values."register_checked_on") OR old_values."register_state" IS DISTINCT FROM (new_values."register_state") OR old_values."rna" IS DISTINCT FROM (new_values."rna") OR old_values."sharing" IS DISTINCT FROM (new_values."sharing") OR old_values."siren" IS DISTINCT FROM (new_values."siren") OR old_values."size_category" IS DISTINCT FROM (new_values."size_category") OR old_values."tags" IS DISTINCT FROM (new_values."tags") OR old_values."unit_id" IS DISTINCT FROM (new_values."unit_id") OR old_values."usual_name" IS DISTINCT FROM (new_values."usual_name") OR old_values."vat" IS DISTINCT FROM (new_values."vat") OR old_values."version" IS DISTINCT FROM (new_values."version") OR old_values."web" IS DISTINCT FROM (new_values."web")) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='ff22e321d23848efd1e36a08349ce56f2923cd1f', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_3c5a3', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='directory_partner', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='partner',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "directory_partnerevent" ("acronym", "archived_at", "city", "country", "created_at", "department", "description", "diffusion", "email", "foreign_id", "former_names", "headcount_band", "headcount_year", "id", "kind", "languages", "legal_category", "merged_into_id", "naf", "naf2025", "name", "origins", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "postcode", "referent_id", "register_checked_on", "register_state", "rna", "sharing", "siren", "size_category", "tags", "unit_id", "usual_name", "vat", "version", "web") SELECT old_values."acronym", old_values."archived_at", old_values."city", old_values."country", old_values."created_at", old_values."department", old_values."description", old_values."diffusion", old_values."email", old_values."foreign_id", old_values."former_names", old_values."headcount_band", old_values."headcount_year", old_values."id", old_values."kind", old_values."languages", old_values."legal_category", old_values."merged_into_id", old_values."naf", old_values."naf2025", old_values."name", old_values."origins", old_values."parent_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."phone", old_values."postcode", old_values."referent_id", old_values."register_checked_on", old_values."register_state", old_values."rna", old_values."sharing", old_values."siren", old_values."size_category", old_values."tags", old_values."unit_id", old_values."usual_name", old_values."vat", old_values."version", old_values."web" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='895ef06deb843ce2a219d5a90caf693df6407e0a', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_50376', referencing='REFERENCING OLD TABLE AS old_values ', table='directory_partner', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='partnerunit',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "directory_partnerunitevent" ("id", "partner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "referent_id", "since", "status", "unit_id") SELECT new_values."id", new_values."partner_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."referent_id", new_values."since", new_values."status", new_values."unit_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='d91cad95ad490e9aec4899eabd88378947cf40bb', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_b9e4d', referencing='REFERENCING NEW TABLE AS new_values ', table='directory_partnerunit', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='partnerunit',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "directory_partnerunitevent" ("id", "partner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "referent_id", "since", "status", "unit_id") SELECT new_values."id", new_values."partner_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."referent_id", new_values."since", new_values."status", new_values."unit_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='c5b2aa292262a7babf0fc0eeb97f972c8b30f4ac', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_ee33f', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='directory_partnerunit', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='partnerunit',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "directory_partnerunitevent" ("id", "partner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "referent_id", "since", "status", "unit_id") SELECT old_values."id", old_values."partner_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."referent_id", old_values."since", old_values."status", old_values."unit_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='86d49c9d039603faef73e8f2dfea1a3ad12170d7', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_478aa', referencing='REFERENCING OLD TABLE AS old_values ', table='directory_partnerunit', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='site',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "directory_siteevent" ("address", "address_complement", "cedex", "city", "city_code", "country", "created_at", "department", "email", "id", "is_head", "latitude", "longitude", "merged_into_id", "name", "origins", "partner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "postcode", "siret", "state", "uai", "version") SELECT new_values."address", new_values."address_complement", new_values."cedex", new_values."city", new_values."city_code", new_values."country", new_values."created_at", new_values."department", new_values."email", new_values."id", new_values."is_head", new_values."latitude", new_values."longitude", new_values."merged_into_id", new_values."name", new_values."origins", new_values."partner_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."phone", new_values."postcode", new_values."siret", new_values."state", new_values."uai", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='75dfabc813f976ab938d886b2c10d21b98f4a12b', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_8ed51', referencing='REFERENCING NEW TABLE AS new_values ', table='directory_site', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='site',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "directory_siteevent" ("address", "address_complement", "cedex", "city", "city_code", "country", "created_at", "department", "email", "id", "is_head", "latitude", "longitude", "merged_into_id", "name", "origins", "partner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "postcode", "siret", "state", "uai", "version") SELECT new_values."address", new_values."address_complement", new_values."cedex", new_values."city", new_values."city_code", new_values."country", new_values."created_at", new_values."department", new_values."email", new_values."id", new_values."is_head", new_values."latitude", new_values."longitude", new_values."merged_into_id", new_values."name", new_values."origins", new_values."partner_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."phone", new_values."postcode", new_values."siret", new_values."state", new_values."uai", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."address" IS DISTINCT FROM (new_values."address") OR old_values."address_complement" IS DISTINCT FROM (new_values."address_complement") OR old_values."cedex" IS DISTINCT FROM (new_values."cedex") OR old_values."city" IS DISTINCT FROM (new_values."city") OR old_values."city_code" IS DISTINCT FROM (new_values."city_code") OR old_values."country" IS DISTINCT FROM (new_values."country") OR old_values."created_at" IS DISTINCT FROM (new_values."created_at") OR old_values."department" IS DISTINCT FROM (new_values."department") OR old_values."email" IS DISTINCT FROM (new_values."email") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."is_head" IS DISTINCT FROM (new_values."is_head") OR old_values."latitude" IS DISTINCT FROM (new_values."latitude") OR old_values."longitude" IS DISTINCT FROM (new_values."longitude") OR old_values."merged_into_id" IS DISTINCT FROM (new_values."merged_into_id") OR old_values."name" IS DISTINCT FROM (new_values."name") OR old_values."origins" IS DISTINCT FROM (new_values."origins") OR old_values."partner_id" IS DISTINCT FROM (new_values."partner_id") OR old_values."phone" IS DISTINCT FROM (new_values."phone") OR old_values."postcode" IS DISTINCT FROM (new_values."postcode") OR old_values."siret" IS DISTINCT FROM (new_values."siret") OR old_values."state" IS DISTINCT FROM (new_values."state") OR old_values."uai" IS DISTINCT FROM (new_values."uai") OR old_values."version" IS DISTINCT FROM (new_values."version")) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='ea919f2aa99d9e7d7a5cb4102df64b508870e070', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_8f84b', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='directory_site', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='site',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "directory_siteevent" ("address", "address_complement", "cedex", "city", "city_code", "country", "created_at", "department", "email", "id", "is_head", "latitude", "longitude", "merged_into_id", "name", "origins", "partner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "postcode", "siret", "state", "uai", "version") SELECT old_values."address", old_values."address_complement", old_values."cedex", old_values."city", old_values."city_code", old_values."country", old_values."created_at", old_values."department", old_values."email", old_values."id", old_values."is_head", old_values."latitude", old_values."longitude", old_values."merged_into_id", old_values."name", old_values."origins", old_values."partner_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."phone", old_values."postcode", old_values."siret", old_values."state", old_values."uai", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='e7cbfb2e4d0bb79c798919766201e90fd19bdb71', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_0f6cf', referencing='REFERENCING OLD TABLE AS old_values ', table='directory_site', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='position',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "directory_positionevent" ("created_at", "ended_on", "id", "origins", "partner_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "service", "site_id", "started_on", "title", "version") SELECT new_values."created_at", new_values."ended_on", new_values."id", new_values."origins", new_values."partner_id", new_values."person_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."service", new_values."site_id", new_values."started_on", new_values."title", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='44d163e1374dc6041393de68e03c8e5d03a4c24b', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_007d8', referencing='REFERENCING NEW TABLE AS new_values ', table='directory_position', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='position',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "directory_positionevent" ("created_at", "ended_on", "id", "origins", "partner_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "service", "site_id", "started_on", "title", "version") SELECT new_values."created_at", new_values."ended_on", new_values."id", new_values."origins", new_values."partner_id", new_values."person_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."service", new_values."site_id", new_values."started_on", new_values."title", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."created_at" IS DISTINCT FROM (new_values."created_at") OR old_values."ended_on" IS DISTINCT FROM (new_values."ended_on") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."origins" IS DISTINCT FROM (new_values."origins") OR old_values."partner_id" IS DISTINCT FROM (new_values."partner_id") OR old_values."person_id" IS DISTINCT FROM (new_values."person_id") OR old_values."service" IS DISTINCT FROM (new_values."service") OR old_values."site_id" IS DISTINCT FROM (new_values."site_id") OR old_values."started_on" IS DISTINCT FROM (new_values."started_on") OR old_values."title" IS DISTINCT FROM (new_values."title") OR old_values."version" IS DISTINCT FROM (new_values."version")) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='69fe09ac19ff756a8e6bd27e72eda2d85a02e32f', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_f948e', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='directory_position', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='position',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "directory_positionevent" ("created_at", "ended_on", "id", "origins", "partner_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "service", "site_id", "started_on", "title", "version") SELECT old_values."created_at", old_values."ended_on", old_values."id", old_values."origins", old_values."partner_id", old_values."person_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."service", old_values."site_id", old_values."started_on", old_values."title", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='4acea04ddeac20caf228063be120e76e8eed4a80', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_a5c53', referencing='REFERENCING OLD TABLE AS old_values ', table='directory_position', when='AFTER')),
        ),
        migrations.RunSQL(
            "ALTER TABLE directory_searchentry ALTER COLUMN document SET STATISTICS 500",
            "ALTER TABLE directory_searchentry ALTER COLUMN document SET STATISTICS -1",
        ),
        migrations.RunSQL(NOTE, FORGET),
    ]
