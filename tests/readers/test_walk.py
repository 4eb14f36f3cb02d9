from __future__ import annotations

import os
import random
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from searchdb.errors import ReadError
from searchdb.readers.walk import walk

if TYPE_CHECKING:
    from collections.abc import Sequence


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def make(*names: str) -> None:
    for name in names:
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("chữ")


def names(
    *paths: str | Path, include: Sequence[str] = (), exclude: Sequence[str] = ()
) -> list[str]:
    """What a walk yields: POSIX paths, and errors as `path: reason`."""
    found = walk(paths, include=include, exclude=exclude)
    return [str(each) if isinstance(each, ReadError) else each.as_posix() for each in found]


def test_files_come_in_the_order_of_their_paths_whatever_was_first() -> None:
    expected = ["tin-cũ.txt", "tin/a.md", "tin/b/c.txt", "tin/b.txt", "tin0/x.txt"]
    make(*expected)
    expected = sorted(expected)
    assert names(".") == expected
    for _ in range(5):
        assert names(*random.sample(expected, len(expected))) == expected
    assert names("tin0", "tin", "tin-cũ.txt") == expected


def test_hidden_names_and_other_kinds_are_passed_over_in_folders() -> None:
    make("a.txt", ".b.txt", ".git/c.txt", "d.pdf", "txt", "e/.f/g.txt")
    assert names(".") == ["a.txt"]


def test_what_is_named_is_taken_though_hidden_and_must_be_readable() -> None:
    make(".b.txt", ".git/c.txt", "d.pdf")
    assert names(".b.txt", ".git") == [".b.txt", ".git/c.txt"]
    (error,) = names("d.pdf")
    assert error.startswith("d.pdf: unknown kind of file")


def test_a_missing_path_is_an_error_in_its_place_and_only_once() -> None:
    make("a.txt", "c.txt")
    assert names("c.txt", "b.txt", "a.txt", "b.txt") == [
        "a.txt",
        "b.txt: no such file or folder: check the spelling",
        "c.txt",
    ]
    assert names("") == [": is an empty name: name a file or a folder"]
    (error,) = walk(["b\0\udcff.txt"])
    assert isinstance(error, ReadError)
    assert str(error).isprintable()


def test_a_file_reached_twice_comes_once() -> None:
    make("tin/a.txt", "tin/b/c.txt")
    absolute = Path("tin/a.txt").absolute()
    assert names("tin", "tin/", "./tin", "tin/a.txt", "tin/b", "tin/b/../a.txt") == [
        "tin/a.txt",
        "tin/b/c.txt",
    ]
    assert len(names(absolute, "tin/a.txt")) == 1


def test_links_neither_rename_files_nor_lead_in_circles() -> None:
    make("tin/m/a.txt", "ngoài/b.txt")
    Path("tin/a-link").symlink_to(Path("tin/m").absolute())
    Path("tin/a.txt").symlink_to(Path("tin/m/a.txt").absolute())
    Path("tin/m/up").symlink_to(Path("tin").absolute())
    Path("tin/out").symlink_to(Path("ngoài").absolute())
    Path("ngoài/back").symlink_to(Path().absolute())
    assert names("tin") == ["tin/m/a.txt", "tin/out/b.txt"]
    assert names("tin", "ngoài") == ["ngoài/b.txt", "tin/m/a.txt"]


def test_a_lattice_of_links_takes_no_longer_than_its_folders() -> None:
    for level in range(40):
        make(f"{level}/x.txt")
        Path(f"{level}/a").symlink_to(Path(f"{level + 1}").absolute())
        Path(f"{level}/b").symlink_to(Path(f"{level + 1}").absolute())
    assert len(names("0")) == 40


def test_broken_links_are_left_for_the_reader_to_report() -> None:
    Path("circle.txt").symlink_to("circle.txt")
    Path("gone.txt").symlink_to("none.txt")
    Path("gone").symlink_to("none")
    assert names(".") == ["circle.txt", "gone.txt"]


def test_a_folder_that_cannot_be_entered_is_an_error_and_the_walk_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make("a/x.txt", "b/x.txt", "c/x.txt")
    really = os.scandir

    def scandir(path: Path) -> object:
        if path.name == "b":
            raise PermissionError(13, "Permission denied")
        return really(path)

    monkeypatch.setattr(os, "scandir", scandir)
    assert names(".") == [
        "a/x.txt",
        "b: permission denied: make it readable for this user",
        "c/x.txt",
    ]


@pytest.mark.parametrize(
    ("glob", "expected"),
    [
        ("*.md", ["tin/b/c.md", "tin/d.md"]),
        ("b", ["tin/b/c.md", "tin/b/e/f.txt", "tin/b/x.txt"]),
        ("b/", ["tin/b/c.md", "tin/b/e/f.txt", "tin/b/x.txt"]),
        ("b/**", ["tin/b/c.md", "tin/b/e/f.txt", "tin/b/x.txt"]),
        ("./b/*", ["tin/b/c.md", "tin/b/e/f.txt", "tin/b/x.txt"]),
        ("b/*.txt", ["tin/b/x.txt"]),
        ("**/f.txt", ["tin/b/e/f.txt"]),
        ("b/**/*.txt", ["tin/b/e/f.txt", "tin/b/x.txt"]),
        ("**/e/**", ["tin/b/e/f.txt"]),
        ("[dx].*", ["tin/b/x.txt", "tin/d.md"]),
        ("?.MD", []),
        ("tin/*", []),
        ("[", []),
    ],
)
def test_globs_hold_for_names_and_for_paths_below_the_folder(
    glob: str, expected: list[str]
) -> None:
    everything = ["tin/a.txt", "tin/b/c.md", "tin/b/e/f.txt", "tin/b/x.txt", "tin/d.md"]
    make(*everything)
    assert names("tin", include=[glob]) == expected
    assert names("tin", exclude=[glob]) == [name for name in everything if name not in expected]


def test_exclude_goes_before_include_and_both_hold_for_named_files() -> None:
    make("a.txt", "b.txt", "c.md", "d.pdf")
    named = ["a.txt", "b.txt", "c.md", "d.pdf"]
    assert names(*named, include=["*.txt"], exclude=["b.*"]) == ["a.txt"]
    assert names(".", include=["", "*.txt", "c*"], exclude=["b.*", ""]) == ["a.txt", "c.md"]


def test_a_glob_made_to_be_slow_is_not() -> None:
    make("/".join("a" * 60) + "/a.txt")
    assert names(".", include=["**/a/" * 60 + "b"]) == []
    assert names(".", exclude=["*a" * 50 + "b"]) != []
