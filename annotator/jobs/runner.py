"""How every job runs: claimed from its row, with a heartbeat, ended under its lease. A message may come twice or never."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable

from celery.exceptions import SoftTimeLimitExceeded
from django.db import OperationalError
from django.utils.translation import gettext as _
from django.utils.translation import override

from annotator.activity.services import Lease, LeaseLost, claim
from annotator.errors import DomainError

log = logging.getLogger(__name__)

Work = Callable[[Lease], None]


def run(job_id: str, work: Work) -> None:
    """Claim the job and do its work. Whoever does not get the lease does nothing.

    A domain error ends the job as FAILED with the reason. Anything unexpected leaves the lease to run out, so that
    the sweeper tries again until the attempts are used up.
    """
    lease = claim(uuid.UUID(job_id))
    if lease is None:
        return
    with override(lease.job.params.get("language") or lease.job.requested_by.language or "en"):
        try:
            work(lease)
        except LeaseLost:
            log.info("job %s was taken over or cancelled", job_id)
        except DomainError as error:
            _fail(lease, str(error))
        except SoftTimeLimitExceeded:
            _fail(lease, _("The job took too long and was stopped."))
        except OperationalError:
            log.warning("job %s: the database went away; the sweeper will try again", job_id)
        except Exception:
            log.exception("job %s failed", job_id)
            if lease.job.attempts >= lease.job.max_attempts:
                _fail(lease, _("Something went wrong on the server. The error was logged."))


def _fail(lease: Lease, why: str) -> None:
    try:
        lease.fail(why)
    except LeaseLost:
        log.info("job %s was taken over before it could fail", lease.job.pk)
