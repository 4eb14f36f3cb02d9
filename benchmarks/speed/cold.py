"""COMMANDS -> CPU TIME: what one question costs a process that starts from nothing.

The yardstick is a Python that imports numpy and typer and does nothing, so that the figure means
the same on every machine. All commands take turns, and each number is a median of user and system
time. Run `python benchmarks/speed/cold.py`; it needs a POSIX system.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

__all__ = ["main"]

_RUNS = 15
_LIMIT = 2.0
"""How many times the yardstick a question may cost."""

_ROOT = Path(__file__).resolve().parents[2]
_PROGRAM = Path(sys.executable).with_name("searchdb")
_ENVIRON = {
    **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
    "PYTHONUTF8": "1",
}
"""Every command runs from bytecode, as it does for those who use it twice."""


def main() -> int:
    """Print the table; 1 if the question costs more than it may."""
    with tempfile.TemporaryDirectory() as folder:
        index = str(Path(folder) / "index")
        _run([str(_PROGRAM), "index", str(_ROOT / "seeds"), "-d", index])
        commands = {
            "import numpy, typer": [sys.executable, "-c", "import numpy, typer"],
            "python": [sys.executable, "-c", "pass"],
            "searchdb --version": [str(_PROGRAM), "--version"],
            "searchdb --help": [str(_PROGRAM), "--help"],
            "import searchdb": [sys.executable, "-c", "from searchdb import Document, open"],
            "searchdb query": [str(_PROGRAM), "query", "sinh hoạt chi bộ", "-d", index],
            "searchdb query, no marks": [str(_PROGRAM), "query", "sinh hoat chi bo", "-d", index],
        }
        for command in commands.values():
            _run(command)  # compiled, and in the cache of the system
        spent: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(_RUNS):
            for name, command in commands.items():
                spent[name].append(_run(command))
    middle = {name: median(times) for name, times in spent.items()}
    yardstick = next(iter(middle.values()))
    print(f"{'command':<26}{'CPU ms':>8}{'ratio':>8}")
    for name, time in middle.items():
        print(f"{name:<26}{time:8.0f}{time / yardstick:8.2f}")
    return int(middle["searchdb query"] > _LIMIT * yardstick)


def _run(command: list[str]) -> float:
    """Milliseconds of processor that a command takes, itself and the system for it."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(  # noqa: S603 - our own program
        command,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=_ENVIRON,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


if __name__ == "__main__":
    sys.exit(main())
