"""The process that owns the embedded servers: starts them, revives them, and stops them when nobody uses them."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path
from types import FrameType

from annotator.stack import locks
from annotator.stack.embedded import Addresses, Places, StackError, database_url, make_run_dir
from annotator.stack.servers import Postgres, Redis, Server

TICK = 0.2


class Keeper:
    def __init__(self, places: Places, *, durable: bool) -> None:
        self.places = places
        self.postgres = Postgres(places, durable=durable)
        self.redis = Redis(places)
        self.servers: tuple[Server, ...] = (self.redis, self.postgres)
        self.told_to_stop = False

    def start(self) -> None:
        """Both at once; a server that dies at its start is tried again for a while (an old one may be ending)."""
        self.postgres.prepare()
        for server in self.servers:
            server.spawn()
        for server in self.servers:
            server.wait_ready()
        addresses = Addresses(database_url(self.postgres.socket_dir), self.redis.url)
        fresh = self.places.addresses.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text(
            json.dumps({"database_url": addresses.database_url, "redis_url": addresses.redis_url}), encoding="utf-8"
        )
        fresh.replace(self.places.addresses)

    def watch(self) -> int | None:
        """Returns when told to stop or when nobody is left; then with the lock that keeps newcomers waiting."""
        while not self.told_to_stop:
            for server in self.servers:
                server.revive()
            alone = locks.take(self.places.users_lock)
            if alone is not None:
                return alone
            time.sleep(TICK)
        return None

    def stop(self) -> None:
        self.places.addresses.unlink(missing_ok=True)
        for server in self.servers:
            server.stop()

    def on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.told_to_stop = True


def _say(text: str) -> None:
    os.write(1, f"{text}\n".encode())
    # The starter reads until here; after that nobody listens.
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.close(null)


def main(arguments: list[str]) -> int:
    # Detach: the servers outlive the process that happened to need them first, and a Ctrl-C in its terminal.
    if os.fork():
        os._exit(0)
    os.setsid()
    places = make_run_dir(Path(arguments[0]))
    os.umask(0o077)
    mine = locks.take(places.keeper_lock, timeout=10)
    if mine is None:
        _say("Another keeper holds this folder")
        return 1
    os.ftruncate(mine, 0)
    os.pwrite(mine, f"{os.getpid()}\n".encode(), 0)
    keeper = Keeper(places, durable="--forgetful" not in arguments)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, keeper.on_signal)
    try:
        try:
            keeper.start()
        except (StackError, OSError) as problem:
            _say(str(problem).replace("\n", " "))
            return 1
        _say("ready")
        keeper.watch()
    finally:
        keeper.stop()
    return 0


if __name__ == "__main__":
    # _exit: nothing is left to clean up, and both locks go together with the process.
    code = main(sys.argv[1:])
    sys.stderr.flush()
    os._exit(code)
