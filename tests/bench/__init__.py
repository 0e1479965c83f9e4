"""Benchmarks. `make bench NAME=server` runs `tests.bench.server.measure` and writes `.run/bench/server.json`."""
