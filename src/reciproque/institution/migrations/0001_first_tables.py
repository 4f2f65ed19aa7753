"""Units, accounts, memberships and what the establishment says of itself."""

import django.contrib.auth.models
import django.contrib.auth.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
import reciproque.foundation.database.functions
from django.conf import settings
from django.db import migrations, models
from reciproque.foundation.database.first_tables import FirstTables


class Migration(FirstTables):

    initial = True

    replaces = [
        ('institution', '0001_initial'),
        ('institution', '0002_list_exports'),
        ('institution', '0003_export_files'),
        ('institution', '0004_notices'),
        ('institution', '0005_identity'),
    ]

    dependencies = [
        ('foundation', '0003_documents'),
        ('auth', '0012_alter_user_first_name_max_length'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                ('first_name', models.CharField(blank=True, max_length=150, verbose_name='first name')),
                ('last_name', models.CharField(blank=True, max_length=150, verbose_name='last name')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='email address')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('title', models.CharField(blank=True, max_length=120, verbose_name='fonction')),
                ('phone', models.CharField(blank=True, max_length=20, verbose_name='téléphone')),
                ('language', models.CharField(default='fr', max_length=5, verbose_name='langue')),
                ('persona', models.CharField(blank=True, editable=False, max_length=300, verbose_name='profil de démonstration')),
                ('name_key', models.GeneratedField(db_persist=True, expression=reciproque.foundation.database.functions.Fold(django.db.models.functions.text.Concat('last_name', models.Value(' '), 'first_name')), output_field=models.TextField())),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'compte',
                'verbose_name_plural': 'comptes',
                'ordering': ['name_key', 'pk'],
                'abstract': False,
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('email'), condition=models.Q(('email', ''), _negated=True), name='one_account_per_email', violation_error_message='Un compte a déjà cette adresse.')],
            },
            managers=[
                ('objects', django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name='Unit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40, unique=True, verbose_name='code')),
                ('name', models.CharField(max_length=200, verbose_name='nom')),
                ('short_name', models.CharField(max_length=40, verbose_name='nom court')),
                ('kind', models.CharField(choices=[('establishment', 'établissement'), ('faculty', 'UFR, faculté'), ('institute', 'institut, école interne (art. L713-9)'), ('department', 'département'), ('service', 'service central ou commun'), ('continuing_education_service', 'service de formation continue'), ('careers_service', 'orientation, stages et insertion'), ('business_relations_service', 'relations entreprises et valorisation'), ('laboratory', 'unité de recherche'), ('technology_platform', 'plateforme technologique'), ('doctoral_school', 'école doctorale'), ('cfa', 'CFA, UFA'), ('foundation', 'fondation')], max_length=40, verbose_name='nature')),
                ('uai', models.CharField(blank=True, max_length=8, verbose_name='UAI')),
                ('supann_code', models.CharField(blank=True, max_length=60, verbose_name='code SUPANN')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='courriel')),
                ('phone', models.CharField(blank=True, max_length=20, verbose_name='téléphone')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='rang')),
                ('colour', models.PositiveSmallIntegerField(default=0, verbose_name='couleur')),
                ('closed_on', models.DateField(blank=True, null=True, verbose_name='fermée le')),
                ('path', models.CharField(db_index=True, default='', editable=False, max_length=200)),
                ('tree_key', models.CharField(default='', editable=False, max_length=400)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='institution.unit', verbose_name='rattachée à')),
            ],
            options={
                'verbose_name': 'entité',
                'verbose_name_plural': 'entités',
                'ordering': ['tree_key', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='unit_has_a_name'), models.CheckConstraint(condition=models.Q(('parent__isnull', False), ('kind', 'establishment'), _connector='OR'), name='only_an_establishment_has_no_parent')],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('reader', 'lecture'), ('member', 'contribution'), ('manager', 'gestion'), ('data_steward', 'référent qualité des données'), ('steering', 'pilotage'), ('dpo', 'déléguée ou délégué à la protection des données'), ('administrator', 'administration')], max_length=20, verbose_name='rôle')),
                ('since', models.DateField(auto_now_add=True, verbose_name='depuis')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to=settings.AUTH_USER_MODEL, verbose_name='compte')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='institution.unit', verbose_name='entité')),
            ],
            options={
                'verbose_name': 'appartenance',
                'verbose_name_plural': 'appartenances',
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('role__in', ['reader', 'member', 'manager'])), fields=('user', 'unit'), name='one_rank_per_unit', violation_error_message='Cette personne a déjà un rôle dans cette entité : modifiez-le.'), models.UniqueConstraint(fields=('user', 'unit', 'role'), name='each_role_once')],
            },
        ),
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('page', models.CharField(max_length=60, verbose_name='page')),
                ('name', models.CharField(max_length=80, verbose_name='nom')),
                ('query', models.TextField(blank=True, verbose_name='filtres, tri et colonnes')),
                ('visibility', models.CharField(choices=[('mine', 'moi'), ('unit', 'mon entité'), ('establishment', 'tout l’établissement')], default='mine', max_length=20, verbose_name='visible par')),
                ('pinned', models.BooleanField(default=False, verbose_name='épinglée')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='rang')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='propriétaire')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='institution.unit', verbose_name='entité')),
            ],
            options={
                'verbose_name': 'vue enregistrée',
                'verbose_name_plural': 'vues enregistrées',
                'ordering': ['page', 'position', 'name', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('owner', 'page', 'name'), name='one_view_of_that_name', violation_error_message='Vous avez déjà une vue de ce nom.'), models.CheckConstraint(condition=models.Q(models.Q(('visibility', 'unit'), _negated=True), ('unit__isnull', False), _connector='OR'), name='a_unit_view_has_a_unit')],
            },
        ),
        migrations.CreateModel(
            name='SavedViewEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('page', models.CharField(max_length=60, verbose_name='page')),
                ('name', models.CharField(max_length=80, verbose_name='nom')),
                ('query', models.TextField(blank=True, verbose_name='filtres, tri et colonnes')),
                ('visibility', models.CharField(choices=[('mine', 'moi'), ('unit', 'mon entité'), ('establishment', 'tout l’établissement')], default='mine', max_length=20, verbose_name='visible par')),
                ('pinned', models.BooleanField(default=False, verbose_name='épinglée')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='rang')),
                ('owner', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='propriétaire')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='institution.savedview')),
                ('unit', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='institution.unit', verbose_name='entité')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='MembershipEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('role', models.CharField(choices=[('reader', 'lecture'), ('member', 'contribution'), ('manager', 'gestion'), ('data_steward', 'référent qualité des données'), ('steering', 'pilotage'), ('dpo', 'déléguée ou délégué à la protection des données'), ('administrator', 'administration')], max_length=20, verbose_name='rôle')),
                ('since', models.DateField(auto_now_add=True, verbose_name='depuis')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='institution.membership')),
                ('user', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='compte')),
                ('unit', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='institution.unit', verbose_name='entité')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='UnitEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('code', models.SlugField(db_index=False, max_length=40, verbose_name='code')),
                ('name', models.CharField(max_length=200, verbose_name='nom')),
                ('short_name', models.CharField(max_length=40, verbose_name='nom court')),
                ('kind', models.CharField(choices=[('establishment', 'établissement'), ('faculty', 'UFR, faculté'), ('institute', 'institut, école interne (art. L713-9)'), ('department', 'département'), ('service', 'service central ou commun'), ('continuing_education_service', 'service de formation continue'), ('careers_service', 'orientation, stages et insertion'), ('business_relations_service', 'relations entreprises et valorisation'), ('laboratory', 'unité de recherche'), ('technology_platform', 'plateforme technologique'), ('doctoral_school', 'école doctorale'), ('cfa', 'CFA, UFA'), ('foundation', 'fondation')], max_length=40, verbose_name='nature')),
                ('uai', models.CharField(blank=True, max_length=8, verbose_name='UAI')),
                ('supann_code', models.CharField(blank=True, max_length=60, verbose_name='code SUPANN')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='courriel')),
                ('phone', models.CharField(blank=True, max_length=20, verbose_name='téléphone')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='rang')),
                ('colour', models.PositiveSmallIntegerField(default=0, verbose_name='couleur')),
                ('closed_on', models.DateField(blank=True, null=True, verbose_name='fermée le')),
                ('path', models.CharField(default='', editable=False, max_length=200)),
                ('tree_key', models.CharField(default='', editable=False, max_length=400)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('parent', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='institution.unit', verbose_name='rattachée à')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='institution.unit')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='UserEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                ('first_name', models.CharField(blank=True, max_length=150, verbose_name='first name')),
                ('last_name', models.CharField(blank=True, max_length=150, verbose_name='last name')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='email address')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('title', models.CharField(blank=True, max_length=120, verbose_name='fonction')),
                ('phone', models.CharField(blank=True, max_length=20, verbose_name='téléphone')),
                ('language', models.CharField(default='fr', max_length=5, verbose_name='langue')),
                ('persona', models.CharField(blank=True, editable=False, max_length=300, verbose_name='profil de démonstration')),
                ('name_key', models.GeneratedField(db_persist=True, expression=reciproque.foundation.database.functions.Fold(django.db.models.functions.text.Concat('last_name', models.Value(' '), 'first_name')), output_field=models.TextField())),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ListExport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(auto_now_add=True, verbose_name='le')),
                ('page', models.CharField(max_length=60, verbose_name='page')),
                ('query', models.TextField(blank=True, verbose_name='filtres et tri')),
                ('columns', models.JSONField(default=list, verbose_name='colonnes')),
                ('form', models.CharField(max_length=8, verbose_name='format')),
                ('rows', models.PositiveIntegerField(verbose_name='lignes')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='compte')),
                ('only', models.JSONField(default=list, verbose_name='fiches cochées')),
                ('path', models.CharField(blank=True, max_length=100, verbose_name='fichier')),
                ('ready_at', models.DateTimeField(blank=True, null=True, verbose_name='prêt le')),
                ('size', models.PositiveBigIntegerField(default=0, verbose_name='octets')),
                ('state', models.CharField(choices=[('sent', 'envoyé'), ('waiting', 'en préparation'), ('ready', 'prêt'), ('failed', 'en échec'), ('expired', 'effacé')], default='sent', max_length=8, verbose_name='état')),
            ],
            options={
                'verbose_name': 'export',
                'verbose_name_plural': 'exports',
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='ListExportEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('at', models.DateTimeField(auto_now_add=True, verbose_name='le')),
                ('page', models.CharField(max_length=60, verbose_name='page')),
                ('query', models.TextField(blank=True, verbose_name='filtres et tri')),
                ('columns', models.JSONField(default=list, verbose_name='colonnes')),
                ('form', models.CharField(max_length=8, verbose_name='format')),
                ('rows', models.PositiveIntegerField(verbose_name='lignes')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='institution.listexport')),
                ('user', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='compte')),
                ('only', models.JSONField(default=list, verbose_name='fiches cochées')),
                ('path', models.CharField(blank=True, max_length=100, verbose_name='fichier')),
                ('ready_at', models.DateTimeField(blank=True, null=True, verbose_name='prêt le')),
                ('size', models.PositiveBigIntegerField(default=0, verbose_name='octets')),
                ('state', models.CharField(choices=[('sent', 'envoyé'), ('waiting', 'en préparation'), ('ready', 'prêt'), ('failed', 'en échec'), ('expired', 'effacé')], default='sent', max_length=8, verbose_name='état')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='NoticeChoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40, verbose_name='nature')),
                ('pace', models.CharField(choices=[('at_once', 'tout de suite'), ('daily', 'une fois par jour'), ('weekly', 'une fois par semaine'), ('never', 'jamais')], max_length=10, verbose_name='rythme')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='compte')),
            ],
            options={
                'verbose_name': 'choix de notification',
                'verbose_name_plural': 'choix de notifications',
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('user', 'kind'), name='one_pace_per_kind')],
            },
        ),
        migrations.CreateModel(
            name='NoticeChoiceEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('kind', models.CharField(max_length=40, verbose_name='nature')),
                ('pace', models.CharField(choices=[('at_once', 'tout de suite'), ('daily', 'une fois par jour'), ('weekly', 'une fois par semaine'), ('never', 'jamais')], max_length=10, verbose_name='rythme')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='institution.noticechoice')),
                ('user', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='compte')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='NoticeMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('sending', 'en cours d’envoi'), ('sent', 'envoyé'), ('empty', 'sans objet'), ('failed', 'refusé par le serveur'), ('doubt', 'incertain')], default='sending', max_length=10, verbose_name='état')),
                ('error', models.CharField(blank=True, max_length=300, verbose_name='réponse du serveur')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='préparé le')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='compte')),
            ],
            options={
                'verbose_name': 'message de notification',
                'verbose_name_plural': 'messages de notification',
                'ordering': ['pk'],
                'indexes': [models.Index(condition=models.Q(('state', 'sending')), fields=['created_at'], name='notice_mail_moving')],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40, verbose_name='nature')),
                ('fact', models.CharField(max_length=60, verbose_name='fait')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='le')),
                ('seen_at', models.DateTimeField(blank=True, null=True, verbose_name='lu le')),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='compte')),
                ('mail', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='notices', to='institution.noticemail', verbose_name='message')),
            ],
            options={
                'verbose_name': 'notification',
                'verbose_name_plural': 'notifications',
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['user', '-id'], name='notice_by_user'), models.Index(condition=models.Q(('seen_at', None)), fields=['user'], name='notice_unseen'), models.Index(condition=models.Q(('mail', None), ('seen_at', None)), fields=['kind', 'created_at'], name='notice_to_mail'), models.Index(fields=['created_at'], name='notice_by_age')],
                'constraints': [models.UniqueConstraint(fields=('user', 'kind', 'fact'), name='told_once')],
            },
        ),
        migrations.CreateModel(
            name='Identity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, verbose_name='nom sur les documents')),
                ('colour', models.CharField(default='#67408f', help_text='Comme #67408f.', max_length=7, verbose_name='couleur')),
                ('address', models.TextField(blank=True, max_length=500, verbose_name='adresse')),
                ('contact', models.CharField(blank=True, help_text='Courriel ou téléphone de l’accueil des partenaires.', max_length=200, verbose_name='contact')),
                ('logo', models.CharField(blank=True, editable=False, max_length=64, verbose_name='logo')),
                ('logo_text', models.CharField(blank=True, max_length=120, verbose_name='texte qui remplace le logo')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='modifiée le')),
            ],
            options={
                'verbose_name': 'identité de l’établissement',
                'verbose_name_plural': 'identité de l’établissement',
                'constraints': [models.UniqueConstraint(models.Value(1), name='one_identity'), models.CheckConstraint(condition=models.Q(('colour__regex', '^#[0-9a-f]{6}$')), name='identity_has_a_colour', violation_error_message='Une couleur s’écrit # puis six chiffres de 0 à 9 ou lettres de a à f.')],
            },
        ),
        migrations.CreateModel(
            name='IdentityEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('name', models.CharField(max_length=200, verbose_name='nom sur les documents')),
                ('colour', models.CharField(default='#67408f', help_text='Comme #67408f.', max_length=7, verbose_name='couleur')),
                ('address', models.TextField(blank=True, max_length=500, verbose_name='adresse')),
                ('contact', models.CharField(blank=True, help_text='Courriel ou téléphone de l’accueil des partenaires.', max_length=200, verbose_name='contact')),
                ('logo', models.CharField(blank=True, editable=False, max_length=64, verbose_name='logo')),
                ('logo_text', models.CharField(blank=True, max_length=120, verbose_name='texte qui remplace le logo')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='institution.identity')),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='user',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "institution_userevent" ("date_joined", "email", "first_name", "id", "is_active", "is_staff", "is_superuser", "language", "last_name", "persona", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "title", "username") SELECT new_values."date_joined", new_values."email", new_values."first_name", new_values."id", new_values."is_active", new_values."is_staff", new_values."is_superuser", new_values."language", new_values."last_name", new_values."persona", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."phone", new_values."title", new_values."username" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='123b52535440e7f8b33037d596d8a7c0f603d184', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_79044', referencing='REFERENCING NEW TABLE AS new_values ', table='institution_user', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='user',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "institution_userevent" ("date_joined", "email", "first_name", "id", "is_active", "is_staff", "is_superuser", "language", "last_name", "persona", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "title", "username") SELECT new_values."date_joined", new_values."email", new_values."first_name", new_values."id", new_values."is_active", new_values."is_staff", new_values."is_superuser", new_values."language", new_values."last_name", new_values."persona", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."phone", new_values."title", new_values."username" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."date_joined" IS DISTINCT FROM (new_values."date_joined") OR old_values."email" IS DISTINCT FROM (new_values."email") OR old_values."first_name" IS DISTINCT FROM (new_values."first_name") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."is_active" IS DISTINCT FROM (new_values."is_active") OR old_values."is_staff" IS DISTINCT FROM (new_values."is_staff") OR old_values."is_superuser" IS DISTINCT FROM (new_values."is_superuser") OR old_values."language" IS DISTINCT FROM (new_values."language") OR old_values."last_name" IS DISTINCT FROM (new_values."last_name") OR old_values."name_key" IS DISTINCT FROM (new_values."name_key") OR old_values."persona" IS DISTINCT FROM (new_values."persona") OR old_values."phone" IS DISTINCT FROM (new_values."phone") OR old_values."title" IS DISTINCT FROM (new_values."title") OR old_values."username" IS DISTINCT FROM (new_values."username")) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='624c47240f96be0321d413563e0f6644170a07b4', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_ee55a', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='institution_user', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='user',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "institution_userevent" ("date_joined", "email", "first_name", "id", "is_active", "is_staff", "is_superuser", "language", "last_name", "persona", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "title", "username") SELECT old_values."date_joined", old_values."email", old_values."first_name", old_values."id", old_values."is_active", old_values."is_staff", old_values."is_superuser", old_values."language", old_values."last_name", old_values."persona", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."phone", old_values."title", old_values."username" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='4266cc8ef8b4b6548ddfcec74a2e3d83cc7d3c16', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_476af', referencing='REFERENCING OLD TABLE AS old_values ', table='institution_user', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='unit',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "institution_unitevent" ("closed_on", "code", "colour", "email", "id", "kind", "name", "parent_id", "path", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "position", "short_name", "supann_code", "tree_key", "uai", "version") SELECT new_values."closed_on", new_values."code", new_values."colour", new_values."email", new_values."id", new_values."kind", new_values."name", new_values."parent_id", new_values."path", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."phone", new_values."position", new_values."short_name", new_values."supann_code", new_values."tree_key", new_values."uai", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='47b1c77e9906f2b83f67c675c450d4f8ce1d34f0', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_4d581', referencing='REFERENCING NEW TABLE AS new_values ', table='institution_unit', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='unit',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "institution_unitevent" ("closed_on", "code", "colour", "email", "id", "kind", "name", "parent_id", "path", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "position", "short_name", "supann_code", "tree_key", "uai", "version") SELECT new_values."closed_on", new_values."code", new_values."colour", new_values."email", new_values."id", new_values."kind", new_values."name", new_values."parent_id", new_values."path", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."phone", new_values."position", new_values."short_name", new_values."supann_code", new_values."tree_key", new_values."uai", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='e0ba8433cddb8af37c8af8a422ed61c87185a8fd', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_a9487', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='institution_unit', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='unit',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "institution_unitevent" ("closed_on", "code", "colour", "email", "id", "kind", "name", "parent_id", "path", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "position", "short_name", "supann_code", "tree_key", "uai", "version") SELECT old_values."closed_on", old_values."code", old_values."colour", old_values."email", old_values."id", old_values."kind", old_values."name", old_values."parent_id", old_values."path", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."phone", old_values."position", old_values."short_name", old_values."supann_code", old_values."tree_key", old_values."uai", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='692ce37c59a4f74187439cb16b280a53205f43fc', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_98e74', referencing='REFERENCING OLD TABLE AS old_values ', table='institution_unit', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "institution_membershipevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "since", "unit_id", "user_id") SELECT new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."role", new_values."since", new_values."unit_id", new_values."user_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='9c69f9c909749449fc6c35a0b31922fa1536dc74', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_ab545', referencing='REFERENCING NEW TABLE AS new_values ', table='institution_membership', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "institution_membershipevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "since", "unit_id", "user_id") SELECT new_values."id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."role", new_values."since", new_values."unit_id", new_values."user_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='4688f117b4890b9b14ee5d557c8ae4513bb3794a', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_ef5e3', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='institution_membership', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "institution_membershipevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "since", "unit_id", "user_id") SELECT old_values."id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."role", old_values."since", old_values."unit_id", old_values."user_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='a29ea4f7fed30979fa11ac3bbed921eb7fcb1585', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_5946f', referencing='REFERENCING OLD TABLE AS old_values ', table='institution_membership', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='savedview',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "institution_savedviewevent" ("id", "name", "owner_id", "page", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pinned", "position", "query", "unit_id", "visibility") SELECT new_values."id", new_values."name", new_values."owner_id", new_values."page", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."pinned", new_values."position", new_values."query", new_values."unit_id", new_values."visibility" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='43901291e7b92691bff19c516d7dbf7b3e3b036a', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_dd31b', referencing='REFERENCING NEW TABLE AS new_values ', table='institution_savedview', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='savedview',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "institution_savedviewevent" ("id", "name", "owner_id", "page", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pinned", "position", "query", "unit_id", "visibility") SELECT new_values."id", new_values."name", new_values."owner_id", new_values."page", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."pinned", new_values."position", new_values."query", new_values."unit_id", new_values."visibility" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='519709b23131e1512e925bb7aee5580540673157', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_e2329', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='institution_savedview', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='savedview',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "institution_savedviewevent" ("id", "name", "owner_id", "page", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pinned", "position", "query", "unit_id", "visibility") SELECT old_values."id", old_values."name", old_values."owner_id", old_values."page", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."pinned", old_values."position", old_values."query", old_values."unit_id", old_values."visibility" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='ef3ad602b3e8f3f2d892e41dfa0c43ff98c01fe3', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_014d1', referencing='REFERENCING OLD TABLE AS old_values ', table='institution_savedview', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='listexport',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "institution_listexportevent" ("at", "columns", "form", "id", "only", "page", "path", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "query", "ready_at", "rows", "size", "state", "user_id") SELECT new_values."at", new_values."columns", new_values."form", new_values."id", new_values."only", new_values."page", new_values."path", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."query", new_values."ready_at", new_values."rows", new_values."size", new_values."state", new_values."user_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='6c32d294e2f9db3138b9bd385bf6798fa88a5bdc', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_fa116', referencing='REFERENCING NEW TABLE AS new_values ', table='institution_listexport', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='listexport',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "institution_listexportevent" ("at", "columns", "form", "id", "only", "page", "path", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "query", "ready_at", "rows", "size", "state", "user_id") SELECT new_values."at", new_values."columns", new_values."form", new_values."id", new_values."only", new_values."page", new_values."path", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."query", new_values."ready_at", new_values."rows", new_values."size", new_values."state", new_values."user_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='e33a10af8d0dddb1e03b3dc542fe6104160069a4', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_08111', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='institution_listexport', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='listexport',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "institution_listexportevent" ("at", "columns", "form", "id", "only", "page", "path", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "query", "ready_at", "rows", "size", "state", "user_id") SELECT old_values."at", old_values."columns", old_values."form", old_values."id", old_values."only", old_values."page", old_values."path", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."query", old_values."ready_at", old_values."rows", old_values."size", old_values."state", old_values."user_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='edb934f6eed7ede9cac0b62ef2376d06446b4f1d', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_330d2', referencing='REFERENCING OLD TABLE AS old_values ', table='institution_listexport', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='noticechoice',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "institution_noticechoiceevent" ("id", "kind", "pace", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "user_id") SELECT new_values."id", new_values."kind", new_values."pace", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."user_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='1ebe004ade4d568ae8ec31ab312f9e934a624061', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_fbd2b', referencing='REFERENCING NEW TABLE AS new_values ', table='institution_noticechoice', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='noticechoice',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "institution_noticechoiceevent" ("id", "kind", "pace", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "user_id") SELECT new_values."id", new_values."kind", new_values."pace", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."user_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='6b59c37bce891ebfe88625707d610e57c87d5015', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_d27d3', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='institution_noticechoice', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='noticechoice',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "institution_noticechoiceevent" ("id", "kind", "pace", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "user_id") SELECT old_values."id", old_values."kind", old_values."pace", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."user_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='7462559f4e33ea5186559cbb7245b785a9e6c682', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_12fa7', referencing='REFERENCING OLD TABLE AS old_values ', table='institution_noticechoice', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='identity',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "institution_identityevent" ("address", "colour", "contact", "id", "logo", "logo_text", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT new_values."address", new_values."colour", new_values."contact", new_values."id", new_values."logo", new_values."logo_text", new_values."name", _pgh_attached_context.value, NOW(), \'insert\', new_values."id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='3c1283ac01b8773c6012b0d2123a65f5d740a364', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_9ec80', referencing='REFERENCING NEW TABLE AS new_values ', table='institution_identity', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='identity',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "institution_identityevent" ("address", "colour", "contact", "id", "logo", "logo_text", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT new_values."address", new_values."colour", new_values."contact", new_values."id", new_values."logo", new_values."logo_text", new_values."name", _pgh_attached_context.value, NOW(), \'update\', new_values."id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."address" IS DISTINCT FROM (new_values."address") OR old_values."colour" IS DISTINCT FROM (new_values."colour") OR old_values."contact" IS DISTINCT FROM (new_values."contact") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."logo" IS DISTINCT FROM (new_values."logo") OR old_values."logo_text" IS DISTINCT FROM (new_values."logo_text") OR old_values."name" IS DISTINCT FROM (new_values."name")) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='879fba9a9a405a72933552a83c3a19d717911ce2', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_9670c', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='institution_identity', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='identity',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "institution_identityevent" ("address", "colour", "contact", "id", "logo", "logo_text", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT old_values."address", old_values."colour", old_values."contact", old_values."id", old_values."logo", old_values."logo_text", old_values."name", _pgh_attached_context.value, NOW(), \'delete\', old_values."id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='7c48a062cb273d1c07791c8cfecf43cb305ed91b', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_addfd', referencing='REFERENCING OLD TABLE AS old_values ', table='institution_identity', when='AFTER')),
        ),
    ]
