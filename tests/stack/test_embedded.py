"""The private servers: shared by processes, gone with the last one, and unhurt by kills."""

from __future__ import annotations

import os
import signal
import socket
import stat
import subprocess
import sys
import threading
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from annotator.stack import embedded
from annotator.stack.embedded import StackError
from tests.stack.helpers import (
    PROJECT,
    attached,
    broker_answers,
    clean_environment,
    database_answers,
    is_gone,
    kill_all,
    named,
    processes_of,
    wait_until,
)

pytestmark = pytest.mark.slow


def keep_a_note(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("CREATE TABLE note (words text)")
        connection.execute("INSERT INTO note VALUES ('دلالة')")


def read_the_note(database_url: str) -> str:
    with psycopg.connect(database_url) as connection:
        row = connection.execute("SELECT words FROM note").fetchone()
    assert row is not None
    return str(row[0])


def test_both_servers_answer_and_keep_what_is_written(run_dir: Path) -> None:
    first = embedded.ensure(run_dir)
    assert broker_answers(first)
    keep_a_note(first.database_url)
    assert embedded.release(run_dir)
    assert embedded.running(run_dir) is None
    assert read_the_note(embedded.ensure(run_dir).database_url) == "دلالة"


def test_a_commit_waits_for_the_disk(run_dir: Path) -> None:
    with psycopg.connect(embedded.ensure(run_dir).database_url) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            assert connection.execute(f"SHOW {setting}").fetchone() == ("on",)
        assert connection.execute("SELECT to_tsvector('arabic', 'الكتاب')").fetchone() == ("'كتاب':1",)


def test_a_second_process_attaches_and_its_end_stops_nothing(run_dir: Path) -> None:
    mine = embedded.ensure(run_dir)
    keeper = embedded.keeper_pid(run_dir)
    with attached(run_dir, seconds=0) as other:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == mine.database_url
    assert other.returncode == 0
    assert not wait_until(lambda: embedded.running(run_dir) is None, seconds=1)
    assert embedded.keeper_pid(run_dir) == keeper
    assert database_answers(mine)


def test_the_servers_outlive_the_process_that_started_them(run_dir: Path) -> None:
    with attached(run_dir) as first:
        assert first.stdout is not None
        first.stdout.readline()
        mine = embedded.ensure(run_dir)
        first.kill()
    assert not wait_until(lambda: embedded.running(run_dir) is None, seconds=1)
    assert database_answers(mine)


def test_the_last_user_may_be_killed_and_the_servers_end(run_dir: Path) -> None:
    with attached(run_dir) as only:
        assert only.stdout is not None
        only.stdout.readline()
        servers = named(processes_of(run_dir), "postgres") + named(processes_of(run_dir), "keeper")
        assert len(servers) >= 2
        only.kill()
    assert wait_until(lambda: all(is_gone(process) for process in servers))
    assert embedded.running(run_dir) is None


def test_four_starters_at_once_get_one_pair_of_servers(run_dir: Path) -> None:
    others = [attached(run_dir) for _ in range(4)]
    try:
        urls = {other.stdout.readline().strip() for other in others if other.stdout}
        assert urls == {embedded.ensure(run_dir).database_url}
        assert len(named(processes_of(run_dir), "annotator.stack.keeper")) == 1
    finally:
        for other in others:
            other.kill()
            other.communicate()


def test_everything_killed_leaves_a_stale_pid_file_and_starts_again(run_dir: Path) -> None:
    keep_a_note(embedded.ensure(run_dir).database_url)
    everything = processes_of(run_dir)
    kill_all(everything)
    assert wait_until(lambda: all(is_gone(process) for process in everything))
    pid_file = run_dir / "postgres" / "data" / "postmaster.pid"
    # The number now belongs to somebody else: to this very process.
    lines = pid_file.read_text().splitlines()
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    assert embedded.running(run_dir) is None
    assert read_the_note(embedded.ensure(run_dir).database_url) == "دلالة"


def test_a_killed_keeper_takes_its_servers_along(run_dir: Path) -> None:
    embedded.ensure(run_dir)
    keeper = embedded.keeper_pid(run_dir)
    assert keeper is not None
    servers = psutil.Process(keeper).children(recursive=True)
    os.kill(keeper, signal.SIGKILL)
    assert wait_until(lambda: all(is_gone(process) for process in servers))
    assert database_answers(embedded.ensure(run_dir))


@pytest.mark.parametrize("name", ["bin/postgres", "redis-server"])
def test_a_killed_server_is_started_again_at_the_same_address(run_dir: Path, name: str) -> None:
    addresses = embedded.ensure(run_dir)
    keeper = embedded.keeper_pid(run_dir)
    assert keeper is not None
    (victim,) = named(psutil.Process(keeper).children(), name)
    victim.kill()
    assert wait_until(lambda: is_gone(victim))
    assert wait_until(lambda: database_answers(addresses) and broker_answers(addresses))


def test_stop_ends_them_for_everybody(run_dir: Path) -> None:
    with attached(run_dir) as other:
        assert other.stdout is not None
        other.stdout.readline()
        assert embedded.stop(run_dir)
        assert processes_of(run_dir) == [process for process in processes_of(run_dir) if process.pid == other.pid]
        other.kill()


def test_the_broker_asks_for_a_password_and_evicts_nothing(run_dir: Path) -> None:
    url = embedded.ensure(run_dir).redis_url
    with redis.Redis.from_url(url) as broker:
        assert broker.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert broker.config_get("bind") == {"bind": "127.0.0.1"}
        port = broker.connection_pool.connection_kwargs["port"]
    with redis.Redis(port=port) as stranger, pytest.raises(redis.AuthenticationError):
        stranger.ping()


def test_the_database_listens_on_no_network_and_its_folder_is_private(run_dir: Path) -> None:
    with psycopg.connect(embedded.ensure(run_dir).database_url) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    assert stat.S_IMODE((run_dir / "postgres").stat().st_mode) == 0o700
    assert stat.S_IMODE((run_dir / "addresses.json").stat().st_mode) == 0o600
    assert stat.S_IMODE((run_dir / "redis_password").stat().st_mode) == 0o600


def test_a_folder_too_deep_for_a_socket_and_closed_to_others_works(run_dir: Path) -> None:
    closed = run_dir / "closed"
    closed.mkdir(parents=True, mode=0o700)
    deep = closed / ("d" * 90)
    try:
        assert database_answers(embedded.ensure(deep))
    finally:
        embedded.stop(deep)
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


def test_servers_for_tests_refuse_lasting_data(run_dir: Path) -> None:
    keep_a_note(embedded.ensure(run_dir).database_url)
    assert embedded.release(run_dir)
    with pytest.raises(StackError, match="lasting data"):
        embedded.ensure(run_dir, durable=False)
    embedded.release(run_dir)
    assert read_the_note(embedded.ensure(run_dir).database_url) == "دلالة"


def test_servers_for_tests_take_their_data_with_them(run_dir: Path) -> None:
    with psycopg.connect(embedded.ensure(run_dir, durable=False).database_url) as connection:
        assert connection.execute("SHOW fsync").fetchone() == ("off",)
    assert embedded.release(run_dir)
    assert not (run_dir / "postgres" / "data").exists()


def test_the_kept_port_is_given_up_when_another_program_has_it(run_dir: Path) -> None:
    embedded.make_run_dir(run_dir)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        (run_dir / "redis_port").write_text(f"{other.getsockname()[1]}\n")
        assert broker_answers(embedded.ensure(run_dir))


def test_a_start_that_fails_says_why(run_dir: Path) -> None:
    data = run_dir / "postgres" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("12\n")
    with pytest.raises(StackError, match="another PostgreSQL"):
        embedded.ensure(run_dir)


def test_makers_of_one_secret_agree(tmp_path: Path) -> None:
    found: list[str] = []
    makers = [
        threading.Thread(target=lambda: found.append(embedded.secret_file(tmp_path / "secret"))) for _ in range(8)
    ]
    for maker in makers:
        maker.start()
    for maker in makers:
        maker.join()
    assert len(set(found)) == 1
    assert len(found[0]) >= 48
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [tmp_path / "secret"]


def test_a_command_without_a_site_starts_the_database_and_stops_it_at_its_end(run_dir: Path) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "-c",
         "from django.db import connection as c; print(c.cursor().execute('SELECT 40 + 2').fetchone())"],
        cwd=PROJECT, env=clean_environment(RUN_DIR=str(run_dir)), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "(42,)" in done.stdout, done.stderr
    assert wait_until(lambda: not processes_of(run_dir))
