"""What the package promises: its names, the tour of its methods, quick imports, sound documents."""

from __future__ import annotations

import ast
import datetime as dt
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import searchdb
from searchdb import Document, errors

ROOT = Path(__file__).resolve().parent.parent
HEAVY = ("numpy", "pyvi", "rich", "sklearn", "typer", "whoosh")


def test_the_public_names() -> None:
    assert searchdb.__all__ == [
        "Document",
        "Hit",
        "QueryError",
        "ReadError",
        "SearchDB",
        "SearchDBError",
        "SearchResult",
        "Snippet",
        "StorageError",
        "StoredDocument",
        "SyncReport",
        "Token",
        "__version__",
        "errors",
        "open",
        "rebuild",
    ]
    assert [name for name in searchdb.__all__ if not hasattr(searchdb, name)] == []
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = searchdb.no_such_name


@pytest.mark.parametrize(
    "module",
    sorted((ROOT / "src" / "searchdb").rglob("*.py")),
    ids=lambda path: path.relative_to(ROOT / "src").as_posix(),
)
def test_every_module_lists_its_names_where_it_can_be_read(module: Path) -> None:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    listed = [
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
    ]
    defines = any(isinstance(node, ast.FunctionDef | ast.ClassDef) for node in tree.body)
    assert len(listed) == 1 or not defines
    assert all(names == sorted(names, key=_as_ruff_sorts) for names in listed)


def _as_ruff_sorts(name: str) -> tuple[bool, bool, str]:
    return not name.isupper(), not name[0].isupper(), name


@pytest.mark.parametrize(
    ("name", "parents"),
    [
        ("SearchDBError", {Exception}),
        ("ReadError", {errors.SearchDBError}),
        ("QueryError", {errors.SearchDBError, ValueError}),
        ("StorageError", {errors.SearchDBError}),
        ("IndexNotFoundError", {errors.StorageError}),
        ("IndexOutdatedError", {errors.StorageError}),
        ("IndexLockedError", {errors.StorageError}),
        ("IndexCorruptError", {errors.StorageError}),
        ("BackendUnavailableError", {errors.SearchDBError}),
        ("MissingExtraError", {errors.SearchDBError, ImportError}),
    ],
)
def test_the_family_of_errors(name: str, parents: set[type]) -> None:
    assert set(getattr(errors, name).__bases__) == parents


def test_no_error_is_missing_from_the_family() -> None:
    assert len(errors.__all__) == 10
    assert searchdb.errors is errors
    assert searchdb.QueryError is errors.QueryError


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("checkout")
def test_the_tour_of_the_library() -> None:
    with searchdb.open("index", create=True) as db:
        synced = db.sync(["seeds"])
        assert (synced.added, synced.updated, synced.removed) == (5, 0, 0)
        assert (synced.unchanged, synced.failed) == (0, 0)
        added = db.add(
            [
                Document(
                    id="a",
                    text="Sinh hoạt chi bộ định kỳ.",
                    title="Lịch họp",
                    date="2015-09-05",
                    meta={"ward": "Phúc Lợi"},
                )
            ]
        )
        assert (added.added, added.updated, added.duplicates) == (1, 0, 0)
        found = db.search("lich hop", where={"ward": "Phúc Lợi"}, before=dt.date(2015, 9, 5))
        assert [hit.id for hit in found.hits] == ["a"]
        assert db.remove(["a"]) == 1
        result = db.search(
            "sinh hoat chi bo", limit=10, diacritics="smart", match="smart", after="2015-01-01"
        )
        assert result.query == "sinh hoat chi bo"
        assert result.interpreted == "sinh hoạt chi bộ"
        assert result.suggestion is None
        assert result.total >= 1
        assert result.took_ms > 0
        for hit in result.hits:
            document = db.document(hit.id)
            assert document is not None
            passage = document.passages[hit.passage]
            assert (passage.start, passage.end) == (hit.start, hit.end)
            assert (hit.title, hit.date, hit.source) == (document.title, document.date, hit.id)
            assert hit.score > 0 or hit.relaxed
            begin = hit.snippet.start
            assert document.text[begin : begin + len(hit.snippet.text)] == hit.snippet.text
        best = result.hits[0]
        assert not best.relaxed
        assert [best.snippet.text[start:end] for start, end in best.snippet.highlights]
        assert "<mark>" in best.snippet.html()
        assert [token.text for token in db.analyze("Chỉ thị 03-CT/TW")] == [
            "Chỉ",
            "thị",
            "03",
            "CT",
            "TW",
        ]
        assert "sinh hoạt" in " ".join(db.suggest("sinh ho"))
        assert len(db) == len(list(db.ids())) == db.stats()["documents"] == 5
        assert db.check() == []
    with searchdb.open("index") as db:
        assert db.search("sinh hoat chi bo", after="2015-01-01").total == result.total


@pytest.mark.usefixtures("checkout")
def test_one_file_can_be_read_without_an_index() -> None:
    from searchdb.readers import read  # noqa: PLC0415 - as a user who only reads would

    names = sorted(path.as_posix() for path in Path("seeds").glob("*.txt"))
    (document,) = read(names[0])
    assert document.id == names[0]
    assert document.text


def test_an_index_in_memory_leaves_no_trace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with searchdb.open(None) as db:
        db.add([Document(id="a", text="chi bộ")])
        assert db.search("chi bộ").total == 1
    with pytest.raises(errors.StorageError, match="closed"):
        db.search("chi bộ")
    assert list(tmp_path.iterdir()) == []


def loaded_after(code: str, *arguments: str | Path) -> set[str]:
    """Which heavy packages a fresh Python has loaded once it has run the code."""
    probe = f"import json, sys\n{code}\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(  # noqa: S603 - the code is ours
        [sys.executable, "-c", probe, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    (names,) = done.stdout.splitlines()
    return {name.partition(".")[0] for name in json.loads(names)}.intersection(HEAVY)


def test_importing_the_package_loads_nothing_heavy() -> None:
    assert loaded_after("import searchdb; searchdb.errors.QueryError; searchdb.Document") == set()


def test_neither_an_index_in_memory_nor_a_reader_needs_the_engine() -> None:
    code = "import searchdb, searchdb.readers\nwith searchdb.open(None) as db: db.search('a')"
    assert loaded_after(code) <= {"numpy"}


def test_searching_an_index_never_loads_the_segmenter(tmp_path: Path) -> None:
    with searchdb.open(tmp_path / "index", create=True) as db:
        db.add([Document(id="a", text="Sinh hoạt chi bộ định kỳ ở phường.", title="Chi bộ")])
    code = """
import searchdb
with searchdb.open(sys.argv[1]) as db:
    for typed in ("sinh hoat chi bo", '"chi bộ"', "chi bộ không có", "sinh* -họp", "zzz"):
        for hit in db.search(typed, explain=True).hits:
            hit.snippet.html()
    db.suggest("sinh"), db.document("a"), db.stats(), db.refresh(), db.check()
"""
    assert loaded_after(code, tmp_path / "index") == {"numpy"}


@pytest.mark.parametrize("date", ["2015-09-05", "05/09/2015", "5.9.2015", dt.date(2015, 9, 5)])
def test_the_date_of_a_document_is_kept_as_iso(date: Any) -> None:  # noqa: ANN401
    assert Document(id="a", text="", date=date).date == "2015-09-05"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"id": ""}, "id"),
        ({"id": " \t"}, "id"),
        ({"id": 5}, "id"),
        ({"id": "a\nb"}, "control character"),
        ({"id": "a\0"}, "control character"),
        ({"id": "a\ud800"}, "half a character"),
        ({"text": None}, "text"),
        ({"text": b"chi b\xe1\xbb\x99"}, "text"),
        ({"title": 5}, "title"),
        ({"source": Path("a")}, "source"),
        ({"date": "2015-02-30"}, "2015-02-30"),
        ({"date": "hôm qua"}, "hôm qua"),
        ({"date": ""}, "date"),
        ({"date": 2015}, "2015"),
        ({"meta": ["a"]}, "meta"),
        ({"meta": {"phường": ["a"]}}, "phường"),
        ({"meta": {1: "a"}}, "meta field 1"),
    ],
)
def test_a_document_that_cannot_be_kept_says_why(fields: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said) as caught:
        Document(**{"id": "a", "text": "chi bộ", **fields})
    assert not isinstance(caught.value, UnicodeError)
    str(caught.value).encode("utf-8")


def test_the_rooms_with_documented_names_need_no_import_of_their_own() -> None:
    code = (
        "import searchdb; searchdb.readers.read;"
        "print(searchdb.analysis.segmenters.pyvi.tokenize('sinh hoạt'))"
    )
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-X", "utf8", "-c", code], capture_output=True, check=True
    )
    assert done.stdout.decode().strip() == "sinh_hoạt"
