from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("directory", "0009_merge")]

    operations = [
        migrations.RenameField("searchword", "uses", "partners"),
        migrations.AlterField("searchword", "partners", models.PositiveIntegerField(default=0)),
        migrations.AddField("searchword", "people", models.PositiveIntegerField(default=0)),
    ]
