"""The boards cog: moderators link the boards of two communities, narrow what passes, and end it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from cogs.boards import cards, service
from cogs.kit.action import action as action_id
from cogs.kit.ask import Ask, Role, parameters_of
from cogs.kit.call import Call, Right
from cogs.kit.codes import EXAMPLE
from cogs.kit.cog import Cog, Where, action, command, notice
from cogs.kit.faults import Misread
from cogs.kit.form import Choice, Form
from cogs.kit.reply import Reply
from cogs.kit.tools import Tools
from cogs.kit.words import line
from storage.records.gig import KindOfWork, folded_words
from storage.records.link import BoardFilter
from storage.records.money import Money
from storage.records.notice import Notice
from storage.reference import instruments
from storage.work import Work

_CODE = Ask("Which code did the other community make?", label="Code", example=EXAMPLE, max_length=40)
_WHICH = Ask("From which community?", label="Community", example="The Pit", suggest="others", max_length=100)

Roles = Annotated[
    tuple[Role, ...] | None, Ask("Which chairs? Skip: all of them", label="Chairs", example="bass, drums")
]
Region = Annotated[str | None, Ask("Where? Skip: anywhere", label="Place", example="Leeds", max_length=80)]
Kinds = Annotated[
    tuple[KindOfWork, ...] | None,
    Ask("Which kinds of work? Skip: all", label="Kinds of work", example="session, function"),
]
Least = Annotated[Money | None, Ask("From which fee on? Skip: any", label="Least fee", example="£150")]


class BoardsCog(Cog, name="boards", topic="Setting up"):
    """Share your board with another community."""

    def __init__(self, tools: Tools) -> None:
        self._open_work = tools.open_work

    @command(
        "setup link",
        "Link this board with another community's: make a code, or type theirs in",
        needs=Right.MODERATE,
        where=Where.COMMUNITY,
        example=f"/setup link {EXAMPLE}",
    )
    async def setup_link(self, call: Call, code: Annotated[str | None, _CODE] = None) -> Reply:
        """Without a code: a new one. With one: both names, and the question."""
        if code is not None:
            return cards.typed(await service.type_in(self._open_work, call, code))
        return cards.offered(await service.offer(self._open_work, call), call)

    @command(
        "setup links",
        "See which boards this one is linked with and what passes, and change it",
        needs=Right.MODERATE,
        where=Where.COMMUNITY,
    )
    async def setup_links(self, call: Call) -> Reply:
        """The list."""
        return cards.listed(await service.links(self._open_work, call))

    @command(
        "setup unlink",
        "End a link with another community's board",
        needs=Right.MODERATE,
        where=Where.COMMUNITY,
        example="/setup unlink The Pit",
    )
    async def setup_unlink(self, call: Call, community: Annotated[str | None, _WHICH] = None) -> Reply:
        """By name, or by a button of the list."""
        found = await service.links(self._open_work, call)
        if community is None:
            return cards.listed(found)
        wanted = " ".join(community.split()).casefold()
        fitting = [one for one in found if one.other.name.casefold() == wanted]
        if not fitting:
            raise Misread(
                f"This board is not linked with “{community[:40]}”.",
                choices=tuple(Choice(one.other.name[:80], one.other.name) for one in found[:8]),
                field="community",
            )
        return cards.parting(fitting[0])

    async def others(self, call: Call, typed: str) -> Sequence[Choice]:
        """The communities at the other ends, for the option."""
        if not call.may(Right.MODERATE):
            return []
        found = await service.links(self._open_work, call)
        return [
            Choice(one.other.name, one.other.name) for one in found if typed.casefold() in one.other.name.casefold()
        ]

    # Buttons

    @action("confirm", needs=Right.MODERATE)
    async def confirm(self, call: Call, code_id: int) -> Reply:
        """The second side's yes."""
        return cards.linked(await service.confirm(self._open_work, call, code_id))

    @action("no")
    async def no(self, call: Call) -> Reply:
        """The second side's no: the code is used up, and nothing was linked."""
        return Reply(lines=(line("Nothing was linked."),), replaces=True)

    @action("takes", needs=Right.MODERATE)
    async def takes(self, call: Call, link_id: int) -> Reply:
        """The form for what comes, with what it says now."""
        one = await service.one(self._open_work, call, link_id)
        return self._form(f"What comes from {one.other.name}"[:45], "boards.set_takes", link_id, one.link.takes)

    @action("gives", needs=Right.MODERATE)
    async def gives(self, call: Call, link_id: int) -> Reply:
        """The form for what goes, with what it says now."""
        one = await service.one(self._open_work, call, link_id)
        return self._form(f"What goes to {one.other.name}"[:45], "boards.set_gives", link_id, one.link.gives)

    def _form(self, title: str, then: str, link_id: int, now: BoardFilter) -> Reply:
        values = {
            "roles": ", ".join(instruments.chair(role).name for role in now.roles),
            "region": " ".join(now.words),
            "kinds": ", ".join(kind.value for kind in now.kinds),
            "min_fee": f"{now.at_least.amount} {now.at_least.currency}" if now.at_least else "",
        }
        return Reply(
            form=Form(
                title=title,
                fields=parameters_of(BoardsCog.set_takes, keyword_only=True),
                then=action_id(then, link_id),
                values={name: value for name, value in values.items() if value},
            )
        )

    @action("set_takes", title="What comes", needs=Right.MODERATE)
    async def set_takes(
        self,
        call: Call,
        link_id: int,
        *,
        roles: Roles = None,
        region: Region = None,
        kinds: Kinds = None,
        min_fee: Least = None,
    ) -> Reply:
        """Which of the other's gigs hang here. What is left empty keeps nothing out."""
        wanted = _filter(roles, region, kinds, min_fee)
        return cards.narrowed(await service.narrow(self._open_work, call, link_id, wanted, takes=True), takes=True)

    @action("set_gives", title="What goes", needs=Right.MODERATE)
    async def set_gives(
        self,
        call: Call,
        link_id: int,
        *,
        roles: Roles = None,
        region: Region = None,
        kinds: Kinds = None,
        min_fee: Least = None,
    ) -> Reply:
        """Which of this community's gigs may hang there. What is left empty keeps nothing back."""
        wanted = _filter(roles, region, kinds, min_fee)
        return cards.narrowed(await service.narrow(self._open_work, call, link_id, wanted, takes=False), takes=False)

    @action("part", needs=Right.MODERATE)
    async def part(self, call: Call, link_id: int) -> Reply:
        """Ask before it is ended."""
        return cards.parting(await service.one(self._open_work, call, link_id))

    @action("unlink", needs=Right.MODERATE)
    async def unlink(self, call: Call, link_id: int) -> Reply:
        """End it."""
        one, gone = await service.unlink(self._open_work, call, link_id)
        return cards.parted(one, gone)

    @notice("linked")
    async def linked(self, notice: Notice, work: Work) -> Reply | None:
        """To whoever made the code; not when the boards are apart again."""
        here = await work.communities.get(int(notice.args["community"] or 0))
        other = await work.communities.get(int(notice.args["other"] or 0))
        if here is None or other is None or await work.boards.between(here.id, other.id) is None:
            return None
        return cards.told(here, other)


def _filter(
    roles: tuple[Role, ...] | None, region: str | None, kinds: tuple[KindOfWork, ...] | None, least: Money | None
) -> BoardFilter:
    return BoardFilter(
        roles=tuple(dict.fromkeys(role.id for role in roles or ())),
        words=folded_words(region or "")[:12],
        kinds=tuple(dict.fromkeys(kinds or ())),
        at_least=least,
    )
