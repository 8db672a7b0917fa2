"""The Markdown subset of free text in minutes: paragraphs, headings, lists, quotes, bold, italic and links.

No HTML, no images (STACK.md). Two renditions of one reading: cleaned HTML for pages, plain blocks for the PDF.
"""

import re
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

_READER = MarkdownIt("zero", {"breaks": True, "maxNesting": 50}).enable(
    ["heading", "list", "blockquote", "emphasis", "link", "escape", "entity", "newline", "fragments_join"]
)
_TAGS = {"p", "br", "h4", "ul", "ol", "li", "blockquote", "strong", "em", "a"}
_SCHEMES = {"http", "https", "mailto"}
_LONG = re.compile(r"\S{1000}")  # a line that cannot be broken must not fill a PDF's longest string
_NESTS = {"bullet_list", "ordered_list", "blockquote"}
DEEPEST = 8
LONGEST_LINK = 2000  # characters

Block = dict[str, Any]


def to_html(text: str) -> str:
    """Safe HTML. Headings become h4, whatever their mark, so that they fit below the item's own heading."""
    tokens = _READER.parse(text)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = "h4"
    html = _READER.renderer.render(tokens, _READER.options, {})
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes={"*": set(), "a": {"href"}, "ol": {"start"}},
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer nofollow",
    )


def to_blocks(text: str) -> list[Block]:
    """The same text as plain data: blocks of kind p, h, ul, ol and quote; p and h hold runs of text.

    What typst cannot set is left out of the form, never of the text: lists and quotes within more of them than
    anybody reads, and links longer than any address.
    """
    return _blocks(SyntaxTreeNode(_READER.parse(text)))


def _blocks(node: SyntaxTreeNode, depth: int = 0) -> list[Block]:
    blocks = []
    for child in node.children:
        if child.type == "list_item" or (child.type in _NESTS and depth >= DEEPEST):
            blocks += _blocks(child, depth)
        else:
            blocks.append(_block(child, depth))
    return blocks


def _block(node: SyntaxTreeNode, depth: int) -> Block:
    if node.type == "bullet_list":
        return {"kind": "ul", "items": [_blocks(item, depth + 1) for item in node.children]}
    if node.type == "ordered_list":
        return {
            "kind": "ol",
            "start": int(node.attrs.get("start", 1)),
            "items": [_blocks(item, depth + 1) for item in node.children],
        }
    if node.type == "blockquote":
        return {"kind": "quote", "blocks": _blocks(node, depth + 1)}
    kind = "h" if node.type == "heading" else "p"
    return {"kind": kind, "runs": [run for child in node.children for run in _runs(child, {})]}


def _runs(node: SyntaxTreeNode, style: dict[str, Any]) -> list[dict[str, Any]]:
    if node.type == "strong":
        style = {**style, "bold": True}
    elif node.type == "em":
        style = {**style, "italic": True}
    elif node.type == "link" and _is_printable_link(str(node.attrs.get("href", ""))):
        style = {**style, "link": str(node.attrs["href"])}
    if node.type in {"softbreak", "hardbreak"}:
        return [{"break": True}]
    if node.children:
        return [run for child in node.children for run in _runs(child, style)]
    words = _LONG.sub(r"\g<0> ", node.content)
    return [{"text": words, **style}] if words else []


def _is_printable_link(address: str) -> bool:
    return address.split(":")[0] in _SCHEMES and len(address) <= LONGEST_LINK
