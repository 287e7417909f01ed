"""What Discord refuses about messages, modals and commands, by its documentation. Raises `Bad`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

EPHEMERAL, LOADING, SUPPRESS_EMBEDS, SILENT, CARD = 1 << 6, 1 << 7, 1 << 2, 1 << 12, 1 << 15

ROW, BUTTON, SELECT, INPUT, USER_SELECT = 1, 2, 3, 4, 5
SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER = 9, 10, 11, 12, 13, 14, 17
LABEL, UPLOAD, RADIO, CHECKBOXES, CHECKBOX = 18, 19, 21, 22, 23

_NAME = re.compile(r"^[-_'\w]{1,32}$")


class Bad(Exception):
    """A body that Discord answers with 50035."""


def need(fine: object, what: str) -> None:
    if not fine:
        raise Bad(what)


def walk(components: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Every component, nested ones too."""
    for one in components:
        yield one
        yield from walk(one.get("components", ()))
        if "accessory" in one:
            yield from walk([one["accessory"]])
        if "component" in one:
            yield from walk([one["component"]])


def message(body: Mapping[str, Any], files: Mapping[str, Any], *, was_card: bool = False, edit: bool = False) -> None:
    """A message to be made, or the state that an edit asks for."""
    flags = body.get("flags") or 0
    components = body.get("components") or []
    content = body.get("content")
    card = bool(flags & CARD) or was_card
    need(content is None or isinstance(content, str), "content is text")
    need(len(content or "") <= 2000, "content has at most 2000 characters")
    need(len(files) <= 10, "at most 10 files")
    if card:
        need(not content, "a V2 message has no content")
        need(not body.get("embeds") and not body.get("poll"), "a V2 message has no embeds and no poll")
        if not edit or "components" in body:
            _card(components, files)
    else:
        need(len(components) <= 5, "at most 5 action rows")
        need(all(one["type"] == ROW for one in components), "without the V2 flag there are action rows only")
        if not edit:
            need((content or "").strip() or components or files or body.get("embeds"), "50006: an empty message")
    for one in walk(components):
        _component(one)
    ids = [one["custom_id"] for one in walk(components) if "custom_id" in one]
    need(len(ids) == len(set(ids)), f"custom ids are used twice: {sorted(i for i in ids if ids.count(i) > 1)[:2]}")
    need(not any(one["type"] in (INPUT, LABEL, UPLOAD, RADIO, CHECKBOXES) for one in walk(components)), "modal only")


def _card(components: list[Mapping[str, Any]], files: Mapping[str, Any]) -> None:
    every = list(walk(components))
    need(components, "a V2 message has components")
    need(len(every) <= 40, f"{len(every)} components, 40 are allowed")
    texts = [one["content"] for one in every if one["type"] == TEXT]
    need(sum(map(len, texts)) <= 4000, f"{sum(map(len, texts))} characters, 4000 are allowed")
    top = (ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR, CONTAINER)
    need(all(one["type"] in top for one in components), "not a top-level component")
    shown = {one["file"]["url"] for one in every if one["type"] == FILE}
    shown |= {item["media"]["url"] for one in every if one["type"] == GALLERY for item in one["items"]}
    for url in shown:
        if url.startswith("attachment://"):
            need(url.removeprefix("attachment://") in files, f"{url} is not attached")
    for name in files:
        need(f"attachment://{name}" in shown, f"{name} is attached and shown nowhere")


def _component(one: Mapping[str, Any]) -> None:
    kind = one["type"]
    if kind == ROW:
        inside = one["components"]
        buttons = [c for c in inside if c["type"] == BUTTON]
        need(inside and (len(buttons) == len(inside) <= 5 or len(inside) == 1), "5 buttons or 1 select in a row")
    elif kind == BUTTON:
        need(len(one.get("label") or "") <= 80, "a label has at most 80 characters")
        need(one.get("label") or one.get("emoji"), "a button has a label")
        if one["style"] == 5:
            need(1 <= len(one["url"]) <= 512 and "custom_id" not in one, "a link button has an address only")
        else:
            need(1 <= len(one["custom_id"]) <= 100 and "url" not in one, "a custom id has 1 to 100 characters")
    elif kind == TEXT:
        need(1 <= len(one["content"]) <= 4000, "a text display has 1 to 4000 characters")
    elif kind == SECTION:
        need(1 <= len(one["components"]) <= 3 and one.get("accessory"), "1 to 3 texts and an accessory")
        need(all(c["type"] == TEXT for c in one["components"]), "texts in a section")
    elif kind == GALLERY:
        need(1 <= len(one["items"]) <= 10, "1 to 10 pictures")
        need(all(1 <= len(i.get("description") or "") <= 1024 for i in one["items"]), "pictures have words")
    elif kind == CONTAINER:
        need(one["components"], "a container holds something")
        need(all(c["type"] in (ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR) for c in one["components"]), "container")


def modal(data: Mapping[str, Any]) -> None:
    """A modal."""
    need(1 <= len(data["title"]) <= 45, "a title has 1 to 45 characters")
    need(1 <= len(data["custom_id"]) <= 100, "a custom id has 1 to 100 characters")
    components = data["components"]
    need(1 <= len(components) <= 5, "1 to 5 fields")
    ids = [one["custom_id"] for one in walk(components) if "custom_id" in one]
    need(len(ids) == len(set(ids)), "custom ids are used twice")
    for one in components:
        need(one["type"] in (LABEL, TEXT), "labels and texts only")
        if one["type"] == LABEL:
            need(1 <= len(one["label"]) <= 45, "a label has 1 to 45 characters")
            need(len(one.get("description") or "") <= 100, "a description has at most 100 characters")
            _field(one["component"])


def _field(one: Mapping[str, Any]) -> None:
    kind = one["type"]
    need(not one.get("disabled"), "nothing is disabled in a modal")
    if kind == INPUT:
        need(len(one.get("placeholder") or "") <= 100, "a placeholder has at most 100 characters")
        longest = one.get("max_length", 4000)
        need(1 <= longest <= 4000 and len(one.get("value") or "") <= longest, "the value fits the length")
        need("label" not in one or one["label"] is None, "an input in a label has none of its own")
    elif kind in (SELECT, RADIO, CHECKBOXES):
        most = {SELECT: 25, RADIO: 10, CHECKBOXES: 10}[kind]
        least = 2 if kind == RADIO else 1
        options = one["options"]
        need(least <= len(options) <= most, f"{least} to {most} options")
        values = [o["value"] for o in options]
        need(len(values) == len(set(values)), "values are used twice")
        need(all(1 <= len(o["label"]) <= 100 and 1 <= len(o["value"]) <= 100 for o in options), "1 to 100 characters")
        chosen = sum(bool(o.get("default")) for o in options)
        need(chosen <= (1 if kind == RADIO else one.get("max_values") or most), "too many defaults")
        if one.get("required", True) and kind != RADIO:
            need((one.get("min_values") if one.get("min_values") is not None else 1) >= 1, "required asks for one")
    elif kind == UPLOAD:
        need(0 <= one.get("min_values", 1) <= one.get("max_values", 1) <= 10, "0 to 10 files")
    else:
        need(kind == USER_SELECT, f"a component of type {kind} in a modal")


def commands(found: list[Mapping[str, Any]]) -> None:
    """The whole list of commands."""
    for kind, most in ((1, 100), (2, 15), (3, 15)):
        of = [one for one in found if one.get("type", 1) == kind]
        need(len(of) <= most, f"{len(of)} commands of type {kind}")
        need(len({one["name"] for one in of}) == len(of), "a name is used twice")
    for one in found:
        if one.get("type", 1) == 1:
            _command(one, 0)
            need(_characters(one) <= 8000, f"/{one['name']} has {_characters(one)} characters")
        else:
            need(1 <= len(one["name"]) <= 32 and not one.get("description"), "a menu has a name only")


def _command(one: Mapping[str, Any], depth: int) -> None:
    names = [one["name"], *(one.get("name_localizations") or {}).values()]
    need(all(_NAME.match(n) and n == n.lower() for n in names), f"not a name: {names}")
    described = [one["description"], *(one.get("description_localizations") or {}).values()]
    need(all(1 <= len(d) <= 100 for d in described), f"descriptions of {one['name']}")
    options = one.get("options") or []
    need(len(options) <= 25, "at most 25 options")
    need(len({o["name"] for o in options}) == len(options), f"an option of {one['name']} is there twice")
    nested = [o for o in options if o["type"] in (1, 2)]
    need(not nested or (len(nested) == len(options) and depth < 2), "subcommands or options")
    required = [bool(o.get("required")) for o in options if o not in nested]
    need(required == sorted(required, reverse=True), "required options come first")
    for option in options:
        _command(option, depth + 1)
        choices = option.get("choices") or []
        need(len(choices) <= 25 and not (choices and option.get("autocomplete")), "choices or suggestions")
        need(all(1 <= len(c["name"]) <= 100 and len(str(c["value"])) <= 100 for c in choices), "choices")
        need(1 <= option.get("max_length", 1) <= 6000, "max_length")


def _characters(one: Mapping[str, Any]) -> int:
    own = max(map(len, [one["name"], *(one.get("name_localizations") or {}).values()]))
    own += max(map(len, [one.get("description") or "", *(one.get("description_localizations") or {}).values()]))
    own += sum(len(c["name"]) + len(str(c["value"])) for c in one.get("choices") or ())
    return own + sum(map(_characters, one.get("options") or ()))


def pings(body: Mapping[str, Any]) -> list[str]:
    """Whom a message would notify: mentions in its texts that its allowed mentions let through."""
    said = "\n".join(
        [body.get("content") or ""]
        + [one["content"] for one in walk(body.get("components") or []) if one["type"] == TEXT]
    )
    allowed = body.get("allowed_mentions")
    parse = ["users", "roles", "everyone"] if allowed is None else allowed.get("parse") or []
    found = []
    for pattern, kind in ((r"<@!?(\d+)>", "users"), (r"<@&(\d+)>", "roles")):
        for one in re.findall(pattern, said):
            if kind in parse or one in map(str, (allowed or {}).get(kind) or []):
                found.append(f"{kind}:{one}")
    if re.search(r"@(everyone|here)", said) and "everyone" in parse:
        found.append("everyone")
    return found
