"""Which spellings of a text count as one: the switches of the analysis, in the order they act.

Each is on unless an analyzer is made without it; those that are off are named in the fingerprint of
the index, because a text analyzed with other switches has other tokens. Composition to NFC and the
replacement of half characters and controls are no switches: offsets and storage rest on them.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

__all__ = ["ALL", "NONE", "NormalForms"]


@dataclass(frozen=True, slots=True)
class NormalForms:
    """The switches; the first seven act on text before words are looked for, the rest on keys.

    `lookalikes`: Ð and Ɖ are Đ. `width`: full-width forms are ASCII. `invisible`: zero-width
    characters and soft hyphens are not there. `tones`: tone marks stand where the new orthography
    has them (hòa is hoà), misplaced ones too. `capitals`: words are looked for in a lower-case
    copy of lines that are all capitals. `codes`: letters and digits part (TW4 is tw 4). `numbers`:
    5.700 is 5700 and 03 is 3. `vowels`: i and y are one where both are taught (kỹ, kĩ).
    """

    lookalikes: bool = True
    width: bool = True
    invisible: bool = True
    tones: bool = True
    capitals: bool = True
    codes: bool = True
    numbers: bool = True
    vowels: bool = True

    @property
    def fingerprint(self) -> str:
        """Names the switches that are off; empty if none is."""
        off = [field.name for field in fields(self) if not getattr(self, field.name)]
        return f"without {' '.join(off)}" if off else ""


ALL = NormalForms()
NONE = NormalForms(*[False] * len(fields(NormalForms)))
"""What pyvi itself sees: for comparing with it."""
