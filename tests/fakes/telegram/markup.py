"""Telegram's HTML, read as strictly as Telegram reads it: the visible text and the entities, or why not."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ATTRIBUTES = {
    "b": (), "strong": (), "i": (), "em": (), "u": (), "ins": (), "s": (), "strike": (), "del": (), "pre": (),
    "code": ("class",), "a": ("href",), "blockquote": ("expandable",), "tg-spoiler": (), "span": ("class",),
    "tg-emoji": ("emoji-id",), "tg-time": ("unix", "format"),
}  # fmt: skip
_TOKEN = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)((?:\s+[A-Za-z-]+(?:=\"[^\"<>]*\")?)*)\s*>")
_ATTRIBUTE = re.compile(r"([A-Za-z-]+)(?:=\"([^\"]*)\")?")
_REFERENCE = re.compile(r"&(?:(lt|gt|amp|quot)|#(\d+)|#x([0-9A-Fa-f]+));")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
#: Bot API, date-time entity formatting.
_FORMAT = re.compile(r"r|w?[dD]?[tT]?")


class BadMarkup(ValueError):
    """What Telegram answers: "can't parse entities: …"."""


@dataclass(frozen=True, slots=True)
class Shown:
    """text: what a reader sees. entities: (kind, text inside, attributes)."""

    text: str
    entities: tuple[tuple[str, str, dict[str, str]], ...]

    @property
    def units(self) -> int:
        return len(self.text.encode("utf-16-le")) // 2


def parse(html: str) -> Shown:
    """Raises BadMarkup."""
    out: list[str] = []
    open_tags: list[tuple[str, dict[str, str], int]] = []
    entities: list[tuple[str, str, dict[str, str]]] = []
    at = 0
    while at < len(html):
        character = html[at]
        if character == "<":
            found = _TOKEN.match(html, at)
            if found is None:
                raise BadMarkup(f"Unsupported start tag at byte offset {at}")
            closing, name, rest = found[1], found[2].lower(), found[3]
            if name not in _ATTRIBUTES:
                raise BadMarkup(f'Unsupported start tag "{name}" at byte offset {at}')
            if closing:
                if not open_tags or open_tags[-1][0] != name:
                    expected = open_tags[-1][0] if open_tags else "nothing"
                    raise BadMarkup(f'Unmatched end tag at byte offset {at}, expected "</{expected}>"')
                name, attributes, start = open_tags.pop()
                inside = "".join(out)[start:]
                if inside:
                    entities.append((name, inside, attributes))
            else:
                attributes = {key: value or "" for key, value in _ATTRIBUTE.findall(rest)}
                _check(name, attributes)
                open_tags.append((name, attributes, len("".join(out))))
            at = found.end()
        elif character == "&":
            found = _REFERENCE.match(html, at)
            if found is None:
                out.append("&")
                at += 1
                continue
            code = int(found[2]) if found[2] else int(found[3], 16) if found[3] else 0
            out.append(_NAMED[found[1]] if found[1] else chr(code))
            at = found.end()
        elif character == ">":
            out.append(character)
            at += 1
        else:
            out.append(character)
            at += 1
    if open_tags:
        raise BadMarkup(f'Can\'t find end tag corresponding to start tag "{open_tags[-1][0]}"')
    return Shown("".join(out), tuple(entities))


def _check(name: str, attributes: dict[str, str]) -> None:
    unknown = set(attributes) - set(_ATTRIBUTES[name])
    if unknown:
        raise BadMarkup(f'Tag "{name}" has no attribute {sorted(unknown)}')
    if name == "tg-time":
        if not attributes.get("unix", "").isdigit():
            raise BadMarkup('Tag "tg-time" must have attribute "unix"')
        if not _FORMAT.fullmatch(attributes.get("format", "")):
            raise BadMarkup("ENTITY_DATE_INVALID")
