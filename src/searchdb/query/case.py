"""A SYLLABLE AS TYPED AND ANOTHER -> the other one in the case of the first."""

from __future__ import annotations

__all__ = ["in_case_of"]


def in_case_of(typed: str, form: str) -> str:
    """The form in capitals, with one at its start, or as it is, as the typed syllable has them."""
    if typed.isupper() and len(typed) > 1:
        return form.upper()
    return form.capitalize() if typed[:1].isupper() else form
