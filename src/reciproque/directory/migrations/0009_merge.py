from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("directory", "0008_places"), ("directory", "0008_rare_people")]

    operations = []
