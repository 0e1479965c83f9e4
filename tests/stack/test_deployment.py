"""The files that install and deploy the site say what they must, and nothing they must not."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.stack.helpers import PROJECT, clean_environment

SECRETS = {
    "SECRET_KEY": "k" * 40, "POSTGRES_PASSWORD": "p" * 20, "REDIS_PASSWORD": "r" * 20, "SITE_URL": "https://d.example.org"
}  # fmt: skip


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return dict(yaml.safe_load((PROJECT / "docker-compose.yml").read_text(encoding="utf-8")))


def test_the_five_services_are_there_and_each_tells_its_health(compose: dict[str, Any]) -> None:
    services = compose["services"]
    lasting = {"web", "worker", "beat", "postgres", "redis"}
    assert lasting <= set(services)
    for name in lasting:
        assert services[name]["healthcheck"]["test"], name
        assert services[name]["restart"] == "unless-stopped", name


def test_no_secret_has_a_default(compose: dict[str, Any]) -> None:
    text = (PROJECT / "docker-compose.yml").read_text(encoding="utf-8")
    for name in SECRETS:
        uses = re.findall(rf"(?<!\$)\$\{{{name}([^}}]*)\}}", text)
        assert uses, name
        assert all(use.startswith(":?") for use in uses), name


def test_our_own_services_run_as_nobody_special_and_cannot_write_their_code(compose: dict[str, Any]) -> None:
    for name in ("web", "worker", "beat", "migrate"):
        service = compose["services"][name]
        assert not service["user"].startswith(("0", "root")), name
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["environment"]["DALALA_NO_EMBEDDED"] == "1", name
        assert not service["environment"].get("DALALA_DEMO"), name


def test_only_the_web_is_reachable_and_only_from_this_host(compose: dict[str, Any]) -> None:
    published = {name: service.get("ports") for name, service in compose["services"].items() if service.get("ports")}
    assert published == {"web": ["${PUBLISH:-127.0.0.1:8000}:8000"]}


def test_named_volumes_are_declared_and_waited_for_services_exist(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        for volume in service.get("volumes", []):
            assert volume.split(":")[0] in compose["volumes"], name
        for other in service.get("depends_on", {}):
            assert other in compose["services"], name


def test_the_image_copies_only_what_exists_and_what_the_ignore_file_lets_through(compose: dict[str, Any]) -> None:
    recipe = compose["services"]["web"]["build"]["dockerfile_inline"]
    allowed = {
        line.removeprefix("!")
        for line in (PROJECT / ".dockerignore").read_text(encoding="utf-8").splitlines()
        if line.startswith("!")
    }
    copied = re.findall(r"^COPY (\S+) \S+$", recipe, re.MULTILINE)
    assert set(copied) == allowed
    assert all((PROJECT / name).exists() for name in copied)
    assert re.search(r"^USER (?!root|0)\w+$", recipe, re.MULTILINE)
    assert "--require-hashes" in recipe


def test_the_programs_of_the_services_exist(compose: dict[str, Any]) -> None:
    program = (PROJECT / "annotator" / "stack" / "__main__.py").read_text(encoding="utf-8")
    for name in ("web", "worker", "beat"):
        assert compose["services"][name]["command"] == ["python", "-m", "annotator.stack", name]
        assert f'case "{name}":' in program


def test_docker_itself_accepts_the_file() -> None:
    """Where the compose plugin is installed; elsewhere the tests above have to do."""
    docker = shutil.which("docker")
    plugin = docker and subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode == 0
    if docker is None or not plugin:
        assert yaml.safe_load((PROJECT / "docker-compose.yml").read_text(encoding="utf-8"))["name"] == "dalala"
        return
    done = subprocess.run(
        [docker, "compose", "config", "--quiet"],
        cwd=PROJECT,
        env=clean_environment(**SECRETS),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_pins_everything_with_hashes_and_names_no_place(name: str) -> None:
    text = (PROJECT / name).read_text(encoding="utf-8")
    entries = re.split(r"^(?=\S)", text, flags=re.MULTILINE)[1:]
    assert len(entries) > 30
    for entry in entries:
        assert re.match(r"[a-z0-9._-]+(\[[a-z,]+\])?==\S+", entry), entry.splitlines()[0]
        assert "--hash=sha256:" in entry, entry.splitlines()[0]
    assert not re.search(r"https?://|file:|--(extra-)?index|--find-links|^#|/(home|root|tmp|work)/", text, re.MULTILINE)


def pins(name: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9._-]+)(?:\[[a-z,]+\])?==(\S+)", (PROJECT / name).read_text(), re.MULTILINE))


def test_the_tests_run_on_the_versions_that_are_deployed() -> None:
    deployed, tested = pins("requirements.lock"), pins("requirements-dev.lock")
    assert deployed.items() <= tested.items()


def test_every_dependency_is_in_its_lock() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for wanted, lock in (
        (project["dependencies"], "requirements.lock"),
        (project["optional-dependencies"]["dev"], "requirements-dev.lock"),
    ):
        names = {re.split(r"[\[<>=]", entry)[0].lower().replace("_", "-") for entry in wanted}
        assert names <= set(pins(lock)), names - set(pins(lock))


def test_make_alone_lists_the_targets() -> None:
    done = subprocess.run(["make"], cwd=PROJECT, capture_output=True, text=True, check=True)
    for target in ("run", "test", "lint", "bench", "lock"):
        assert re.search(rf"^ +make {target} ", done.stdout, re.MULTILINE)


def test_make_without_a_python_says_what_is_missing(tmp_path: Path) -> None:
    for name in ("Makefile", "requirements.lock"):
        shutil.copy(PROJECT / name, tmp_path)
    done = subprocess.run(["make", "run", "PYTHON="], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "Python 3.11 or newer" in done.stderr


def test_the_ci_runs_what_developers_run() -> None:
    script = PROJECT / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    assert script.read_text(encoding="utf-8").rstrip().endswith("exec make test")
