"""Forms as Discord's modals, a page of five fields at a time, and what was filled in as the desk takes it.

A modal's id names the form and the page, so that a submit works after a restart. Fields carry the parameters' names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import discord
from discord import ui

from bot.desk.filling import Given
from bot.on_discord.options import Introduce, read_file
from bot.on_discord.spans import tidy
from cogs.kit.action import BadAction
from cogs.kit.ask import Kind, Parameter
from cogs.kit.form import Form
from cogs.kit.reply import Button

# Discord developer documentation, Component Reference and Modals, read August 2026.
PAGE_FIELDS = 5
TITLE_CHARACTERS = 45
LABEL_CHARACTERS = 45
DESCRIPTION_CHARACTERS = 100
PLACEHOLDER_CHARACTERS = 100
TEXT_CHARACTERS = 4000
SELECT_OPTIONS = 25
GROUP_OPTIONS = 10

_SUBMIT = "fc:desk.form"
_OPEN = "fc:desk.open"

#: Where the first thing that a title says ends; a list of words ("name, address") is one thing.
_CLAUSE = re.compile(r"[:;]|,(?=\s(?:for|from|in|or|and|to|what|with|see|when|where|whether|which|once)\b)")
_LINES = frozenset({Kind.LONG, Kind.QUOTED})


def pages(form: Form) -> int:
    """How many pages a form has."""
    return max(1, -(-len(form.fields) // PAGE_FIELDS))


def first_page(form: Form) -> int:
    """The page to open: where the first thing that could not be taken stands, else the first with a gap."""
    for wanted in (form.problems, [f.name for f in form.fields if f.required and f.name not in form.values]):
        for position, one in enumerate(form.fields):
            if one.name in wanted:
                return position // PAGE_FIELDS
    return 0


def opener(form: Form, page: int) -> Button | None:
    """The button that opens a page of a kept form. None for a form that was not kept."""
    if form.token is None:
        return None
    label = "Continue" if page and not form.problems else "Fill in"
    return Button(label, f"{_OPEN}:{form.token}:{page}")


@dataclass(frozen=True, slots=True)
class Opened:
    """A press on `opener`: the desk's own id for it, and the page."""

    action: str
    page: int


def read_opener(custom_id: str) -> Opened | None:
    """Which form and page a button opens; None when it is another button."""
    head, _, page = custom_id.rpartition(":")
    if head.startswith(f"{_OPEN}:") and page.isdecimal() and len(page) < 4:
        return Opened(head, int(page))
    return None


@dataclass(frozen=True, slots=True)
class Page:
    """Which form, and which of its pages, a submit is of."""

    token: str
    number: int


def read_submit(custom_id: str) -> Page:
    """The form behind a modal's id. Raises BadAction for an id that is not ours."""
    parts = custom_id.split(":")
    if len(parts) != 4 or ":".join(parts[:2]) != _SUBMIT or not parts[3].isdecimal():
        raise BadAction(custom_id)
    return Page(parts[2], int(parts[3]))


def page_after(custom_id: str) -> int | None:
    """The page that comes after the one with this id; None when the id is not ours."""
    try:
        return read_submit(custom_id).number + 1
    except BadAction:
        return None


def modal(form: Form, page: int, *, with_people: bool) -> ui.Modal:
    """A page of a form. with_people: whether Discord's own list of members makes sense here (in a server).

    Raises ValueError for a form that was not kept, since nothing could take it in.
    """
    if form.token is None:
        raise ValueError("only a kept form can be opened")
    page = min(page, pages(form) - 1)
    counted = f" {page + 1}/{pages(form)}" if pages(form) > 1 else ""
    title = _titled(tidy(form.title), TITLE_CHARACTERS - len(counted)) + counted
    made = ui.Modal(title=title, custom_id=f"{_SUBMIT}:{form.token}:{page}", timeout=None)
    for parameter in form.fields[page * PAGE_FIELDS : (page + 1) * PAGE_FIELDS]:
        made.add_item(_field(parameter, form, with_people=with_people))
    made.stop()
    return made


def _titled(text: str, most: int) -> str:
    """A title that fits: without what it explains behind its first clause, if that is what makes it too long."""
    head = _CLAUSE.split(text, maxsplit=1)[0]
    return head if len(head) <= most < len(text) and " " in head else _short(text, most)


def _short(text: str, most: int) -> str:
    """A text that fits, cut where a word ends."""
    if len(text) <= most:
        return text
    return text[: most - 1].rpartition(" ")[0].rstrip(" ,;:") + "…" if " " in text[: most - 1] else text[:most]


def _field(parameter: Parameter, form: Form, *, with_people: bool) -> ui.Label[Any]:
    problem = form.problems.get(parameter.name)
    asked = _beside(parameter.ask.question, form.hints.get(parameter.name))
    description = problem.text if problem is not None else asked
    return ui.Label(
        text=_short(parameter.label, LABEL_CHARACTERS),
        description=_short(tidy(description), DESCRIPTION_CHARACTERS) or None,
        component=_component(parameter, form.values.get(parameter.name, ""), with_people=with_people),
    )


def _beside(question: str, hint: str | None) -> str:
    """The question with the fact beside it, or the fact alone where both are too long: the label says what is asked."""
    both = f"{question} {hint}" if hint else question
    return both if hint is None or len(both) <= DESCRIPTION_CHARACTERS else hint


def _component(parameter: Parameter, value: str, *, with_people: bool) -> ui.Item[Any]:
    name, required = parameter.name, parameter.required
    offered = parameter.choices()
    match parameter.kind:
        case Kind.UPLOAD:
            return ui.FileUpload(custom_id=name, required=required, min_values=int(required), max_values=1)
        case Kind.PERSON if with_people and not value:
            return ui.UserSelect(
                custom_id=name,
                required=required,
                min_values=int(required),
                max_values=SELECT_OPTIONS if parameter.many else 1,
            )
        case Kind.CHOICE | Kind.YESNO if 2 <= len(offered) <= SELECT_OPTIONS:
            return _choice(parameter, value)
    longest = min(TEXT_CHARACTERS, max(parameter.max_length, len(value)))
    return ui.TextInput(
        custom_id=name,
        style=discord.TextStyle.long if parameter.kind in _LINES else discord.TextStyle.short,
        required=required,
        default=value[:TEXT_CHARACTERS] or None,
        placeholder=(parameter.ask.example or "")[:PLACEHOLDER_CHARACTERS] or None,
        max_length=longest,
    )


def _choice(parameter: Parameter, value: str) -> ui.Item[Any]:
    """Few values to tap: circles when one is picked, boxes when several, a list when they are many."""
    name, required, offered = parameter.name, parameter.required, parameter.choices()
    picked = {one.strip().casefold() for one in (value.split(",") if parameter.many else [value])}

    def is_picked(label: str, given: str) -> bool:
        return given.casefold() in picked or label.casefold() in picked

    if parameter.many and len(offered) <= GROUP_OPTIONS:
        boxes = [
            discord.CheckboxGroupOption(label=o.label[:100], value=o.value, default=is_picked(o.label, o.value))
            for o in offered
        ]
        return ui.CheckboxGroup(custom_id=name, required=required, min_values=int(required), options=boxes)
    if not parameter.many and len(offered) <= GROUP_OPTIONS:
        circles = [
            discord.RadioGroupOption(label=o.label[:100], value=o.value, default=is_picked(o.label, o.value))
            for o in offered
        ]
        return ui.RadioGroup(custom_id=name, required=required, options=circles)
    listed = [
        discord.SelectOption(label=o.label[:100], value=o.value[:100], default=is_picked(o.label, o.value))
        for o in offered
    ]
    return ui.Select(
        custom_id=name,
        required=required,
        min_values=int(required),
        max_values=len(listed) if parameter.many else 1,
        options=listed,
    )


async def filled_in(
    data: Mapping[str, Any], interaction: discord.Interaction[Any], introduce: Introduce
) -> dict[str, Given]:
    """The fields of a submit by name; a field left empty is an empty text. Raises Misread for a file too large."""
    values: dict[str, Given] = {}
    resolved = data.get("resolved", {})
    for item in data.get("components", ()):
        component = item.get("component")
        if component is None:  # an older row of text inputs
            components = item.get("components", ())
            component = components[0] if components else None
        if component is None or "custom_id" not in component:
            continue
        values[component["custom_id"]] = await _value(component, resolved, interaction, introduce)
    return values


async def _value(
    component: Mapping[str, Any],
    resolved: Mapping[str, Any],
    interaction: discord.Interaction[Any],
    introduce: Introduce,
) -> Given:
    if "values" not in component:
        return str(component.get("value") or "")
    chosen = [str(one) for one in component["values"]]
    # discord.py hands modal data over as Discord sent it; its own classes read the records of people and files.
    state = interaction._state
    if component.get("type") == discord.ComponentType.file_upload.value:
        found = [resolved.get("attachments", {}).get(one) for one in chosen]
        files = [discord.Attachment(data=one, state=state) for one in found if one]
        return await read_file(files[0]) if files else ""
    if component.get("type") == discord.ComponentType.user_select.value:
        return ", ".join([await introduce(one) for one in _people(chosen, resolved, interaction)])
    return ", ".join(chosen)


def _people(
    chosen: list[str], resolved: Mapping[str, Any], interaction: discord.Interaction[Any]
) -> list[discord.User | discord.Member]:
    state = interaction._state
    people: list[discord.User | discord.Member] = []
    for account in chosen:
        user = resolved.get("users", {}).get(account)
        member = resolved.get("members", {}).get(account)
        if user is None:
            continue
        if member is not None and interaction.guild is not None:
            both: Any = {**member, "user": user}
            people.append(discord.Member(data=both, guild=interaction.guild, state=state))
        else:
            people.append(discord.User(data=user, state=state))
    return people
