"""The engine on disk: an index that Whoosh keeps, under our manifest. The only importer of whoosh.

Whoosh brings schema, segments, postings, columns, stored values, deletions and the write lock;
the manifest brings the commit point, and `lexicon` and `kernels` what ranking needs.
"""

from searchdb.backends.whoosh.backend import WhooshBackend

__all__ = ["WhooshBackend"]
