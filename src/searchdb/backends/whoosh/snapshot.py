"""A MANIFEST -> THE SEGMENTS of its commit, opened and put end to end.

Law: Whoosh's table of contents is a pickle, so it is read only when its checksum is the manifest's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from searchdb.backends.whoosh.blocks import damaged
from searchdb.backends.whoosh.segment import Deletions, SegmentFile
from searchdb.backends.whoosh.store import foreign, measure, missing

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from searchdb.backends.whoosh.schema import ArraySegment
    from searchdb.backends.whoosh.store import Store
    from searchdb.errors import IndexCorruptError
    from searchdb.index.manifest import Manifest

__all__ = ["Leaf", "absent", "entries", "opened", "toc_name"]


def toc_name(generation: int) -> str:
    """Whoosh's table of contents of a commit."""
    return f"_searchdb_{generation}.toc"


@dataclass(frozen=True)
class Leaf:
    """A segment in a snapshot: its documents come after `base` others."""

    entry: ArraySegment
    segment: SegmentFile
    base: int
    deletions: Deletions | None = None
    end: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "end", self.base + self.segment.documents)

    @cached_property
    def live(self) -> NDArray[np.bool_]:
        """Which of its documents are not deleted, shape (documents,)."""
        live = np.ones(self.segment.documents, dtype=np.bool_)
        live[list(self.entry.deleted)] = False
        return live


def opened(store: Store, manifest: Manifest, known: dict[str, SegmentFile]) -> list[Leaf]:
    """Open the segments of a commit. Raises OSError, IndexCorruptError.

    `known` are segments held open by name; it is brought up to date.
    """
    leaves: list[Leaf] = []
    base = 0
    for entry in entries(store, manifest):
        leaf = _leaf(store, manifest, entry, base, known)
        base = leaf.end
        leaves.append(leaf)
    live = {leaf.entry.file_name() for leaf in leaves}
    for name in known.keys() - live:
        known.pop(name, None)
    return leaves


def entries(store: Store, manifest: Manifest) -> list[ArraySegment]:
    """What the table of contents of a commit says of its segments. Raises as above."""
    from whoosh.filedb.filestore import FileStorage  # noqa: PLC0415 - only to open
    from whoosh.index import TOC  # noqa: PLC0415 - as above

    from searchdb.backends.whoosh.schema import INDEX_NAME, ArraySegment, schema  # noqa: PLC0415

    toc = toc_name(manifest.generation)
    if toc not in manifest.files:
        raise damaged("manifest.json")
    if measure(store.folder / toc) != manifest.files[toc]:
        raise damaged(toc)
    try:
        storage = FileStorage(str(store.folder))
        contents = TOC.read(storage, INDEX_NAME, gen=manifest.generation, schema=schema())
    except OSError:
        raise
    except Exception as error:
        raise damaged(toc) from error
    found: list[ArraySegment] = contents.segments
    if not all(isinstance(entry, ArraySegment) for entry in found):
        raise foreign(toc)
    return found


def _leaf(
    store: Store,
    manifest: Manifest,
    entry: ArraySegment,
    base: int,
    known: dict[str, SegmentFile],
) -> Leaf:
    name, gone = entry.file_name(), entry.deletions_name()
    for each in filter(None, (name, gone)):
        if each not in manifest.files:
            raise damaged("manifest.json")
        if (store.folder / each).stat().st_size != manifest.files[each].size:
            raise damaged(each)
    segment = known.get(name)
    if segment is None:
        segment = known[name] = SegmentFile(store.folder / name)
    if segment.documents != entry.documents or any(
        not 0 <= number < entry.documents for number in entry.deleted
    ):
        raise damaged(name)
    deletions = Deletions(store.folder / gone) if gone else None
    if deletions is not None and (
        deletions.deleted != entry.deleted or bool((deletions.totals > segment.totals).any())
    ):
        raise damaged(deletions.file.name)
    return Leaf(entry, segment, base, deletions)


def absent(store: Store, manifest: Manifest, error: FileNotFoundError) -> IndexCorruptError:
    """What is wrong when a file is not there: it went away, or a damaged one named another."""
    name = Path(error.filename or "").name
    if store.last_generation() > manifest.generation:
        return foreign(name)
    if name in manifest.files:
        return missing(name)
    return next(map(damaged, store.damaged(manifest)), missing(name))
