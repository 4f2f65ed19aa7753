from django.db import migrations

SQL = """
CREATE OR REPLACE FUNCTION rq_document(text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT to_tsvector('pg_catalog.simple', public.rq_fold(regexp_replace(coalesce($1, ''), '[^[:alnum:]]+', ' ', 'g'))) $$;
"""


class Migration(migrations.Migration):
    dependencies = [("foundation", "0002_cache")]
    operations = [migrations.RunSQL(SQL, "DROP FUNCTION IF EXISTS rq_document(text)")]
