"""THE FILES PYVI SHIPS -> the bytes of its model and its list of words.

Neither pyvi nor scikit-learn is imported, nothing is written. Law: what is not byte for byte the
data this package was checked against is refused, so that nothing is guessed about other data; and
what is unpickled may name no class and no function but the few that stand here.
"""

from __future__ import annotations

import importlib.util
import io
import pickle
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = [
    "MODEL_SHA256",
    "RELEASE",
    "WORDS_SHA256",
    "Files",
    "find",
    "model_bytes",
    "read",
    "recognized",
]

RELEASE = "0.1.1"
"""The release of pyvi whose data and rules these are."""
MODEL_SHA256 = "6cdd73aee04b6a4ad7320ca85d27d931a7ef870cfdd41beb148e86bdb8aca134"
"""Of `pyvi/models/pyvi3.pkl`."""
WORDS_SHA256 = "517743d27e71d43343e4b8e9e89015cdc68d84ebe1d48106449e501d918ece4a"
"""Of `pyvi/models/words.txt`."""

_CHECKSUMS = {"pyvi3.pkl": 0x4AD24658, "words.txt": 0x0FCA7F18}
"""CRC-32 of the same files: to tell them in a millisecond, before anything rests on them."""


@dataclass(frozen=True, slots=True)
class Files:
    """The model as crfsuite reads it, and the word list as text."""

    model: bytes
    words: str


def find() -> Path | None:
    """The folder of pyvi's models, or None where pyvi is not installed as files."""
    spec = importlib.util.find_spec("pyvi")
    places = spec.submodule_search_locations if spec else None
    return Path(places[0], "models") if places else None


def recognized(folder: Path | None) -> bool:
    """Whether a folder holds the data known here, told by checksums alone."""
    if folder is None:
        return False
    try:
        return all(
            zlib.crc32((folder / name).read_bytes()) == checksum
            for name, checksum in _CHECKSUMS.items()
        )
    except OSError:
        return False


def read(folder: Path | None) -> Files | None:
    """The data in a folder, or None if it is missing or not the data known here."""
    if folder is None:
        return None
    try:
        pickled = (folder / "pyvi3.pkl").read_bytes()
        words = (folder / "words.txt").read_bytes()
    except OSError:
        return None
    known = _sha256(pickled) == MODEL_SHA256 and _sha256(words) == WORDS_SHA256
    return Files(model_bytes(pickled), words.decode()) if known else None


def model_bytes(pickled: bytes) -> bytes:
    """The file of crfsuite's that pyvi's pickle carries.

    Raises `pickle.UnpicklingError` if the pickle names anything it has no business with, or
    carries no such file.
    """
    model = _Unpickler(io.BytesIO(pickled)).load()
    try:
        data = model.state["modelfile"].state["__FILE_RESOURCE_DATA__"]
    except (AttributeError, KeyError, TypeError) as error:
        raise pickle.UnpicklingError("this pickle carries no crfsuite model") from error
    return bytes(data)


def _sha256(data: bytes) -> str:
    from hashlib import sha256  # noqa: PLC0415 - a question reads no model

    return sha256(data).hexdigest()


class _Stub:
    """Stands for an object of the pickle and keeps the state it was given."""

    def __init__(self, *_: object) -> None:
        self.state: Any = None

    def __setstate__(self, state: object) -> None:
        self.state = state


def _encode(text: str, encoding: str) -> bytes:
    """What bytes became when Python 2's protocol wrote them."""
    return text.encode("latin-1" if encoding == "latin1" else "ascii")


_ALLOWED: dict[tuple[str, str], Callable[..., object]] = {
    ("sklearn_crfsuite.estimator", "CRF"): _Stub,
    ("sklearn_crfsuite._fileresource", "FileResource"): _Stub,
    ("pycrfsuite._logparser", "TrainLogParser"): _Stub,
    ("numpy.core.multiarray", "scalar"): _Stub,
    ("numpy", "dtype"): _Stub,
    ("_codecs", "encode"): _encode,
}


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str, /) -> Callable[..., object]:
        try:
            return _ALLOWED[module, name]
        except KeyError:
            message = f"a model of pyvi has no business with {module}.{name}"
            raise pickle.UnpicklingError(message) from None
