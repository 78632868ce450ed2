"""Read hand-written YAML as plain strings.

Only a subset of YAML is accepted, since anybody can write notes: no tags, no anchors and aliases
(with which a few lines can expand to gigabytes), no duplicate keys.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Hashable


class TextLoader(yaml.BaseLoader):
    """PyYAML's loader of plain strings, without aliases, tags and duplicate keys.

    Every scalar stays a string, so a title of ``No``, ``010`` or ``12:30`` is kept.
    """

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]
        mark = event.start_mark
        if isinstance(event, yaml.AliasEvent):
            problem = "aliases (*name) are not allowed"
            raise yaml.MarkedYAMLError(problem=problem, problem_mark=mark)
        if getattr(event, "tag", None) is not None:
            problem = "tags (!name) are not allowed"
            raise yaml.MarkedYAMLError(problem=problem, problem_mark=mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.Node, deep: bool = False) -> dict[Hashable, Any]:
        if isinstance(node, yaml.MappingNode):
            seen: set[str] = set()
            for key, _ in node.value:
                if not isinstance(key.value, str):
                    continue
                if key.value in seen:
                    problem = f"duplicate key {key.value!r}"
                    raise yaml.MarkedYAMLError(problem=problem, problem_mark=key.start_mark)
                seen.add(key.value)
        return super().construct_mapping(node, deep)  # type: ignore[arg-type]
