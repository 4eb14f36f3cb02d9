"""The engines that keep an index; each fulfils the seam in `searchdb.index.backend`."""
