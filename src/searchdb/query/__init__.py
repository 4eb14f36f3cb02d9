"""STRING -> QUERY: parse what was typed, then say what it means for this collection."""
