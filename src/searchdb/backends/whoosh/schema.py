"""What a document looks like to Whoosh: which fields have postings, columns and stored values.

Whoosh pickles these classes into its table of contents by module path: moving or renaming them
changes the format of the index (`index.manifest.FORMAT_VERSION`).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from whoosh import columns, fields, formats
from whoosh.codec.whoosh3 import W3Codec

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["INDEX_NAME", "Codec", "Terms", "meta_term", "schema"]

INDEX_NAME = "searchdb"
"""First part of the names of Whoosh's files."""


class Terms(fields.FieldType):  # type: ignore[misc] # Whoosh has no types
    """A field that is given ready terms with their weights instead of text."""

    scorable = False
    stored = False
    unique = False
    analyzer = None

    def __init__(self) -> None:
        self.format = formats.Existence()

    def index(self, value: Iterable[tuple[str, float]], **_: Any) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401 - Whoosh passes options along
        """Postings of one document: term bytes, frequency, weight, value bytes."""
        for text, weight in value:
            yield text.encode("utf-8"), 1, weight, b""

    def to_bytes(self, value: str | bytes) -> bytes:
        """A term as it is kept."""
        # Half characters are never kept, so asking for one finds nothing instead of failing.
        return value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass")

    def from_bytes(self, value: bytes) -> str:
        """A kept term as text."""
        return value.decode("utf-8")


class Codec(W3Codec):  # type: ignore[misc] # Whoosh has no types
    """Whoosh's codec, not looking up the field lengths that no field of ours has."""

    length_stats = False


def meta_term(name: str, value: str) -> str:
    """The term of one meta field with one value; no other pair has it."""
    return json.dumps([name, value], ensure_ascii=False)


def schema() -> fields.Schema:
    """The fields of every index of this format.

    `syllables` has a posting for each accented key of a document, its weight the frequency in
    tenths; `meta` one for each `meta_term`. Lengths are in tenths, `date` is the proleptic
    ordinal (0: none), `forward` the forward list, `file` a FileState as JSON.
    """
    return fields.Schema(
        id=Terms(),
        syllables=Terms(),
        meta=Terms(),
        stored=fields.STORED(),
        name=fields.COLUMN(columns.VarBytesColumn()),
        forward=fields.COLUMN(columns.VarBytesColumn()),
        file=fields.COLUMN(columns.VarBytesColumn()),
        date=fields.COLUMN(columns.NumericColumn("i")),
        syllable_length=fields.COLUMN(columns.NumericColumn("I")),
        word_length=fields.COLUMN(columns.NumericColumn("I")),
        pair_length=fields.COLUMN(columns.NumericColumn("I")),
    )
