"""A MANIFEST -> THE SEGMENTS of its commit, opened and put end to end, without Whoosh.

Law: which segments there are is told by the names of the files in the manifest, and which of their
documents are deleted by arrays of ours. Whoosh's table of contents says the same to plain Whoosh
readers; it is a pickle, so nothing here ever loads it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from searchdb.backends.whoosh.blocks import damaged
from searchdb.backends.whoosh.segment import Deletions, SegmentFile
from searchdb.backends.whoosh.store import foreign, measure, missing

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from searchdb.backends.whoosh.store import Store
    from searchdb.errors import IndexCorruptError
    from searchdb.index.manifest import Manifest

__all__ = ["Leaf", "absent", "deletions_name", "opened", "segment_name", "toc_name"]

_SEGMENT = re.compile(r"searchdb_([0-9a-z]{16})\.arrays")
_DELETIONS = re.compile(r"searchdb_([0-9a-z]{16})\.[0-9]+\.gone")


def toc_name(generation: int) -> str:
    """Whoosh's table of contents of a commit."""
    return f"_searchdb_{generation}.toc"


def segment_name(segid: str) -> str:
    """The file of a segment. The segments of a commit come in the order of their names."""
    return f"searchdb_{segid}.arrays"


def deletions_name(segid: str, generation: int) -> str:
    """The file that tells the deleted documents of a segment since that commit."""
    return f"searchdb_{segid}.{generation}.gone"


@dataclass(frozen=True)
class Leaf:
    """A segment in a snapshot: its documents come after `base` others."""

    segid: str
    segment: SegmentFile
    base: int
    deletions_name: str | None = None
    deletions: Deletions | None = None

    @property
    def end(self) -> int:
        """Where the documents of the next segment begin."""
        return self.base + self.segment.documents

    @cached_property
    def live(self) -> NDArray[np.bool_]:
        """Which of its documents are not deleted, shape (documents,)."""
        live = np.ones(self.segment.documents, dtype=np.bool_)
        if self.deletions:
            live[self.deletions.documents] = False
        return live


def opened(store: Store, manifest: Manifest, known: dict[str, SegmentFile]) -> list[Leaf]:
    """Open the segments of a commit. Raises OSError, IndexCorruptError.

    `known` are segments held open by name; it is brought up to date.
    """
    toc = toc_name(manifest.generation)
    if toc not in manifest.files:
        raise damaged("manifest.json")
    if measure(store.folder / toc) != manifest.files[toc]:
        raise damaged(toc)
    names = sorted(manifest.files)
    told = list(filter(None, map(_DELETIONS.fullmatch, names)))
    gone = {match[1]: match[0] for match in told}
    leaves: list[Leaf] = []
    base = documents = 0
    for match in filter(None, map(_SEGMENT.fullmatch, names)):
        name, segid = match[0], match[1]
        path = _sized(store, manifest, name)
        segment = known.get(name)
        if segment is None:
            segment = known[name] = SegmentFile(path)
        leaf = Leaf(segid, segment, base)
        if segid in gone:
            deletions = _deletions(_sized(store, manifest, gone[segid]), segment)
            leaf = Leaf(segid, segment, base, gone[segid], deletions)
            documents -= len(deletions.documents)
        documents += segment.documents
        base = leaf.end
        leaves.append(leaf)
    # A name that was lost with what it stood for is missed here.
    if documents != manifest.documents or len(told) != sum(bool(leaf.deletions) for leaf in leaves):
        raise damaged("manifest.json")
    for name in known.keys() - set(names):
        known.pop(name, None)  # another thread may open a snapshot, too
    return leaves


def _sized(store: Store, manifest: Manifest, name: str) -> Path:
    """The path of a live file, which is as long as when it was written."""
    path = store.folder / name
    if path.stat().st_size != manifest.files[name].size:
        raise damaged(name)
    return path


def _deletions(path: Path, segment: SegmentFile) -> Deletions:
    """The deletions of a segment."""
    deletions = Deletions(path)
    gone = deletions.documents
    if not len(gone) or np.any(gone[1:] <= gone[:-1]) or gone[-1] >= segment.documents:
        raise damaged(path.name)
    if np.any(deletions.totals > segment.totals):
        raise damaged(path.name)
    return deletions


def absent(store: Store, manifest: Manifest, error: FileNotFoundError) -> IndexCorruptError:
    """What is wrong when a file is not there: it went away, or a damaged one named another."""
    name = Path(error.filename or "").name
    if store.last_generation() > manifest.generation:
        return foreign(name)
    if name in manifest.files:
        return missing(name)
    return next(map(damaged, store.damaged(manifest)), missing(name))
