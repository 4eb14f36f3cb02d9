"""SEED -> WHAT AN INDEX MUST HOLD after each change: the history that every part has.

A change is one commit. Law: change k of a seed is always the same and takes state k - 1 to state k,
so that whoever finds an index can tell which changes it has seen, and that no half of one is there.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random

import searchdb
from searchdb import Document, SearchDB, errors

__all__ = [
    "Change",
    "FailureError",
    "History",
    "contents",
    "fresh",
    "held",
    "marker",
    "perform",
    "prepare",
]

State = Mapping[str, str]
"""Texts by id."""

_IDS, _FILES = 60, 8
_TEXT = """
sinh hoạt chi bộ, thôn Đoài họp bàn việc đắp đê, trạm bơm, đường liên thôn, lịch tiêm chủng,
trường học, bếp ăn bán trú, hợp tác xã, vụ lúa mùa, giống mới, tổ dân phố, nước sạch, của các
"""
_KINDS = {"add": 12, "remove": 3, "sync": 3, "rebuild": 1}
"""Kinds of changes, and how often each is made."""


class FailureError(Exception):
    """What must never happen happened."""


@dataclass(frozen=True, slots=True)
class Change:
    """Change `number`: `texts` are added (or are all the files there are), `ids` are removed."""

    number: int
    kind: str
    texts: State
    ids: tuple[str, ...] = ()


class History:
    """All changes of one seed and the states between them; state 0 is no index."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._changes: list[Change] = []
        self._states: list[State] = [{}]

    def change(self, number: int) -> Change:
        """Change `number`, from 1."""
        self.state(number)
        return self._changes[number - 1]

    def state(self, number: int) -> State:
        """What the index holds after that change."""
        while len(self._states) <= number:
            change = self._next(len(self._states), self._states[-1])
            self._changes.append(change)
            self._states.append(_after(self._states[-1], change))
        return self._states[number]

    def _next(self, number: int, before: State) -> Change:
        chance = Random(f"{self.seed}/{number}")  # noqa: S311 - a test, not a secret
        kind = chance.choices([*_KINDS], [*_KINDS.values()])[0] if before else "add"
        if kind == "add":
            added = (f"d{chance.randrange(_IDS)}" for _ in range(chance.randint(1, 12)))
            return Change(number, kind, {each: _text(number, chance) for each in added})
        if kind == "sync":
            numbers = chance.sample(range(_FILES), chance.randint(1, _FILES))
            return Change(
                number, kind, {f"files/{each}.txt": _text(number, chance) for each in numbers}
            )
        if kind == "remove":
            ids = tuple(chance.sample(sorted(before), chance.randint(1, max(1, len(before) // 3))))
            return Change(number, kind, {}, ids)
        return Change(number, kind, {})


def _after(before: State, change: Change) -> State:
    kept = set(before) - set(change.ids)
    if change.kind == "sync":
        kept = {each for each in kept if not each.startswith("files/")}
    return {**{each: before[each] for each in sorted(kept)}, **change.texts}


def marker(number: int) -> str:
    """A syllable that only the texts of one change hold."""
    return "z" + "".join("abcdefghij"[int(digit)] for digit in str(number))


def _text(number: int, chance: Random) -> str:
    words = chance.choices(_TEXT.split(), k=chance.randint(5, 60))
    return f"Mốc {marker(number)} {' '.join(words)}."


def fresh(root: Path) -> Path:
    """An empty folder for an index (`index`) and its files (`files`)."""
    shutil.rmtree(root, ignore_errors=True)
    (root / "files").mkdir(parents=True)
    return root


def prepare(root: Path, change: Change) -> None:
    """Write the files that a sync is to find."""
    if change.kind == "sync":
        shutil.rmtree(root / "files", ignore_errors=True)
        (root / "files").mkdir()
        for name, text in change.texts.items():
            (root / name).write_text(text, encoding="utf-8")


def perform(db: SearchDB, root: Path, change: Change) -> None:
    """Make the change through the public interface, its files being there."""
    match change.kind:
        case "add":
            db.add([Document(id=each, text=text) for each, text in change.texts.items()])
        case "remove":
            db.remove(change.ids)
        case "sync":
            db.sync([root / "files"])
        case _:
            searchdb.rebuild(root / "index")
            db.refresh()


def contents(db: SearchDB) -> State:
    """Everything that one snapshot holds."""
    found = {each: db.document(each) for each in db.ids()}
    return {each: stored.text.strip() for each, stored in found.items() if stored}


def held(root: Path, history: History, numbers: range) -> int:
    """Which of these states the index on disk is in, the latest of several.

    Raises FailureError where it is in none, or says two things of itself.
    """
    found: State = {}
    with suppress(errors.IndexNotFoundError), searchdb.open(root / "index") as db:
        found = contents(db)
        if damaged := db.check():
            message = f"check names {damaged}"
            raise FailureError(message)
        counts = {"len": len(db), "search": db.search("mốc").total, "contents": len(found)}
        if len(set(counts.values())) > 1:
            message = f"the counts differ: {counts}"
            raise FailureError(message)
        for number in numbers:
            holding = sum(marker(number) in text.split() for text in found.values())
            if holding and db.search(marker(number)).total != holding:
                message = f"{marker(number)} is not found as often as it is held"
                raise FailureError(message)
    for number in reversed(numbers):
        if found == history.state(number):
            return number
    nearest = history.state(numbers[-1])
    missing, strange = sorted(set(nearest) - set(found)), sorted(set(found) - set(nearest))
    other = sorted(each for each in set(found) & set(nearest) if found[each] != nearest[each])
    message = (
        f"in none of the states {list(numbers)}: against the last, "
        f"missing {missing[:5]}, too many {strange[:5]}, other texts {other[:5]}"
    )
    raise FailureError(message)
