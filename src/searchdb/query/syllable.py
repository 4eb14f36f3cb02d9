"""A run of letters in, whether it could be a written Vietnamese syllable out.

Judged without marks, so that a syllable typed bare counts too: `tư` and `tu` do, `cat` does (cát,
cắt), `tw` and `ubnd` do not. Law: every Vietnamese syllable reads as one; not everything that reads
as one is in use.
"""

from __future__ import annotations

import re

from searchdb.analysis import fold

__all__ = ["reads_as_syllable"]

# Rimes as they are written without marks, by their first vowel; each follows any onset. The
# spelling rules c/k, g/gh and ng/ngh are kept below, so that KH, GD or CE are no syllables.
_BACK = (
    "a|ac|ach|ai|am|an|ang|anh|ao|ap|at|au|ay"
    "|o|oa|oac|oach|oai|oam|oan|oang|oanh|oao|oap|oat|oay|oc|oe|oen|oeo|oet|oi|om|on|ong|ooc|oong"
    "|op|ot"
    "|u|ua|uan|uang|uat|uay|uc|ue|uech|uenh|ui|um|un|ung|uo|uoc|uoi|uom|uon|uong|uop|uot|uou|up|ut"
    "|uu|uy|uya|uych|uyen|uyet|uyn|uynh|uyp|uyt|uyu"
)
_FRONT = (
    "e|ec|ech|em|en|eng|enh|eo|ep|et|eu"
    "|i|ia|ich|iec|iem|ien|ieng|iep|iet|ieu|im|in|inh|ip|it|iu"
    "|y|yem|yen|yeng|yet|yeu"
)
_AFTER_QU = "y|yen|yet|ych|ynh|yt"
_SYLLABLE = re.compile(
    rf"(?:b|ch|d|gi|h|kh|l|m|n|nh|p|ph|qu|r|s|t|th|tr|v|x)(?:{_BACK}|{_FRONT})"
    rf"|(?:c|g|ng)?(?:{_BACK})"
    rf"|(?:gh|k|ngh)?(?!eu\b)(?:{_FRONT})"  # no syllable is êu alone: EU is what it says
    rf"|(?:gh|k|ngh)eu|gi|gin|qu(?:{_AFTER_QU})"
)


def reads_as_syllable(text: str) -> bool:
    """Whether the text, in any case, has an onset and a rime of Vietnamese and nothing else."""
    return _SYLLABLE.fullmatch(fold.fold(text)) is not None
