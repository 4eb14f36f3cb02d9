"""What a document looks like to Whoosh: which fields have postings and stored values.

Whoosh pickles these classes into its table of contents by module path: moving or renaming them
changes the format of the index (`index.manifest.FORMAT_VERSION`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from whoosh import fields, formats
from whoosh.codec.base import Segment

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["INDEX_NAME", "ArraySegment", "Terms", "schema"]

INDEX_NAME = "searchdb"
"""First part of the names of Whoosh's files."""


class Terms(fields.FieldType):  # type: ignore[misc] # Whoosh has no types
    """A field whose terms come ready, one by one; only searchdb writes it."""

    scorable = True
    stored = False
    unique = False
    analyzer = None

    def __init__(self, *, positions: bool = False) -> None:
        self.format = formats.Positions() if positions else formats.Existence()

    def index(self, value: object, **_: Any) -> NoReturn:  # noqa: ANN401, ARG002 - Whoosh's
        """Refuse: what Whoosh's own writer wrote, searchdb could not rank."""
        message = "this index is written by searchdb alone: use searchdb.open(...).add"
        raise TypeError(message)

    def to_bytes(self, value: str | bytes) -> bytes:
        """A term as it is kept."""
        # Half characters are never kept, so asking for one finds nothing instead of failing.
        return value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass")

    def from_bytes(self, value: bytes) -> str:
        """A kept term as text."""
        return value.decode("utf-8")


class ArraySegment(Segment):  # type: ignore[misc] # Whoosh has no types
    """A segment in Whoosh's table of contents: one file of arrays, and which documents are gone."""

    def __init__(self, segid: str, documents: int, deleted: Iterable[int] = ()) -> None:
        self.indexname = INDEX_NAME
        self.segid = segid
        self.compound = False
        self.documents = documents
        self.deleted = frozenset(deleted)

    def codec(self) -> Any:  # noqa: ANN401 - Whoosh has no types
        """What opens this segment for Whoosh's own readers."""
        from searchdb.backends.whoosh.codec import ArrayCodec  # noqa: PLC0415 - ours need none

        return ArrayCodec()

    def file_name(self) -> str:
        """The file of the segment."""
        return str(self.make_filename(".arrays"))

    def doc_count_all(self) -> int:
        """Documents, deleted ones too."""
        return self.documents

    def deleted_count(self) -> int:
        """How many of them are deleted."""
        return len(self.deleted)

    def deleted_docs(self) -> frozenset[int]:
        """Which of them are deleted."""
        return self.deleted

    def is_deleted(self, docnum: int) -> bool:
        """Whether one is."""
        return docnum in self.deleted

    def delete_document(self, docnum: int, delete: bool = True) -> NoReturn:  # noqa: ARG002, FBT001, FBT002 - Whoosh's
        """Refuse: the counts would go on counting it."""
        message = "this index is changed by searchdb alone: use searchdb.open(...).remove"
        raise TypeError(message)

    def set_doc_count(self, doccount: int) -> NoReturn:
        """Refuse, as above."""
        raise TypeError(doccount)

    def should_assemble(self) -> bool:
        """Whether files are put into one: arrays must stay aligned."""
        return False


def schema() -> fields.Schema:
    """The fields of every index of this format.

    `syllables` has a posting with positions for each accented key of a document, its weight the
    frequency; `meta` one for each `meta_term`; `id` the id, which is stored with the text and the
    other fields of the document.
    """
    return fields.Schema(
        id=Terms(),
        syllables=Terms(positions=True),
        meta=Terms(),
        stored=fields.STORED(),
    )
