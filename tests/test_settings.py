from __future__ import annotations

import contextlib
import os
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searchdb.errors import SearchDBError
from searchdb.query.options import MOST
from searchdb.settings import FILE_NAME, Overrides, Settings, load

NOWHERE = Path(os.devnull) / "config.toml"


class Home:
    """A current folder and a user file, to be filled by each test."""

    def __init__(self, root: Path) -> None:
        self.here = root / "work"
        self.here.mkdir()
        self.project_file = self.here / FILE_NAME
        self.user_file = root / "user" / "config.toml"
        self.user_file.parent.mkdir()
        self.environ: dict[str, str] = {}

    def load(self, overrides: Overrides | None = None) -> Settings:
        return load(
            start=self.here,
            environ=self.environ,
            overrides=overrides,
            user_file=self.user_file,
        )

    def complaint(self, overrides: Overrides | None = None) -> str:
        with pytest.raises(SearchDBError) as caught:
            self.load(overrides)
        return str(caught.value)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def test_without_anything_the_defaults_are_in_force(home: Home) -> None:
    assert home.load() == Settings(base=home.here, index=home.here / "index")


def test_every_setting_can_be_overridden_and_set_in_a_file_and_in_the_environment(
    home: Home,
) -> None:
    names = {field.name for field in fields(Settings)} - {"base"}
    assert set(Overrides.__annotations__) == names
    home.environ = {
        "SEARCHDB_SOURCES": "a",
        "SEARCHDB_INDEX": "b",
        "SEARCHDB_INCLUDE": "c",
        "SEARCHDB_EXCLUDE": "d",
        "SEARCHDB_ENCODING": "cp1258",
        "SEARCHDB_KEEP_FURNITURE": "yes",
        "SEARCHDB_LANG": "en",
        "SEARCHDB_DIACRITICS": "exact",
        "SEARCHDB_MATCH": "any",
        "SEARCHDB_LIMIT": "3",
        "SEARCHDB_WORKERS": "2",
    }
    here = home.here
    assert home.load() == Settings(
        base=here,
        index=here / "b",
        sources=(here / "a",),
        include=("c",),
        exclude=("d",),
        encoding="cp1258",
        keep_furniture=True,
        lang="en",
        diacritics="exact",
        match="any",
        limit=3,
        workers=2,
    )


def test_the_nearest_level_wins_key_by_key(home: Home) -> None:
    home.user_file.write_text('limit = 1\nmatch = "any"\nlang = "vi"\nencoding = "cp1258"\n')
    home.project_file.write_text('limit = 2\nmatch = "all"\nlang = "en"\n')
    home.environ = {"SEARCHDB_LIMIT": "3", "SEARCHDB_MATCH": "smart"}
    settings = home.load({"limit": 4})
    assert settings.limit == 4
    assert settings.match == "smart"
    assert settings.lang == "en"
    assert settings.encoding == "cp1258"


def test_a_flag_that_was_not_given_hides_nothing(home: Home) -> None:
    home.project_file.write_text("keep_furniture = true\n")
    assert home.load({"keep_furniture": None}).keep_furniture is True
    assert home.load({"keep_furniture": False}).keep_furniture is False


def test_paths_are_relative_to_the_file_that_names_them(home: Home) -> None:
    home.user_file.write_text('index = "shared"\nsources = ["notes", "/srv/archive"]\n')
    settings = home.load()
    assert settings.index == home.user_file.parent / "shared"
    assert settings.sources == (home.user_file.parent / "notes", Path("/srv/archive"))
    assert settings.base == home.here


def test_paths_of_flags_and_variables_are_relative_to_the_current_folder(home: Home) -> None:
    home.user_file.write_text('index = "shared"\n')
    home.environ = {"SEARCHDB_INDEX": "mine"}
    assert home.load().index == home.here / "mine"
    assert home.load({"index": Path("flag")}).index == home.here / "flag"


def test_paths_are_absolute_even_from_a_relative_start(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(home.here)
    settings = load(start=Path(), environ={}, user_file=NOWHERE)
    assert settings.base == home.here
    assert settings.index == home.here / "index"


def test_lists_in_the_environment_are_separated_like_path(home: Home) -> None:
    home.environ = {"SEARCHDB_EXCLUDE": os.pathsep.join(["*.bak", "", "nháp/*"])}
    assert home.load().exclude == ("*.bak", "nháp/*")


def test_an_empty_variable_counts_as_not_set(home: Home) -> None:
    home.project_file.write_text("limit = 7\n")
    home.environ = {"SEARCHDB_LIMIT": ""}
    assert home.load().limit == 7


def test_variables_of_others_with_our_prefix_are_left_alone(home: Home) -> None:
    home.environ = {"SEARCHDB_PORT": "tcp://10.0.0.1:80"}
    assert home.load() == Settings(base=home.here, index=home.here / "index")


def test_the_real_environment_is_not_read(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEARCHDB_LIMIT", "99")
    assert home.load().limit == 10


def test_the_user_file_is_where_the_system_keeps_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config.toml").write_text("limit = 5\n")
    monkeypatch.setattr("platformdirs.user_config_path", lambda *_, **__: tmp_path)
    assert load(start=tmp_path, environ={}).limit == 5


def test_a_byte_order_mark_and_windows_lines_are_fine(home: Home) -> None:
    home.project_file.write_bytes(b'\xef\xbb\xbfsources = ["tin"]\r\nlimit = 3\r\n')
    assert home.load().limit == 3


@pytest.mark.parametrize(
    ("text", "value"),
    [("1", True), ("TRUE", True), ("on", True), ("0", False), ("no", False), (" off ", False)],
)
def test_a_switch_in_the_environment_has_a_few_spellings(
    home: Home, text: str, value: object
) -> None:
    home.environ = {"SEARCHDB_KEEP_FURNITURE": text}
    assert home.load().keep_furniture is value


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('limit = "ten"', "expected a whole number from 1 to 10000, not 'ten'"),
        ("limit = true", "expected a whole number"),
        ("limit = 0", "expected a whole number"),
        ("limit = 10001", "expected a whole number"),
        ("limit = 2.0", "expected a whole number"),
        ("workers = 0", "expected a whole number from 1 to 64, not 0"),
        ("workers = 65", "expected a whole number from 1 to 64"),
        ("keep_furniture = 1", "expected true or false, not 1"),
        ('diacritics = "strict"', 'expected "smart", "exact" or "ignore", not \'strict\''),
        ('match = ["all"]', 'expected "smart", "all" or "any"'),
        ('lang = "fr"', 'expected "vi" or "en"'),
        ('sources = "seeds"', 'expected a list of files and folders, such as ["notes"]'),
        ("sources = [1]", "expected a list of files and folders"),
        ('include = [""]', "expected a list of texts"),
        ("exclude = { a = 1 }", "expected a list of texts"),
        ('index = " "', "expected a folder"),
        ('index = "a\\u0000b"', "expected a folder"),
        ("encoding = 1258", 'expected "auto" or the name of an encoding'),
        ('encoding = "utf-9"', 'expected "auto" or the name of an encoding'),
        ('encoding = "base64"', 'expected "auto" or the name of an encoding'),
        ('encoding = "a\\u0000b"', 'expected "auto" or the name of an encoding'),
    ],
)
def test_a_wrong_value_is_named_with_its_file_its_key_and_what_is_expected(
    home: Home, line: str, expected: str
) -> None:
    home.project_file.write_text(line)
    complaint = home.complaint()
    assert complaint.startswith(f"{home.project_file}: {line.split(maxsplit=1)[0]}: ")
    assert expected in complaint


@pytest.mark.parametrize("name", ["auto", "utf-8", "UTF_16", "utf-32-le", "cp1258", "latin1"])
def test_an_encoding_that_python_knows_is_one(home: Home, name: str) -> None:
    assert home.load({"encoding": name}).encoding == name


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("SEARCHDB_LIMIT", "many", "a whole number from 1 to 10000, not 'many'"),
        ("SEARCHDB_LIMIT", "-1", "a whole number"),
        ("SEARCHDB_LIMIT", "9" * 5000, "a whole number"),
        ("SEARCHDB_KEEP_FURNITURE", "maybe", "true or false, not 'maybe'"),
        ("SEARCHDB_MATCH", "some", '"smart", "all" or "any"'),
        ("SEARCHDB_INDEX", "   ", "a folder"),
    ],
)
def test_a_wrong_variable_is_named(home: Home, name: str, text: str, expected: str) -> None:
    home.environ = {name: text}
    assert home.complaint().startswith(f"{name}: expected {expected}")


def test_a_wrong_override_is_named(home: Home) -> None:
    assert home.complaint({"limit": 0}).startswith("--limit: expected a whole number")


def test_the_largest_limit_is_that_of_a_search(home: Home) -> None:
    assert home.load({"limit": MOST}).limit == MOST
    assert f"from 1 to {MOST}, not" in home.complaint({"limit": MOST + 1})


def test_a_level_is_checked_even_where_a_nearer_one_wins(home: Home) -> None:
    home.user_file.write_text("limit = 0\n")
    assert str(home.user_file) in home.complaint({"limit": 5})


@pytest.mark.parametrize(
    ("key", "meant"),
    [("limt", "limit"), ("keep-furniture", "keep_furniture"), ("Source", "sources")],
)
def test_a_misspelled_key_gets_a_suggestion(home: Home, key: str, meant: str) -> None:
    home.project_file.write_text(f"{key} = 1\n")
    assert home.complaint() == (
        f"{home.project_file}: there is no setting '{key}': did you mean \"{meant}\"?"
    )


def test_a_key_like_nothing_we_know_gets_the_list(home: Home) -> None:
    home.project_file.write_text("[mysql]\nport = 3306\n")
    complaint = home.complaint()
    assert "no setting 'mysql'" in complaint
    assert "diacritics, encoding, exclude" in complaint


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"limit = ", "not valid TOML"),
        (b"limit = 1\nlimit = 2", "not valid TOML"),
        (b"limit = " + b"9" * 5000, "not valid TOML"),
        (b"[a" + b".a" * 2000 + b"]\n" + b"[a" + b".a" * 2000 + b"]\n", "not valid TOML"),
        ("tên = 'Hà Nội'".encode("utf-16"), "save the file as UTF-8"),
        (b"sources = " + b"[" * 10_000, "nested too deeply"),
        (b"#" * 20_000, "longer than"),
    ],
)
def test_a_broken_file_is_named(home: Home, content: bytes, expected: str) -> None:
    home.project_file.write_bytes(content)
    complaint = home.complaint()
    assert complaint.startswith(str(home.project_file))
    assert expected in complaint
    assert len(complaint) < 1000


def test_a_folder_or_a_pipe_in_place_of_the_file_is_named(home: Home) -> None:
    home.project_file.mkdir()
    assert home.complaint().startswith(f"{home.project_file}: not a file")
    home.project_file.rmdir()
    os.mkfifo(home.project_file)
    assert home.complaint().startswith(f"{home.project_file}: not a file")


@given(
    content=st.binary(max_size=200) | st.text("[]{}=.,'\"\\\n limt0", max_size=60).map(str.encode)
)
def test_any_file_gives_settings_or_an_error_of_ours(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    file = tmp_path_factory.getbasetemp() / "any.toml"
    file.write_bytes(content)
    with contextlib.suppress(SearchDBError):
        assert load(start=file.parent, environ={}, user_file=file).base == file.parent


def test_a_file_of_abbreviations_is_relative_to_the_settings(home: Home) -> None:
    home.user_file.write_text('abbreviations = "words.toml"\n')
    assert home.load().abbreviations == home.user_file.parent / "words.toml"
    assert home.load({"abbreviations": "mine.toml"}).abbreviations == home.here / "mine.toml"
