"""The short form of `make torture`: an index outlives what may happen to its writers and files.

The program runs in a process of its own, for it forks and kills; what failed is in its output.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).parents[2] / "benchmarks" / "torture" / "torture.py"
SABOTAGE = f"""
import runpy, sys
from searchdb.engine import SearchDB
{{}}
sys.path.insert(0, {str(PROGRAM.parent)!r})
runpy.run_path({str(PROGRAM)!r}, run_name="__main__")
"""


def tortured(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
        timeout=300,
    )


@pytest.mark.parametrize(
    "part", ["kills", "steps", "disk", "damage", "manifest", "readers", "threads"]
)
def test_the_index_holds(part: str) -> None:
    done = tortured(str(PROGRAM), "--short", "--only", part)
    assert done.returncode == 0, done.stdout
    assert f"{part}: held" in done.stdout


@pytest.mark.parametrize(
    ("part", "sabotage", "found"),
    [
        ("kills", "SearchDB.add = lambda self, documents: None", "in none of the states"),
        ("steps", "SearchDB.add = lambda self, documents: None", "in none of the states"),
        ("damage", "SearchDB.check = lambda self: []", "not the damaged file"),
        ("readers", "SearchDB.refresh = lambda self: False", "none of the states from"),
    ],
)
def test_an_engine_that_does_not_hold_is_found_out(part: str, sabotage: str, found: str) -> None:
    done = tortured("-c", SABOTAGE.format(sabotage), "--short", "--only", part)
    assert done.returncode == 1, done.stdout
    assert f"FAILED {part} --seed 1" in done.stdout
    assert found in done.stdout
