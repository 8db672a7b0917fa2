"""YAML as plans are written in: text, whole numbers, true/false, lists and mappings, and nothing else.

YAML 1.1's surprises are left out, as in YAML 1.2: the key `no` stays "no" (1.1 makes it False), 17:00 stays text (1.1
makes it 1020), dates stay text. Aliases are refused: a few lines of them unfold to gigabytes ("billion laughs").
"""

import re
from typing import Any, ClassVar

import yaml
from django.utils.translation import gettext as _

MOST_BYTES = 200_000  # the plan of Sandefjord has 4,300
DEEPEST = 20


class NotReadable(ValueError):
    """The file cannot be read at all; the text says where and why."""


class Located(dict[str, Any]):
    """A mapping that remembers the line it began on (from 1), or the row of a spreadsheet."""

    line: int = 0
    is_row: bool = False


def load(source: bytes | str) -> Any:
    """What the file holds, its mappings as `Located`. Raises NotReadable."""
    try:
        text = source.decode("utf-8-sig") if isinstance(source, bytes) else source.removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise NotReadable(_("The file is not text in UTF-8.")) from error
    if len(source) > MOST_BYTES:
        raise NotReadable(
            _("The file is too large to be a plan (more than %(kb)d kB).") % {"kb": MOST_BYTES // 1000}
        )
    try:
        return yaml.load(text, Loader=_PlanLoader)  # noqa: S506 (a loader with fewer types than SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        what = error.problem or error.context or ""
        raise NotReadable(
            _("Line %(line)d: this is not YAML (%(what)s).") % {"line": line, "what": what}
        ) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise NotReadable(_("The file is not YAML.")) from error


class _PlanLoader(yaml.SafeLoader):
    depth = 0
    yaml_constructors: ClassVar[dict[Any, Any]] = {}  # SafeLoader's are not wanted; ours are added below
    yaml_implicit_resolvers: dict[Any, Any] = {}

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise NotReadable(
                _("Line %(line)d: references (*name) are not allowed; write the text out.")
                % {"line": self.peek_event().start_mark.line + 1}  # type: ignore[no-untyped-call]
            )
        self.depth += 1
        if self.depth > DEEPEST:
            raise NotReadable(_("The file is nested too deeply to be a plan."))
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


def _mapping(loader: _PlanLoader, node: yaml.MappingNode) -> Located:
    row = Located()
    row.line = node.start_mark.line + 1
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        here = {"line": key_node.start_mark.line + 1, "key": key}
        if not isinstance(key, str):
            raise NotReadable(_("Line %(line)d: “%(key)s” cannot be a key.") % here)
        if key in row:
            raise NotReadable(_("Line %(line)d: “%(key)s” stands here twice.") % here)
        row[key] = loader.construct_object(value_node, deep=True)
    return row


def _sequence(loader: _PlanLoader, node: yaml.SequenceNode) -> list[Any]:
    return list(loader.construct_sequence(node, deep=True))


def _text(loader: _PlanLoader, node: yaml.ScalarNode) -> str:
    return str(node.value)


def _plain(loader: _PlanLoader, node: yaml.ScalarNode) -> int | bool | None:
    """What PLAIN lets through: a whole number, true, false or nothing."""
    constants = {"true": True, "false": False, "null": None, "~": None, "": None}
    text = str(node.value).lower()
    return constants[text] if text in constants else int(text)


# All plain words that are no text have one tag; a tag written out ("!!python/…", "!!int") finds no constructor.
TAG = "tag:yaml.org,2002:{}".format
PLAIN = re.compile(r"^(?:[-+]?[0-9]{1,9}|true|True|false|False|null|~|)$")
_PlanLoader.add_implicit_resolver("!plain", PLAIN, None)
_PlanLoader.add_constructor("!plain", _plain)
_PlanLoader.add_constructor(TAG("str"), _text)
_PlanLoader.add_constructor(TAG("seq"), _sequence)
_PlanLoader.add_constructor(TAG("map"), _mapping)
_PlanLoader.add_constructor(None, _PlanLoader.construct_undefined)  # type: ignore[type-var]
