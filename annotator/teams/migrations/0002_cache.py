"""The table of Django's database cache: rate limits hold over all processes, with or without Redis."""

from django.db import migrations

FORWARD = """
CREATE TABLE teams_cache (
    cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamp with time zone NOT NULL
);
CREATE INDEX teams_cache_expires ON teams_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("teams", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, "DROP TABLE teams_cache;")]
