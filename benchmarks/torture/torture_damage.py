"""AN INDEX -> FAILURES where bits flip and files are cut: damage is told, never an answer.

After each damage a process reads everything. It must answer as before, or raise IndexCorruptError,
or say that it answers as the commit before the newest did; `check` must name the file;
`searchdb check --repair` must bring back a sound index.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

from torture_child import run
from torture_model import FailureError, History, contents, fresh, marker

import searchdb
from searchdb import errors
from searchdb.index.manifest import MANIFEST_NAME, Manifest

__all__ = ["damages"]

_LARGE = 4000
"""Syllables of a document, so that the index has files too large to be verified at once."""

_REPAIRED_EACH = 10
"""Every so manieth damage is repaired, too."""


def damages(root: Path, seed: int, count: int, documents: int, *, manifest: bool) -> Iterator[str]:
    """Damage live files at random, each time another: the manifest alone, or all but that."""
    chance = Random(seed)  # noqa: S311 - a test, not a secret
    _make(root, History(seed), documents, chance)
    folder = root / "index"
    whole = {name: (folder / name).read_bytes() for name in _live(folder)}
    victims = [MANIFEST_NAME] if manifest else [name for name in whole if name != MANIFEST_NAME]
    expected = run(_using(root)).lines
    # Where opening meets damage the commit before answers: what that says is learned from it.
    (folder / MANIFEST_NAME).write_bytes(b"")
    before = run(_using(root)).lines
    (folder / MANIFEST_NAME).write_bytes(whole[MANIFEST_NAME])
    for number in range(1, count + 1):
        name = chance.choice(sorted(victims, key=_family))
        what, data = _damaged(whole[name], chance)
        (folder / name).write_bytes(data)
        ended = run(_using(root))
        said = [*ended.lines, None, None][:2]
        outcome = ended.trouble or _verdict(name, said, expected, before)
        if not outcome and number % _REPAIRED_EACH == 0:
            repaired = run(_repairing(root))
            outcome = repaired.trouble and f"repair: {repaired.trouble}"
            _restore(folder, whole)
        if outcome:
            yield f"damage {number}, {_family(name)}, {what}: {outcome}"
        (folder / name).write_bytes(whole[name])


def _make(root: Path, history: History, documents: int, chance: Random) -> None:
    """An index of files alone, so that it can be repaired, in two commits."""
    fresh(root)
    (root / "searchdb.toml").write_text('sources = ["files"]\nindex = "index"\n', encoding="utf-8")
    words = " ".join(history.state(30).values()).split()
    for number in range(documents):
        text = " ".join(chance.choices(words, k=_LARGE))
        (root / "files" / f"{number}.txt").write_text(
            f"Mốc {marker(number)} {text}.", encoding="utf-8"
        )
        if number in {documents // 2, documents - 1}:
            with searchdb.open(root / "index", create=True, base=root) as db:
                db.sync([root / "files"])


def _live(folder: Path) -> list[str]:
    manifest = Manifest.loads((folder / MANIFEST_NAME).read_bytes())
    return [MANIFEST_NAME, *manifest.files]


def _damaged(data: bytes, chance: Random) -> tuple[str, bytes]:
    place = int(chance.random() * len(data))  # sizes of two runs differ a little
    match chance.randrange(4):
        case 0:
            return f"cut at {place}", data[:place]
        case 1:
            size = chance.randint(1, 512)
            return (
                f"{size} zeros at {place}",
                data[:place] + bytes(min(size, len(data) - place)) + data[place + size :],
            )
        case _:
            bit = chance.randrange(8)
            flipped = bytes([data[place] ^ 1 << bit])
            return f"bit {bit} of byte {place}", data[:place] + flipped + data[place + 1 :]


def _using(root: Path) -> Callable[[Callable[[Any], None]], None]:
    """Say what check finds, then all answers, or which file is said to be corrupt."""

    def work(say: Callable[[Any], None]) -> None:
        say(_checked(root))
        try:
            say(_answers(root))
        except errors.IndexCorruptError as error:
            say({"corrupt": error.file})

    return work


def _checked(root: Path) -> list[str]:
    try:
        with searchdb.open(root / "index") as db:
            return db.check()
    except errors.IndexCorruptError as error:
        return [error.file]


def _answers(root: Path) -> list[Any]:
    """The damaged file because of which the commit before answers, if any, and the answers."""
    seen: list[Any] = []
    with searchdb.open(root / "index") as db:
        for typed in ("chi bo", '"của các"', "trường học tổ dân phố", "th* -đê", marker(1)):
            result = db.search(typed, explain=True)
            seen.append([result.total, result.interpreted])
            seen += [[hit.id, hit.passage, hit.score, hit.snippet.text] for hit in result.hits]
        seen += [db.suggest("th"), len(db), sorted(contents(db).items())]
        return [db.damaged, seen]


def _verdict(name: str, said: list[Any], expected: tuple[Any, ...], before: tuple[Any, ...]) -> str:
    """What is wrong with what a process said of a damaged index; empty if nothing is."""
    checked, answers = said
    if name not in checked:
        return f"check names {checked}, not the damaged file"
    if set(checked) - {name}:
        return f"check names {checked}, not only the damaged file"
    if isinstance(answers, dict):
        return "" if answers["corrupt"] == name else f"IndexCorruptError names {answers['corrupt']}"
    fallen, seen = answers
    if fallen not in {None, name}:
        return f"the commit before answers because of {fallen}"
    right = (expected if fallen is None else before)[1][1]
    return "" if seen == right else "another answer than before, and no error"


def _repairing(root: Path) -> Callable[[Callable[[Any], None]], None]:
    """Repair, and see that it worked; giving up what is in no file only where that is asked for."""

    def work(_: Callable[[Any], None]) -> None:
        os.chdir(root)
        said = _command("check", "--repair")
        if "--discard" in said:
            said = _command("rebuild", "--discard")
        if _checked(root):
            message = f"the index is still damaged: {said}"
            raise FailureError(message)
        with searchdb.open(root / "index") as db:
            found, files = db.search("mốc").total, len(list((root / "files").iterdir()))
        if found != files:
            message = f"{found} of {files} documents came back: {said}"
            raise FailureError(message)

    return work


def _command(*arguments: str) -> str:
    """Run a command of searchdb in this process, which has nothing else to print; what it said."""
    from searchdb.cli.app import main  # noqa: PLC0415 - imports typer

    sys.argv = ["searchdb", *arguments, "--lang", "en"]
    with Path("said").open("w+b") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
        with suppress(SystemExit):
            main()
        sys.stdout.flush()
        sys.stderr.flush()
    return Path("said").read_text(encoding="utf-8").strip()


def _restore(folder: Path, whole: dict[str, bytes]) -> None:
    for path in folder.iterdir():
        path.unlink()
    for name, data in whole.items():
        (folder / name).write_bytes(data)


def _family(name: str) -> str:
    """A file by its kind: the names of two runs differ."""
    return name if name == MANIFEST_NAME else f"*{Path(name).suffix}"
