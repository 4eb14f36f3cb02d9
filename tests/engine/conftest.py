"""Files that no index wrote, with every checksum right: what a forger would do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from searchdb.backends.whoosh.blocks import ArrayFile, ArrayWriter
from searchdb.backends.whoosh.store import measure
from searchdb.index.manifest import Manifest

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["Forge"]


class Forge:
    """Changes the files of the index in a folder and makes their checksums right again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def manifest(self) -> Manifest:
        return Manifest.loads((self.folder / "manifest.json").read_bytes())

    def live(self) -> list[str]:
        """The files that the manifest names."""
        return sorted(self.manifest().files)

    def change_manifest(self, **changes: Any) -> None:  # noqa: ANN401 - any field
        changed = replace(self.manifest(), **changes)
        (self.folder / "manifest.json").write_bytes(changed.dumps())

    def seal(self, names: Iterable[str]) -> None:
        """Let the manifest say of these files what they are now."""
        measured = {name: measure(self.folder / name) for name in names}
        self.change_manifest(files={**self.manifest().files, **measured})

    def arrays(self, name: str) -> dict[str, NDArray[Any]]:
        """All arrays of a file."""
        file = ArrayFile(self.folder / name)
        return {each: file[each].whole().copy() for each in file._arrays}

    def change_array(
        self, name: str, array: str, change: Callable[[NDArray[Any]], NDArray[Any] | None]
    ) -> None:
        """Write a file again with one array changed, or left out for None."""
        arrays = self.arrays(name)
        with ArrayWriter(self.folder / name) as file:
            for each, values in arrays.items():
                changed = change(values) if each == array else values
                if changed is not None:
                    file.add(each, f"u{changed.dtype.itemsize}", changed)
        self.seal([name])


@pytest.fixture(scope="session")
def forge() -> type[Forge]:
    return Forge
