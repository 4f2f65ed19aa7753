"""The index on disk also narrows lists: what changes a partner's facets is noted by the database, whoever writes."""

from django.db import migrations

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
UPDATE directory_searchindex SET ready = false;
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


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0015_index_of_lists"),
    ]

    operations = [
        migrations.RunSQL(NOTE, FORGET),
    ]
