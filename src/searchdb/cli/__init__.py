"""COMMAND LINE -> ENGINE -> TEXT: the shell people type at.

Laws: results go to standard output and everything else to standard error; nothing that a document
holds can act on a terminal; no input makes a traceback.
"""

__all__: list[str] = []
