"""The Markdown subset of free text in minutes: paragraphs, headings, lists, quotes, bold, italic and links.

No HTML, no images (STACK.md). Two renditions of one reading: cleaned HTML for pages, plain blocks for the PDF.
"""

from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

_READER = MarkdownIt("zero", {"breaks": True, "maxNesting": 50}).enable(
    ["heading", "list", "blockquote", "emphasis", "link", "escape", "entity", "newline", "fragments_join"]
)
_TAGS = {"p", "br", "h4", "ul", "ol", "li", "blockquote", "strong", "em", "a"}
_SCHEMES = {"http", "https", "mailto"}

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
    """The same text as plain data: blocks of kind p, h, ul, ol and quote; p and h hold runs of text."""
    return _blocks(SyntaxTreeNode(_READER.parse(text)))


def _blocks(node: SyntaxTreeNode) -> list[Block]:
    return [_block(child) for child in node.children]


def _block(node: SyntaxTreeNode) -> Block:
    if node.type == "bullet_list":
        return {"kind": "ul", "items": [_blocks(item) for item in node.children]}
    if node.type == "ordered_list":
        return {
            "kind": "ol",
            "start": int(node.attrs.get("start", 1)),
            "items": [_blocks(i) for i in node.children],
        }
    if node.type == "blockquote":
        return {"kind": "quote", "blocks": _blocks(node)}
    kind = "h" if node.type == "heading" else "p"
    return {"kind": kind, "runs": [run for child in node.children for run in _runs(child, {})]}


def _runs(node: SyntaxTreeNode, style: dict[str, Any]) -> list[dict[str, Any]]:
    if node.type == "strong":
        style = {**style, "bold": True}
    elif node.type == "em":
        style = {**style, "italic": True}
    elif node.type == "link" and str(node.attrs.get("href", "")).split(":")[0] in _SCHEMES:
        style = {**style, "link": str(node.attrs["href"])}
    if node.type in {"softbreak", "hardbreak"}:
        return [{"break": True}]
    if node.children:
        return [run for child in node.children for run in _runs(child, style)]
    return [{"text": node.content, **style}] if node.content else []
