"""The tree speaks of the project and of nothing else, and is made of text that tools can read."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
KINDS = {".py", ".md", ".toml", ".txt", ".json", ".jsonl", ".tsv", ".yml", ".yaml", ".sh", ""}
NOT_OURS = {"seeds", "index", "build", "dist"}
"""Folders of what is quoted as it was found, and of what is built."""

# Spelled in pieces, so that this file does not hold what it looks for.
ELSEWHERE = {
    "a folder of one machine": r"(?<![\w.])/(?:work|home|root|Users|tmp)" + "/",
    "a folder beside the project": r"\.\./" + "shared",
    "a note of work to do": r"\b(?:TO" + r"DO|FIX" + r"ME|X{3})\b",
    "an issue by its number": r"(?i)\b(?:issue|ticket|pull request) #?\d+",
    "a merge that went wrong": r"(?m)^(?:<{7}|>{7}|={7})(?: |$)",
}


@cache
def texts() -> dict[str, str]:
    """The text files of the project by path."""
    found: dict[str, str] = {}
    for path in sorted(ROOT.rglob("*")):
        inside = path.relative_to(ROOT).parts
        built = inside[0] in NOT_OURS or "__pycache__" in inside or ".egg-info" in str(path)
        hidden = any(part.startswith(".") and part != ".ci" for part in inside)
        if path.is_file() and path.suffix in KINDS and not built and not hidden:
            found[path.relative_to(ROOT).as_posix()] = path.read_text(encoding="utf-8")
    return found


def modules() -> dict[str, str]:
    return {name: text for name, text in texts().items() if name.startswith("src/")}


def test_there_is_something_to_look_at() -> None:
    assert "src/searchdb/engine.py" in modules()
    assert "tests/test_hygiene.py" in texts()


@pytest.mark.parametrize("what", ELSEWHERE)
def test_the_project_speaks_of_itself(what: str) -> None:
    pattern = re.compile(ELSEWHERE[what])
    found = [
        f"{name}:{text.count(chr(10), 0, match.start()) + 1}: {match[0]}"
        for name, text in texts().items()
        for match in pattern.finditer(text)
    ]
    assert not found


def test_files_end_with_one_line_end_and_have_no_others_than_newlines() -> None:
    found = [
        name
        for name, text in texts().items()
        if text and ("\r" in text or not text.endswith("\n") or text.endswith("\n\n"))
    ]
    assert not found


def test_every_module_says_what_it_exports() -> None:
    for name, text in modules().items():
        body = ast.parse(text).body if name.endswith(".py") else []
        exported = [
            ast.literal_eval(node.value)
            for node in body
            if isinstance(node, ast.Assign)
            and any(isinstance(each, ast.Name) and each.id == "__all__" for each in node.targets)
        ]
        defines = any(isinstance(node, ast.FunctionDef | ast.ClassDef) for node in body)
        assert len(exported) == 1 or not defines, f"{name} has no literal __all__"
