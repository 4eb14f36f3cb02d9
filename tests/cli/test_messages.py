"""Sentences in two languages, and texts of help in both."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

import searchdb
from searchdb.cli import messages, reference
from searchdb.cli.app import app
from searchdb.cli.messages import MESSAGES, Voice, language
from searchdb.cli.translation import VIETNAMESE, translate

CLI = Path(messages.__file__).parent
DOCS = Path(__file__).resolve().parents[2] / "docs"


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


@pytest.mark.parametrize("key", MESSAGES)
def test_both_languages_have_the_same_placeholders(key: str) -> None:
    vietnamese, english = MESSAGES[key]
    assert placeholders(vietnamese) == placeholders(english)


def test_every_sentence_is_said_somewhere_and_none_is_missing() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in CLI.glob("*.py"))
    said = set(re.findall(r"""\bsay\(\s*["'](\w+)["']""", code))
    said |= set(re.findall(r'\bsay\("(\w+)" if filtered else "(\w+)"', code)[0])
    assert said <= set(MESSAGES)
    rest = set(MESSAGES) - said
    assert {key for key in rest if not key.startswith("stats_")} == {"title", "date", "source"}


def test_every_fact_of_stats_has_a_name() -> None:
    with searchdb.open(None) as db:
        facts = {"index", *db.stats()}
    assert {f"stats_{fact}" for fact in facts} == {
        key for key in MESSAGES if key.startswith("stats_")
    }


def test_numbers_are_written_as_the_language_does() -> None:
    assert Voice("vi")("removed", count=1234567) == "Đã xóa 1.234.567 tài liệu."
    assert Voice("en")("removed", count=1234567) == "Removed 1,234,567 documents."
    assert Voice("en")("removed", count=1) == "Removed 1 document."
    assert Voice("vi").number(0.25) == "0,2"


@pytest.mark.parametrize(
    ("asked", "environ", "expected"),
    [
        (None, {}, "vi"),
        (None, {"LANG": "C"}, "vi"),
        (None, {"LANG": "C.UTF-8"}, "vi"),
        (None, {"LANG": "POSIX"}, "vi"),
        (None, {"LANG": "vi_VN.UTF-8"}, "vi"),
        (None, {"LANG": "vi"}, "vi"),
        (None, {"LANG": "en_US.UTF-8"}, "en"),
        (None, {"LANG": "de_DE"}, "en"),
        (None, {"LANG": "en_US", "LC_MESSAGES": "vi_VN"}, "vi"),
        (None, {"LANG": "vi_VN", "LC_ALL": "en_GB", "LC_MESSAGES": "vi_VN"}, "en"),
        ("en", {"LANG": "vi_VN"}, "en"),
        ("vi", {"LANG": "en_US"}, "vi"),
    ],
)
def test_the_locale_chooses_unless_somebody_does(
    asked: str | None, environ: dict[str, str], expected: str
) -> None:
    assert language(asked, environ) == expected


def texts_of_help(command: Any) -> set[str]:  # noqa: ANN401 - Typer's own types moved
    texts = {command.help, *(param.help for param in command.params)}
    for inner in getattr(command, "commands", {}).values():
        texts |= texts_of_help(inner)
    return {" ".join(text.split()) for text in texts}


def test_every_text_of_help_is_translated_and_none_is_left_over() -> None:
    texts = texts_of_help(typer.main.get_command(app))
    completion = {text for text in texts if "completion for" in text}
    assert texts - completion == set(VIETNAMESE) - completion


def test_help_speaks_vietnamese() -> None:
    command = typer.main.get_command(app)
    translate(command)
    assert not texts_of_help(command) & set(VIETNAMESE)


@pytest.mark.parametrize("name", [None, *typer.main.get_command(app).commands])  # type: ignore[attr-defined] # it is a group
def test_the_frame_of_a_help_page_speaks_vietnamese_too(name: str | None) -> None:
    arguments = [name] if name else []
    shown = CliRunner().invoke(app, ["--lang", "vi", *arguments, "--help"]).stdout
    assert shown.startswith("Cách gọi: searchdb")
    for word in ("Usage", "Options:", "Commands:", "Arguments:", "Show ", "default", "required"):
        assert word not in shown
    english = CliRunner().invoke(app, ["--lang", "en", *arguments, "--help"]).stdout
    assert english.startswith("Usage: searchdb")
    assert "Show this message and exit." in english


def test_help_and_version_are_quick_answers() -> None:
    runner = CliRunner()
    shown = runner.invoke(app, ["query", "-h"])
    assert shown.exit_code == 0
    assert "--diacritics" in shown.stdout
    assert runner.invoke(app, ["--version"]).stdout == f"searchdb {searchdb.__version__}\n"


def test_the_page_in_docs_is_up_to_date() -> None:
    """If this fails, run `make docs`."""
    written = (DOCS / "cli.md").read_text(encoding="utf-8")
    assert written == reference.reference().rstrip("\n") + "\n"
