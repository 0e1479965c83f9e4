"""Edits and submissions are only ever added; the ends of a relation lie in its own set."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION dalala_only_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% rows are never changed or deleted', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER edit_only_added BEFORE UPDATE OR DELETE ON coding_edit FOR EACH ROW EXECUTE FUNCTION dalala_only_added();
CREATE TRIGGER submission_only_added BEFORE UPDATE OR DELETE ON coding_submission
    FOR EACH ROW EXECUTE FUNCTION dalala_only_added();
ALTER TABLE coding_relation
    ADD CONSTRAINT relation_source_in_set FOREIGN KEY (set_id, source_span_id) REFERENCES coding_span (set_id, id)
        DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT relation_target_in_set FOREIGN KEY (set_id, target_span_id) REFERENCES coding_span (set_id, id)
        DEFERRABLE INITIALLY DEFERRED;
"""
BACKWARD = """
ALTER TABLE coding_relation DROP CONSTRAINT relation_source_in_set, DROP CONSTRAINT relation_target_in_set;
DROP TRIGGER submission_only_added ON coding_submission;
DROP TRIGGER edit_only_added ON coding_edit;
DROP FUNCTION dalala_only_added();
"""


class Migration(migrations.Migration):
    dependencies = [("coding", "0002_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
