"""The cog of call lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from cogs.firstcall import cards, rules
from cogs.firstcall.service import FirstCallService
from cogs.kit.ask import Ask, Role
from cogs.kit.call import Call
from cogs.kit.cog import Cog, Menu, action, command
from cogs.kit.form import Choice
from cogs.kit.reply import Reply
from cogs.kit.tools import Tools
from storage.records.people import Person

Player = Annotated[Person, Ask("Whom?", label="Player", example="@sam")]
Chair = Annotated[Role, Ask("For which chair?", label="Chair", example="keys")]
Place = Annotated[
    int | None,
    Ask(
        "At which place? 1 is first call.", label="Place", example="1", at_least=1, at_most=rules.MOST,
        find=rules.find_rank,
    ),
]  # fmt: skip
Note = Annotated[
    str | None, Ask("A note to yourself?", label="Note", example="Reads anything", max_length=200, free=False)
]
Named = Annotated[
    str | None,
    Ask(
        "On which of your lists? Blank: the usual one.", label="List", example="weddings", max_length=rules.NAME,
        suggest="names", free=False,
    ),
]  # fmt: skip


class FirstCallCog(Cog, name="firstcall", topic="Deps"):
    """Keep whom you call first."""

    def __init__(self, tools: Tools) -> None:
        self._service = FirstCallService(tools)

    @command(
        "firstcall add", "Put a player on your call list", one_line=("firstcall",),
        menu=(Menu.PERSON, "Add to my call list"), example="/firstcall keys @sam 1",
    )  # fmt: skip
    async def add(
        self,
        call: Call,
        role: Chair,
        player: Player,
        rank: Place = None,
        list_: Named = None,
        note: Note = None,
    ) -> Reply:
        """Keep somebody; who is on the list already moves, or gets the note."""
        return cards.placed(
            await self._service.add(call, role.id, player, rank=rank, name=rules.list_name(list_), note=note)
        )

    @command("firstcall move", "Move a player on your call list", example="/firstcall move keys @sam 2")
    async def move(
        self,
        call: Call,
        role: Chair,
        player: Player,
        rank: Annotated[
            int,
            Ask(
                "To which place? 1 is first call.",
                label="Place",
                example="2",
                at_least=1,
                at_most=rules.MOST,
                find=rules.find_rank,
            ),
        ],
        list_: Named = None,
    ) -> Reply:
        """Somebody moves; the others keep their order."""
        return cards.placed(await self._service.move(call, role.id, player, rank, rules.list_name(list_)))

    @command("firstcall remove", "Take a player off your call list", example="/firstcall remove keys @sam")
    async def remove(self, call: Call, role: Chair, player: Player, list_: Named = None) -> Reply:
        """Off; undo brings them back to where they stood."""
        return cards.removed(await self._service.remove(call, role.id, player, rules.list_name(list_)), player)

    @command(
        "firstcall show", "Your call lists, first call first", aliases=("calllist",), example="/firstcall show keys"
    )
    async def show(
        self,
        call: Call,
        role: Annotated[Role | None, Ask("Only for which chair?", label="Chair", example="keys")] = None,
        list_: Named = None,
    ) -> Reply:
        """All of them, or those for one chair or of one name."""
        name = rules.list_name(list_) if list_ is not None else None
        return cards.lists(await self._service.lists(call, role=role.id if role is not None else None, name=name))

    @action("page")
    async def page(self, call: Call, number: int) -> Reply:
        """Another page of all lists."""
        return cards.lists(await self._service.lists(call), number).with_(replaces=True)

    @action("grow", title="Add a player")
    async def grow(self, call: Call, *, role: Chair, player: Player, rank: Place = None, note: Note = None) -> Reply:
        """The same as the command, from the list."""
        return cards.placed(await self._service.add(call, role.id, player, rank=rank, name="", note=note))

    @action("open")
    async def open(self, call: Call, entry_id: int) -> Reply:
        """One line of a list, with what can be done about it."""
        return cards.placed(await self._service.look(call, entry_id))

    @action("shift")
    async def shift(self, call: Call, entry_id: int, rank: int) -> Reply:
        """One place up or down."""
        return cards.placed(await self._service.change(call, entry_id, rank=rank)).with_(replaces=True)

    @action("fix", title="Change it")
    async def fix(self, call: Call, entry_id: int, *, rank: Place = None, note: Note = None) -> Reply:
        """Another place, or another note."""
        return cards.placed(await self._service.change(call, entry_id, rank=rank, note=note))

    @action("take_off")
    async def take_off(self, call: Call, entry_id: int) -> Reply:
        """Off the list."""
        return cards.removed(*await self._service.take_off(call, entry_id))

    @action("put_back")
    async def put_back(self, call: Call, entry_id: int) -> Reply:
        """Undo of taking off."""
        return cards.placed(await self._service.put_back(call, entry_id))

    async def names(self, call: Call, typed: str) -> Sequence[Choice]:
        """The caller's lists that have a name."""
        begun = rules.list_name(typed)
        found = {one.name for one in await self._service.lists(call) if one.name}
        return [Choice(name, name) for name in sorted(found) if name.startswith(begun)]
