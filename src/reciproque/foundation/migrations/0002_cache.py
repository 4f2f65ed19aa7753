from django.db import migrations

SQL = """
CREATE UNLOGGED TABLE foundation_cache (
  cache_key varchar(255) PRIMARY KEY,
  value text NOT NULL,
  expires timestamptz NOT NULL
);
CREATE INDEX foundation_cache_expires ON foundation_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("foundation", "0001_functions")]
    operations = [migrations.RunSQL(SQL, "DROP TABLE foundation_cache")]
