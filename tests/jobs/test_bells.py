"""A bell is heard, or given up soon, and then not tried for a while."""

from __future__ import annotations

import socket
import time
import uuid

import pytest
from django.conf import settings
from kombu.pools import producers

from annotator.celery import app
from annotator.jobs import bells


def waiting() -> int:
    with app.connection_for_read() as connection, connection.channel() as channel:
        return int(channel.client.llen("celery"))


def test_a_ring_puts_one_message_into_the_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bells, "_silent_until", 0.0)
    before = waiting()
    bells.bell("export")(uuid.uuid4())
    assert waiting() == before + 1


def test_a_broker_that_stands_still_is_given_up_and_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as mute:  # takes calls and never answers
        mute.bind(("127.0.0.1", 0))
        mute.listen(64)
        address = f"redis://127.0.0.1:{mute.getsockname()[1]}/0"
        silent = app.connection_for_write(address, transport_options=bells.IMPATIENT)
        monkeypatch.setattr(bells, "_line", lambda: silent)
        monkeypatch.setattr(bells, "_silent_until", 0.0)
        begun = time.monotonic()
        with pytest.raises(Exception, match=r"(?i)timeout|timed out"):
            bells.bell("export")(uuid.uuid4())
        assert time.monotonic() - begun < 3
        begun = time.monotonic()
        with pytest.raises(bells.NotRung):
            bells.bell("export")(uuid.uuid4())
        assert time.monotonic() - begun < 0.1
        producers[silent].force_close_all()
        silent.release()
    assert settings.CELERY_TASK_PUBLISH_RETRY is False
