"""What linking shows: names and platforms, what becomes of what, and nothing else of the other side."""

from __future__ import annotations

from cogs.kit.action import action
from cogs.kit.call import Call
from cogs.kit.reply import DANGER, MAIN, AnyButton, Button, CopyButton, Reply, WebButton
from cogs.kit.words import Code, Line, Moment, Plain, Span, Strong, line
from cogs.profile.linking import Accounts, Joined, Offer, Pair, Parted
from storage.records.people import Identity

_BECOMES = (
    "Diary, gigs, answers, invoices and lists become one. "
    "A setting that both have made is taken from the newer account."
)
_SPLITS = "What each had before the link goes back to it, and both keep the settings as they are."


def account(one: Identity) -> tuple[Span, ...]:
    """An account as people know it."""
    return (Strong(one.name), Plain(f" on {one.surface.capitalize()}"))


def offered(one: Offer, call: Call) -> Reply:
    """A code, and what to do with it."""
    doors = tuple(WebButton(f"Open {platform.capitalize()}", url) for platform, url in one.doors)
    return Reply(
        title="Link another account",
        lines=(
            line("Your code is ", Code(one.code), "."),
            line("On your other account, write to me in private: ", Code(f"/link {one.code}"), "."),
            line("It works once, until ", Moment(one.made.expires_at, call.zone_or_utc), "."),
        ),
        buttons=(*doors, CopyButton("Copy the code", one.code)),
        also=(line("Both accounts are asked before anything is put together."),),
    )


def typed(pair: Pair) -> Reply:
    """To whoever typed a code in: are both of these you?"""
    return Reply(
        title="Are both of these you?",
        lines=(
            line(*account(pair.maker), " made the code."),
            line(*account(pair.typist), " typed it in."),
            line(_BECOMES),
        ),
        buttons=(
            Button("Link them", action("link.confirm", pair.code.id), MAIN),
            Button("That is not me", action("link.refuse", pair.code.id), DANGER),
        ),
        also=(line("Link only what is yours: each account sees everything of the other."),),
    )


def confirmed(pair: Pair) -> Reply:
    """To the same, once they have said yes."""
    return Reply(
        lines=(
            line("Good. Now say yes on the other side: I have written to ", *account(pair.maker), "."),
            line("No message there? Send ", Code("/me link"), " there."),
        ),
        replaces=True,
    )


def wanted(pair: Pair) -> Reply:
    """To whoever made the code: the last word."""
    return Reply(
        title="Link these two accounts?",
        lines=(
            line(*account(pair.typist), " typed in the code that you made as ", *account(pair.maker), "."),
            line(_BECOMES),
        ),
        buttons=(
            Button("Yes, both are me", action("link.accept", pair.code.id), MAIN),
            Button("No, that is not me", action("link.refuse", pair.code.id), DANGER),
        ),
        also=(line("Say yes only if that account is yours: it will see everything of this one."),),
    )


def refused() -> Reply:
    """Nothing was linked."""
    return Reply(lines=(line("Nothing was linked, and the code is worth nothing any more."),), replaces=True)


def accepted(done: Joined) -> Reply:
    """To whoever made the code: it is done, and what could not simply be put side by side."""
    lines: list[Line] = [line(*account(done.maker), " and ", *account(done.typist), " are one now.")]
    if done.merged.sequences:
        lines.append(line("Some invoices of the two have the same number. Each keeps the one it was sent with."))
    if "calendar_feeds" in done.merged.doubled:
        lines.append(line("Both had a calendar link; the newer one goes on working. See ", Code("/avail link"), "."))
    return Reply(lines=tuple(lines), replaces=True)


def joined(known: Accounts, link_id: int) -> Reply | None:
    """To both accounts: that they are one, and the way back. None when they are not any more."""
    found = next(((link, one) for link, one in known.joined if link.id == link_id), None)
    first = known.first(found[0]) if found is not None else None
    if found is None or first is None:
        return None
    return Reply(
        title="Your accounts are linked",
        lines=(
            line(*account(first), " and ", *account(found[1]), " are one person for me now."),
            line("Messages reach you where you wrote last; choose with ", Code("/me notify"), "."),
        ),
        buttons=(Button("Unlink", action("link.unlink", link_id), DANGER),),
        also=(line(_SPLITS, " If this was not you, unlink at once."),),
    )


def linked(known: Accounts) -> Reply:
    """The caller's accounts, and what unlinking each would do."""
    refused = tuple(
        line("Messages to ", *account(one), f" are refused there: {one.unreachable}. They go by your other account.")
        for one in known.all
        if one.unreachable and len(known.all) > 1
    )
    if not known.joined:
        return Reply(
            lines=(
                line("Nothing is linked: I know you as ", *_places(known), " and nowhere else."),
                line("Link another account with ", Code("/me link"), "."),
            )
        )
    lines: list[Line] = []
    buttons: list[AnyButton] = []
    for link, one in known.joined:
        first = known.first(link)
        stays = (" What was made since stays with ", *account(first), ".") if first is not None else ()
        lines.append(line("Unlinking ", *account(one), ": what each had before goes back to it.", *stays))
        buttons.append(Button(f"Unlink {one.surface.capitalize()}", action("link.unlink", link.id), DANGER))
    return Reply(
        title="Your accounts",
        lines=(line("You are ", *_places(known), "."), *refused, *lines),
        buttons=tuple(buttons),
        also=(line("Both keep the settings as they are now. Take a copy of everything first with ", Code("/export")),),
    )


def _places(known: Accounts) -> tuple[Span, ...]:
    spans: list[Span] = []
    for number, one in enumerate(known.all):
        if number:
            spans.append(Plain(" and "))
        spans += account(one)
    return tuple(spans)


def parted(done: Parted) -> Reply:
    """It is done; what went where."""
    return Reply(
        lines=(
            line(*account(done.gone), " is an account of its own again, with what it had before the link."),
            line("What was made since stays with ", *account(done.stays), ". Both keep the settings."),
        ),
        replaces=True,
    )


def told_parted(surface: str, *, here: bool) -> Reply:
    """To both accounts: they are two again. here: the reader's is the one that left."""
    where = surface.capitalize()
    said = (
        "This account is no longer linked. It has what it had before; what was made since stayed with the other one."
        if here
        else f"Your {where} account is no longer linked. What it had before went with it; the rest is still here."
    )
    return Reply(lines=(line(said), line("Link accounts with ", Code("/me link"), ".")))
