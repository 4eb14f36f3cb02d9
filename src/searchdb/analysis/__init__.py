"""TEXT -> TOKENS: normalize, segment, fold.

`normalize` brings spellings of the same text together, a `Segmenter` says where words begin, and
`fold` takes the marks off. Every offset that leaves this room points into the text that came in.
"""

from searchdb.analysis.analyzer import Analyzer

__all__ = ["Analyzer"]
