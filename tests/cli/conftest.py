from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import searchdb
from searchdb.cli.app import app

SEEDS = Path(__file__).resolve().parents[2] / "seeds"

Run = Callable[..., Result]


@pytest.fixture(scope="session")
def seeds_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the five articles, to look at and not to change."""
    folder = tmp_path_factory.mktemp("seeds") / "index"
    with searchdb.open(folder, create=True, base=SEEDS.parent) as db:
        db.sync([SEEDS])
    return folder


@pytest.fixture
def clean_environ(tmp_path: Path) -> dict[str, str]:
    """An environment that asks for nothing, with an empty folder for settings."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("SEARCHDB_", "LC_", "PYTEST_")) and name not in _LOOKS
    }
    return kept | {"LANG": "vi_VN.UTF-8", "XDG_CONFIG_HOME": str(tmp_path / "config")}


_LOOKS = {"NO_COLOR", "FORCE_COLOR", "COLUMNS", "TERM"}


@pytest.fixture
def run(tmp_path: Path, clean_environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Call the program in an empty folder: `run("query", "chi bộ", input=..., env=...)`."""
    for name in set(os.environ) - set(clean_environ):
        monkeypatch.delenv(name)
    for name, value in clean_environ.items():
        monkeypatch.setenv(name, value)
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)

    def call(*arguments: str | Path, **options: object) -> Result:
        result = CliRunner().invoke(app, [str(each) for each in arguments], **options)  # type: ignore[arg-type]
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return call
