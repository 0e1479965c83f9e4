"""The log is append-only."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION dalala_log_only_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log is only added to' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER activity_only_added BEFORE UPDATE OR DELETE ON activity_activity
    FOR EACH ROW EXECUTE FUNCTION dalala_log_only_added();
"""
BACKWARD = """
DROP TRIGGER activity_only_added ON activity_activity;
DROP FUNCTION dalala_log_only_added();
"""


class Migration(migrations.Migration):
    dependencies = [("activity", "0002_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
