"""What every test stands on. The database and the broker of a run are started by `annotator.settings_test`."""

from annotator.stack import translations

translations.compile_stale()
