"""The text of a Markdown file in, the fields of its front matter and where its body begins out.

Laws: nothing is lost, so what cannot be read whole stays text; YAML is only parsed into the nodes
it is written as, never made into objects; an alias, which could stand for more than was written,
is refused.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from searchdb.model import Meta, MetaValue, meta_text

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["FrontMatter", "read_front_matter"]

_LONGEST = 16 * 1024
"""Characters of front matter: some hundred fields, and a fifth of a second to parse them."""

_FENCED = re.compile(r"---[ \t]*\n(.*?\n)??(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)

# YAML 1.2's core schema as far as writing a value again gives what was written: 007, 1.10 and
# +84 stay text, and so do yes, no and 12:30, which older YAML took for other things.
_PLAIN: Mapping[str, MetaValue] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_WHOLE = re.compile(r"0|-?[1-9][0-9]{0,17}")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,9})\.(?:0|[0-9]{0,4}[1-9])")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The fields in order, and the offset where the body begins; none and 0 where there is none.

    `note` says why something that looks like front matter was left in the text.
    """

    fields: Meta = field(default_factory=dict)
    body: int = 0
    note: str | None = None


def read_front_matter(text: str) -> FrontMatter:
    """Find and read front matter: a YAML mapping between a first line `---` and the next.

    Scalars become plain values, lists of scalars text with commas, anything deeper JSON.
    """
    if not text.startswith("---"):
        return FrontMatter()
    found = _FENCED.match(text[: _LONGEST + 1])
    if found is None:
        return FrontMatter()
    import yaml  # noqa: PLC0415 - only files with front matter need it

    class Loader(yaml.BaseLoader):  # type: ignore[misc] # it has no types
        def compose_node(self, parent: Any, index: Any) -> Any:  # noqa: ANN401 - as above
            if self.check_event(yaml.AliasEvent):
                raise yaml.YAMLError
            return super().compose_node(parent, index)

    try:
        root = yaml.compose(found[1] or "", Loader=Loader)
        if root is None:
            return FrontMatter(body=found.end())
        if root.id != "mapping":  # a rule with text below it
            return FrontMatter()
        fields = {_name(key): _value(value) for key, value in root.value}
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f" (line {mark.line + 2})" if mark else ""
        return FrontMatter(note=f"its front matter is no plain YAML{place}: it is taken for text")
    return FrontMatter(fields, found.end())


def _name(key: Any) -> str:  # noqa: ANN401 - PyYAML has no types
    if key.id != "scalar" or not key.value.strip():
        raise ValueError(key.id)
    return str(key.value)


def _value(node: Any) -> MetaValue:  # noqa: ANN401 - as above
    value = _read(node)
    if isinstance(value, list) and not any(isinstance(each, list | dict) for each in value):
        return ", ".join(map(meta_text, value))
    return value if isinstance(value, MetaValue) else json.dumps(value, ensure_ascii=False)


def _read(node: Any) -> Any:  # noqa: ANN401 - as above
    """A node as JSON has it."""
    if node.id == "mapping":
        return {_name(key): _read(value) for key, value in node.value}
    if node.id == "sequence":
        return [_read(each) for each in node.value]
    written: str = node.value
    if node.style:  # in quotes or as a block: text, whatever it looks like
        return written
    if _WHOLE.fullmatch(written):
        return int(written)
    if _DECIMAL.fullmatch(written):
        return float(written)
    return _PLAIN.get(written, written)
