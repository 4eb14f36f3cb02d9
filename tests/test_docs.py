"""What the documents say is run: their blocks, and the names that they promise to cover."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from searchdb import errors
from searchdb.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])


def blocks(name: str, language: str) -> list[str]:
    """The fenced blocks of a document that are marked as run."""
    text = (ROOT / name).read_text(encoding="utf-8")
    marked = rf"<!-- runs: tests/test_docs.py -->\n```{language}\n(.*?)```"
    return re.findall(marked, text, flags=re.DOTALL)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with the parts of a fresh checkout that the documents use."""
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    shutil.copy(ROOT / "searchdb.toml", tmp_path)
    (tmp_path / "index").mkdir()
    shutil.copy(ROOT / "index" / "README.md", tmp_path / "index")
    return tmp_path


@pytest.mark.parametrize("name", ["README.md", "docs/python-api.md"])
def test_the_python_blocks_run(name: str, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(checkout)
    found = blocks(name, "python")
    assert found
    for block in found:
        exec(compile(block, name, "exec"), {})  # noqa: S102 - the documents are ours


def test_the_tour_of_the_command_line_runs(checkout: Path) -> None:
    (tour,) = blocks("README.md", "sh")
    commands = [line for line in tour.splitlines() if line.startswith("searchdb ")]
    assert len(commands) == 10
    environ = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    for command in commands:
        done = subprocess.run(  # noqa: S603 - the documents are ours
            ["sh", "-c", command],  # noqa: S607 - the shell a reader has
            cwd=checkout,
            env=environ,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, (command, done.stderr)
        silent = command.startswith(("searchdb index", "searchdb check"))
        assert silent or done.stdout, command


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)", document.read_text(encoding="utf-8"))
    local = [link for link in links if not link.startswith("http")]
    assert [link for link in local if not (document.parent / link).exists()] == []


def test_every_error_is_documented() -> None:
    text = (ROOT / "docs" / "python-api.md").read_text(encoding="utf-8")
    assert [name for name in errors.__all__ if name not in text] == []


def test_every_setting_is_documented() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in ROOT.glob("docs/*.md"))
    names = {field.name for field in fields(Settings)} - {"base"}
    assert sorted(name for name in names if f"`{name}`" not in text) == []


def test_every_room_is_in_the_architecture() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    package = ROOT / "src" / "searchdb"
    rooms = {path.name for path in package.iterdir() if not path.name.startswith(("_", "."))}
    rooms = {f"{room}/" if (package / room).is_dir() else room for room in rooms - {"py.typed"}}
    assert sorted(room for room in rooms if f"`{room}`" not in text) == []
