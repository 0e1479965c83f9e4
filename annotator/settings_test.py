"""The same server with a cheap password hash and unhashed static names, for the tests only."""

from annotator.stack import env as _stack_env

_stack_env.for_tests()

from annotator.settings import *  # noqa: E402, F403
from annotator.settings import RUN_DIR as _RUN_DIR  # noqa: E402
from annotator.settings import STATIC_ROOT as _STATIC_ROOT  # noqa: E402
from annotator.settings import STORAGES as _STORAGES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {**_STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
MADE_DIR = _RUN_DIR.parents[1] / "made"  # outlives the run: it is the same every time, and takes seconds
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
_STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise warns when it is not there
SILENCED_SYSTEM_CHECKS = ["dalala.E005"]  # the databases of tests need not survive a crash
