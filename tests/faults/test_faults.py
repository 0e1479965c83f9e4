"""Worker and broker are killed and frozen in the middle of work, on real processes. Nothing is lost, nothing comes twice."""

from __future__ import annotations

import http.cookiejar
import json
import os
import signal
import time
import urllib.parse
import urllib.request
import uuid
from collections import Counter
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from annotator.jobs import sample
from annotator.stack import embedded
from tests.stack.helpers import wait_until
from tests.stack.site import Api, Site, site

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

DOCUMENTS = 200


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with site(tmp_path_factory.mktemp("faults") / "run", JOB_LEASE_SECONDS="4") as made:
        yield made
        embedded.stop(made.run_dir)


@pytest.fixture(scope="module")
def api(running: Site) -> Iterator[Api]:
    made = running.api()
    yield made
    made.line.close()


def articles(count: int) -> dict[str, bytes]:
    """Real articles with something to find, each a little different."""
    texts = [a["text"] for a in sample.load()]
    records = [{"text": f"{texts[n % len(texts)][:1500]}\n{uuid.uuid4()}"} for n in range(count)]
    return {"articles.jsonl": b"".join(json.dumps(r, ensure_ascii=False).encode() + b"\n" for r in records)}


def project_with(api: Api, count: int) -> int:
    project: int = api.must("POST", "projects/", {"name": f"Faults {uuid.uuid4().hex[:6]}"})["id"]
    api.must("PATCH", f"projects/{project}/", {"pretag_on_import": False})
    job = api.must("POST", f"projects/{project}/imports/", files=articles(count))
    assert api.wait_for(job["id"])["result"]["imported"] == count
    return project


def ask(running: Site, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
    addresses = embedded.running(running.run_dir)
    assert addresses is not None
    with psycopg.connect(addresses.database_url) as connection:
        return connection.execute(sql, parameters).fetchall()


def suggestions(running: Site, project: int) -> Counter[tuple[Any, ...]]:
    rows = ask(
        running,
        "SELECT s.document_id, s.tagger, x.label, x.start, x.end, x.entity_id FROM coding_annotationset s"
        " LEFT JOIN coding_span x ON x.set_id = s.id WHERE s.project_id = %s AND s.origin = 'MODEL'",
        project,
    )
    return Counter(rows)


def was_done_once(running: Site, project: int, job: dict[str, Any], documents: int = DOCUMENTS) -> None:
    assert job["state"] == "done", job
    assert job["progress"] == {"done": documents, "total": documents}
    assert job["errors"] == []
    log = ask(
        running, "SELECT count(*) FROM activity_activity WHERE verb = 'pretag.done' AND target_id = %s", job["id"]
    )
    assert log == [(1,)]
    found = suggestions(running, project)
    assert set(found.values()) == {1}
    assert {key[1] for key in found} == set(job["result"]["taggers"])
    sets = Counter((key[0], key[1]) for key in found)
    assert len({document for document, _tagger in sets}) == documents
    assert len(sets) == documents * len(job["result"]["taggers"])
    assert job["result"]["suggestions"] == sum(key[2] is not None for key in found)


def test_a_worker_killed_in_the_middle_of_a_run(running: Site, api: Api) -> None:
    project = project_with(api, DOCUMENTS)
    job = api.must("POST", f"projects/{project}/pretag/", {})["id"]
    first = api.wait_for(job, until="20", every=0.02)
    assert first["state"] == "running", "the run was over before the worker could be killed"
    for _again in range(2):
        os.killpg(running.pid("worker"), signal.SIGKILL)
        before = ask(running, "SELECT done FROM activity_job WHERE id = %s", job)[0][0]
        assert before < DOCUMENTS
        found = api.wait_for(job, until=str(before + 20), seconds=40, every=0.02)
        assert found["progress"]["done"] > before
    was_done_once(running, project, api.wait_for(job, seconds=60))
    assert ask(running, "SELECT attempts FROM activity_job WHERE id = %s", job) == [(3,)]
    # Asking again finds that there is nothing left to do.
    again = api.wait_for(api.must("POST", f"projects/{project}/pretag/", {})["id"])
    assert again["result"]["suggestions"] == 0


def log_in(running: Site, email: str) -> str:
    """As a person does, with form and cookies; the address where it ends."""
    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    address = f"{running.address}/accounts/login/"
    opener.open(address, timeout=20).read()
    csrf = next(cookie.value for cookie in jar if "csrf" in cookie.name)
    form = {"login": email, "password": running.password, "csrfmiddlewaretoken": csrf}
    with opener.open(address, urllib.parse.urlencode(form).encode(), timeout=20) as answer:
        assert answer.status == 200
        return str(answer.url)


def test_a_broker_that_stands_still_for_twenty_seconds_and_is_then_killed(running: Site, api: Api) -> None:
    project, other = project_with(api, DOCUMENTS), project_with(api, 20)
    job = api.must("POST", f"projects/{project}/pretag/", {})["id"]
    api.wait_for(job, until="5", every=0.02)
    redis = running.pid("redis")
    os.kill(redis, signal.SIGSTOP)
    begun = time.monotonic()
    try:
        slowest = 0.0
        # What people do goes on: an import, a run, an edit, a log-in.
        started = time.monotonic()
        status, answer = api("POST", f"projects/{other}/imports/", files=articles(10))
        slowest = max(slowest, time.monotonic() - started)
        assert status == 202
        waiting = [answer["id"]]
        started = time.monotonic()
        status, answer = api("POST", f"projects/{other}/pretag/", {})
        slowest = max(slowest, time.monotonic() - started)
        assert status == 202
        waiting.append(answer["id"])
        document = api.must("GET", f"projects/{other}/documents/")["results"][0]["id"]
        text = api.must("GET", f"documents/{document}/")["text"]
        span = {"id": str(uuid.uuid4()), "label": "ACTOR", "start": 0, "end": 4, "quote": text[:4]}
        edit = {"id": str(uuid.uuid4()), "op": "add_span", "span": span}
        assert api.must("POST", f"documents/{document}/edits/", {"edits": [edit]})["set"]["version"] == 1
        assert not log_in(running, "manager@example.org").endswith("/login/")
        status, health = running.health()
        assert status == 503
        assert (health["status"], health["database"], health["broker"]) == ("unavailable", True, False)
        assert slowest < 5
        assert {api.must("GET", f"jobs/{w}/")["state"] for w in waiting} == {"queued"}
        time.sleep(max(0, 20 - (time.monotonic() - begun)))
    finally:
        os.kill(redis, signal.SIGCONT)
    was_done_once(running, project, api.wait_for(job, seconds=60))
    for one in waiting:
        assert api.wait_for(one, seconds=40)["state"] == "done"

    # Killed with bells in it: the sweeper rings again.
    third = api.must("POST", f"projects/{other}/imports/", files=articles(10))["id"]
    os.kill(running.pid("redis"), signal.SIGKILL)
    fourth = api.must("POST", f"projects/{other}/imports/", files=articles(10))["id"]
    for one in (third, fourth):
        done = api.wait_for(one, seconds=40)
        assert (done["state"], done["result"]["imported"]) == ("done", 10)
    assert wait_until(lambda: running.health()[0] == 200, seconds=30)
    count = api.must("GET", f"projects/{other}/documents/?page_size=200")["results"]
    assert len(count) == 20 + 10 + 10 + 10
    spans = ask(running, "SELECT id FROM coding_span WHERE id = %s", span["id"])
    assert len(spans) == 1
