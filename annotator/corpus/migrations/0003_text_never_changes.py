"""The text of a document, its hash and its project never change: the database refuses, whoever asks."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION dalala_text_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the text of a document never changes' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER document_text_never_changes BEFORE UPDATE ON corpus_document FOR EACH ROW
    WHEN (OLD.text IS DISTINCT FROM NEW.text OR OLD.text_sha256 IS DISTINCT FROM NEW.text_sha256
          OR OLD.length IS DISTINCT FROM NEW.length OR OLD.project_id IS DISTINCT FROM NEW.project_id)
    EXECUTE FUNCTION dalala_text_never_changes();
"""
BACKWARD = """
DROP TRIGGER document_text_never_changes ON corpus_document;
DROP FUNCTION dalala_text_never_changes();
"""


class Migration(migrations.Migration):
    dependencies = [("corpus", "0002_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
