"""Settings and profiles as replies: the panel, the echo of one change, and what others see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cogs.kit.action import action
from cogs.kit.call import Call
from cogs.kit.reply import MAIN, AnyButton, Button, Field, Reply
from cogs.kit.tools import Defaults
from cogs.kit.words import Line, Moment, Plain, Shown, Strong, Web, line
from cogs.profile import rules
from cogs.profile.reading import hours_text, locale_name, radius_text
from cogs.profile.rules import TOPICS, Route, Setting, Whose
from storage.records.people import Community, Person, Topic, Visibility, Words
from storage.reference import instruments

PLATFORMS = {"discord": "Discord", "telegram": "Telegram", "console": "the console"}
SEEN_BY = {
    Visibility.COMMUNITY: "everybody in your communities",
    Visibility.CONTACTS: "people you have worked with through me",
    Visibility.NOBODY: "nobody",
}
_WORDS = {
    Words.UK: "UK (dep, fixer, pencil)",
    Words.US: "US (sub, contractor, hold)",
}
_CHANGES = (Setting.ZONE, Setting.QUIET, Setting.CURRENCY, Setting.LOCALE, Setting.CLOCK, Setting.WORDS)
_CHANGE_LABELS = {
    Setting.ZONE: "Change zone",
    Setting.QUIET: "Change quiet hours",
    Setting.CURRENCY: "Change currency",
    Setting.LOCALE: "Change how dates are written",
    Setting.CLOCK: "Change clock",
    Setting.WORDS: "Change trade words",
}

_ALL = Button("Show all settings", action("settings.show"))


# --- the panel --------------------------------------------------------------------------------------------------------


def panel(
    person: Person,
    community: Community | None,
    routes: Mapping[Topic, Route],
    call: Call,
    defaults: Defaults,
    *,
    note: Line = (),
    in_place: bool = False,
) -> Reply:
    """Everything a person has set, with a button for each. call: with the settings as they are now.

    note: what just changed. in_place: redraw the message whose button was pressed.
    """
    fields = (
        Field("You play", _plays(person)),
        Field("Where", _where(person)),
        *(Field(setting.label, value(setting, person, community, call, defaults)) for setting in Setting),
        Field("Messages", messages(routes)),
        Field("Your profile is seen by", line(SEEN_BY[person.visibility])),
    )
    return Reply(
        title="Your settings",
        lines=(note,) if note else (),
        fields=fields,
        buttons=(
            Button("Change what I play", action("profile.edit")),
            *(Button(_CHANGE_LABELS[setting], action("settings.change", setting)) for setting in _CHANGES),
            Button("Change messages", action("settings.messages")),
            _switch(Setting.UNPAID, person.takes_unpaid, "Show me unpaid gigs", "Hide unpaid gigs"),
            _switch(Setting.PLAIN, person.plain_text, "Use plain text", "Use cards"),
        ),
        replaces=in_place,
    )


def _switch(setting: Setting, is_on: bool, turn_on: str, turn_off: str) -> Button:
    return Button(turn_off if is_on else turn_on, action("settings.set", setting, "0" if is_on else "1"))


def value(setting: Setting, person: Person, community: Community | None, call: Call, defaults: Defaults) -> Line:
    """A setting in full, and whose choice it is where it is not the person's own."""
    match setting:
        case Setting.ZONE if call.zone is None:
            theirs = f" (this community goes by {community.zone})" if community and community.zone else ""
            return line("not known; I will ask before I read a clock", theirs)
        case Setting.ZONE:
            return line(Strong(call.zone_or_utc), ", where it is ", Moment(call.now, call.zone_or_utc, Shown.CLOCK))
        case Setting.CURRENCY:
            source = _whose(person.currency, community and community.currency, call.currency, defaults.currency)
            return line(Strong(call.currency), source)
        case Setting.LOCALE if person.locale is None and not call.locale_said:
            name = Strong(f"{locale_name(call.locale)}, {call.locale}")
            return line(name, " (the usual); I ask which of 3/4 comes first")
        case Setting.LOCALE:
            source = _whose(person.locale, community and community.locale, call.locale, defaults.locale)
            third = "3 April" if call.dayfirst else "4 March"
            return line(Strong(f"{locale_name(call.locale)}, {call.locale}"), f": 3/4 is {third}", source)
        case Setting.WORDS:
            source = _whose(person.words, community and community.words, call.words, defaults.words)
            return line(Strong(_WORDS[call.words]), source)
        case Setting.CLOCK if person.clock is None:
            return line("not said; I ask when “at 9” could be either")
        case Setting.CLOCK:
            return line(
                Strong(f"{person.clock} hours"), ": “at 9” is 09:00" if person.clock == 24 else ": I ask about “at 9”"
            )
        case Setting.QUIET if person.quiet_from == person.quiet_to:
            return line(Strong("off"), ": messages arrive at any hour")
        case Setting.QUIET:
            hours = hours_text(person.quiet_from, person.quiet_to)
            return line(Strong(hours), f" {call.zone_or_utc}; urgent ones still arrive")
        case Setting.UNPAID:
            return line(Strong("shown to you" if person.takes_unpaid else "not shown to you"))
        case Setting.PLAIN:
            return line(Strong("on, for screen readers" if person.plain_text else "off"))


def _whose(own: object, of_community: object, shown: object, usual: object) -> str:
    source = rules.whose(own, of_community, shown, usual)
    return "" if source is Whose.OWN else f" ({source.value})"


def messages(routes: Mapping[Topic, Route]) -> Line:
    """Where each kind of message goes, the usual way summed up."""
    unusual = [topic for topic in Topic if routes[topic] != Route()]
    if not unusual:
        return line("all of them, wherever you last spoke to me")
    said = " · ".join(f"{TOPICS[topic]}: {route_text(routes[topic])}" for topic in unusual)
    return line(said, "" if len(unusual) == len(Topic) else " · the others wherever you last spoke to me")


def route_text(route: Route) -> str:
    """Where one kind of message goes, in words."""
    if route.where == "off":
        return "off"
    place = "wherever you last spoke to me" if route.where == "dm" else f"on {PLATFORMS[route.where]}"
    return f"{place}, also in quiet hours" if route.night else place


# --- one change -------------------------------------------------------------------------------------------------------


def changed(setting: Setting, person: Person, community: Community | None, call: Call, defaults: Defaults) -> Reply:
    """The echo of a setting that was typed: the new value in full, and the ways back."""
    return Reply(
        lines=(said(setting, person, community, call, defaults),),
        buttons=(
            Button("Fix", action("settings.change", setting)),
            _ALL,
        ),
    )


def said(setting: Setting, person: Person, community: Community | None, call: Call, defaults: Defaults) -> Line:
    """One line with the setting's name and its value."""
    return line(f"{setting.label}: ", *value(setting, person, community, call, defaults), ".")


def routed(routes: Mapping[Topic, Route], chosen: Sequence[Topic]) -> Reply:
    """The echo of where messages go from now on."""
    return Reply(
        lines=routed_lines(routes, chosen),
        buttons=(Button("Fix", action("settings.messages")), _ALL),
    )


def routed_lines(routes: Mapping[Topic, Route], chosen: Sequence[Topic]) -> tuple[Line, ...]:
    """One line a kind, or one for all."""
    if len(chosen) == len(Topic) and len({routes[topic] for topic in chosen}) == 1:
        return (line("All messages: ", Strong(route_text(routes[chosen[0]])), "."),)
    return tuple(line(f"{TOPICS[topic]}: ", Strong(route_text(routes[topic])), ".") for topic in chosen)


# --- profiles ---------------------------------------------------------------------------------------------------------


def profile(person: Person, *, note: Line = (), in_place: bool = False) -> Reply:
    """One's own profile, with a button for each thing that can be changed."""
    fields = (
        Field("Plays", _names(person.roles) or line("not said yet")),
        Field("Doubles", _names(person.doubles) or line("none")),
        Field("Region", line(person.region) if person.region else line("not said yet")),
        Field(
            "Travels",
            line(f"up to {radius_text(person.radius_km)}") if person.radius_km is not None else line("not said"),
        ),
        Field("Styles", line(person.styles or "not said")),
        Field("Links", _links(person) or line("none")),
        Field("Union", line(person.union or "not said")),
        Field("Seen by", line(Strong(SEEN_BY[person.visibility]))),
    )
    buttons: tuple[AnyButton, ...] = (
        Button("Change roles", action("profile.roles")),
        Button("Change doubles", action("profile.doubles")),
        Button("Change region", action("profile.region")),
        Button("Change how far I travel", action("profile.radius")),
        Button("Change styles", action("profile.styles")),
        Button("Change links", action("profile.links")),
        Button("Change union", action("profile.union")),
        Button("Change who sees it", action("profile.visibility")),
        _ALL,
    )
    return Reply(
        title="Your profile",
        lines=(note,) if note else (),
        fields=fields,
        buttons=buttons,
        replaces=in_place,
    )


def public(person: Person, *, own: bool) -> Reply:
    """A profile as others see it: nothing but what they may know."""
    fields = []
    if person.roles:
        fields.append(Field("Plays", _names(person.roles)))
    if person.doubles:
        fields.append(Field("Doubles", _names(person.doubles)))
    if person.region:
        fields.append(Field("Region", line(person.region)))
    if person.styles:
        fields.append(Field("Styles", line(person.styles)))
    if person.links:
        fields.append(Field("Links", _links(person)))
    if person.union:
        fields.append(Field("Union", line(person.union)))
    lines: tuple[Line, ...] = ()
    buttons: tuple[AnyButton, ...] = ()
    if own:
        lines = (line("This is what others see of you. It is seen by ", Strong(SEEN_BY[person.visibility]), "."),)
        if not fields:
            lines = (line("There is nothing on your profile yet, so nobody finds you by it."),)
        buttons = (Button("Change what I play", action("profile.edit"), MAIN),)
    return Reply(title=person.name, lines=lines, fields=tuple(fields), buttons=buttons)


def _plays(person: Person) -> Line:
    if not person.roles and not person.doubles:
        return line("not said yet")
    doubles = (Plain(", doubling "), *_names(person.doubles)) if person.doubles else ()
    return (*_names(person.roles), *doubles)


def _names(roles: Sequence[str]) -> Line:
    names = [role_name(role) for role in roles]
    return line(Strong(", ".join(names))) if names else ()


def role_name(role: str) -> str:
    """How a chair is shown; an id that the table no longer has is shown as it is."""
    try:
        return instruments.by_id(role).name
    except KeyError:
        return role


def _where(person: Person) -> Line:
    if person.region is None and person.radius_km is None:
        return line("not said yet")
    far = f"up to {radius_text(person.radius_km)}" if person.radius_km is not None else ""
    return line(", ".join(part for part in (person.region, far) if part))


def _links(person: Person) -> Line:
    parts: list[Web | Plain] = []
    for url in (person.links or "").split():
        shown = url.split("://", 1)[1].removeprefix("www.").rstrip("/")
        parts += [Plain(" · ")] if parts else []
        parts.append(Web(shown, url))
    return tuple(parts)
