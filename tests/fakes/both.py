"""One program on both platforms, and a player that tells stories on both at once.

The language is the console's, with a few lines of its own. `!on discord` and `!on telegram` say where the following
lines are spoken; each platform keeps its own speaker, and people of one name there and here are strangers until they
are linked. `!note` keeps the one-time code that the speaker has just seen, for `$code` in later lines; `!door` keeps
what the button to Telegram carries, for `$door`. `!shut` and `!open` close and open the speaker's private chat.

Told in one process; in two programs that share one PostgreSQL, on a clock that is moved; and in two processes of the
operating system.
"""

from __future__ import annotations

import asyncio
import dataclasses
import os
import re
import sys
import time
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from bot.app import House
from bot.on_console.clock import MovableClock as Clock
from bot.on_discord.client import DiscordSurface
from bot.on_telegram.application import TelegramSurface
from bot.settings.model import TelegramMode
from cogs import catalogue
from cogs.kit.codes import ALPHABET, LENGTH
from storage import engine
from storage.stores.base import PEOPLE
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.limits import walk
from tests.fakes.discord.player import Player as DiscordPlayer
from tests.fakes.discord.program import Program
from tests.fakes.telegram.player import _DEEDS, NotAsTold, _text
from tests.fakes.telegram.player import Player as TelegramPlayer
from tests.fakes.telegram.rig import MONDAY, Rig
from tests.fakes.telegram.server import TOKEN, BotApi

#: Lines that look for something before anything is done.
_LOOKING = ("!expect", "!press", "!note", "!door")

_CODE = re.compile(rf"(?<![A-Z0-9])[{ALPHABET}]{{{LENGTH}}}(?![A-Z0-9])")


class BothClock(Clock):
    """Moved as either fake's program moves it."""

    def move(self, by: object = None, *, to: datetime | None = None) -> datetime:  # type: ignore[override]  # both
        if to is not None:
            self.set(to)
        return self.now()


class Both:
    """The program, seen as the Discord fake and as the Telegram fake want to see it."""

    #: For how many seconds what is looked for may be missing.
    patience = 0.0

    def __init__(self, fake: FakeDiscord, api: BotApi, folder: Path, url: str, *, processes: int) -> None:
        """processes: 1, with both surfaces in it; or 2 on one database, with one each."""
        clock = BothClock(MONDAY)
        self.program = Program(fake, folder, url=url)
        self.rig = Rig(api, url, folder, catalogue.furnish, TelegramMode.POLLING)
        self.program.clock = self.rig.clock = clock  # type: ignore[assignment]  # it can do what both can
        self.processes = processes
        self._url = url
        self._storages: list[engine.Storage] = []
        if processes == 1:
            self.program.restart = self.rig.restart = self.restart  # type: ignore[method-assign]

    async def start(self) -> Both:
        """Start what there is, and listen."""
        if self.processes == 2:
            await self.program.start()
            await self.rig.start()
            return self
        if not self._storages:
            self._storages.append(await engine.open(self._url))
        storage = self._storages[0]
        settings = dataclasses.replace(self.program.settings, telegram=self.rig.settings.telegram)

        def senders(tools: object, desk: object, guests: object) -> Iterable[DiscordSurface | TelegramSurface]:
            handed = {"settings": settings, "tools": tools, "desk": desk, "guests": guests}
            self.program.surface = DiscordSurface(**handed)  # type: ignore[arg-type]  # as `bot.app` hands them over
            self.rig.surface = TelegramSurface(**handed)  # type: ignore[arg-type]
            return [self.program.surface, self.rig.surface]

        house = await House.open(settings, self.program.clock, senders, storage=storage, alone=True)
        house.keeps_storage = True
        self.program.house = self.rig.house = house
        await storage.listen(PEOPLE, house.guests.forget)
        house.guests.remember()
        await self.program.listen()
        self.rig._stop = asyncio.Event()
        self.rig._running = asyncio.create_task(self.rig.surface.run(self.rig._stop))
        return self

    async def stop(self) -> None:
        """Stop all of it; the database stays."""
        await self.program.stop()
        self.rig._stop.set()
        if self.rig._running is not None:
            await self.rig._running
        await self.rig.surface.close()

    async def restart(self) -> None:
        """Stop and start, in mid-conversation."""
        await self.stop()
        await self.start()

    async def close(self) -> None:
        """Stop for good."""
        if self.processes == 2:
            await self.program.close()
            await self.rig.close()
            return
        await self.stop()
        for storage in self._storages:
            await storage.close()

    async def settled(self) -> None:
        """Until nothing is due on either platform."""
        for _ in range(2):  # what one process did may be for the other to deliver
            await self.program.deliver()
            await self.rig.settled()


class Apart(Both):
    """Two processes of the operating system, `--only discord,courier` and `--only telegram,courier`, on one PostgreSQL.

    Their clock is the world's. A third program here looks into the database for the players, and sends nothing.
    """

    patience = 20.0

    def __init__(self, fake: FakeDiscord, api: BotApi, folder: Path, url: str) -> None:
        super().__init__(fake, api, folder, url, processes=1)
        self.program.clock = self.rig.clock = BothClock()  # type: ignore[assignment]  # the real time
        self.program.deliver = self._quiet  # type: ignore[method-assign]
        self.rig.settled = self._settled  # type: ignore[method-assign,assignment]
        self._fake, self._api, self._folder = fake, api, folder
        self._running: list[asyncio.subprocess.Process] = []

    async def start(self) -> Both:
        if not self._storages:
            self._storages.append(await engine.open(self._url))
            clock = self.program.clock
            house = await House.open(self.program.settings, clock, lambda *_: [], storage=self._storages[0])
            self.program.house = self.rig.house = house
        self._fake.gateway.ready.clear()
        asked = len(self._api.calls)
        bare = {name: value for name, value in os.environ.items() if not name.startswith("FIRSTCALL_")}
        shared = {"DATABASE__URL": self._url, "WEB__LISTEN": "", "APP__DATA_DIR": str(self._folder)}
        discord = {"DISCORD__TOKEN": self._fake.token, "DISCORD__API_BASE_URL": self._fake.api_url}
        telegram = {"TELEGRAM__TOKEN": TOKEN, "TELEGRAM__API_BASE_URL": self._api.api_url}
        for only, own in (("discord", discord), ("telegram", telegram)):
            told = {f"FIRSTCALL_{name}": value for name, value in (shared | own).items()}
            self._running.append(
                await asyncio.create_subprocess_exec(
                    *(sys.executable, "-m", "bot", "run", "--only", f"{only},courier"),
                    cwd=self._folder,
                    env=bare | told | {"PYTHONPATH": str(Path(__file__).parents[2])},
                    stdout=asyncio.subprocess.DEVNULL,
                    stderr=(self._folder / f"{only}.log").open("ab"),
                )
            )
        try:
            async with asyncio.timeout(60):
                await self._fake.gateway.ready.wait()
                await self._asked(asked)
        except TimeoutError:
            logs = [path.read_text("utf-8")[-2000:] for path in self._folder.glob("*.log")]
            raise AssertionError("the processes did not come up:\n" + "\n".join(logs)) from None
        return self

    async def _asked(self, calls: int) -> None:
        """Until the Telegram process has asked who it is; what is said to it from then on waits for it."""
        for _ in range(1200):
            if any(call.method == "getMe" for call in self._api.calls[calls:]):
                return
            await asyncio.sleep(0.05)

    async def stop(self) -> None:
        for process in self._running:
            if process.returncode is None:
                process.terminate()
        codes = [await asyncio.wait_for(process.wait(), 30) for process in self._running]
        self._running.clear()
        assert codes == [0, 0], codes

    async def restart(self) -> None:
        """Left to the other two tellings: starting Python twice more takes longer than the story."""

    async def _settled(self) -> None:
        await self._api.taken()
        await self._quiet()

    async def _quiet(self) -> int:
        """Until nothing is due any more; what is being sent just now is waited for by whoever expects it."""
        for _ in range(100):
            async with self.program.house.tools.open_work(reading=True) as work:
                now = self.program.clock.now()
                dues = [at for name in ("discord", "telegram") for at in (await work.notices.next_due(name)).values()]
            if not any(at <= now for at in dues):
                break
            await asyncio.sleep(0.05)
        return 0


class BothPlayer:
    """Tells a story; `failed` has what was not as it is told."""

    def __init__(self, fake: FakeDiscord, both: Both) -> None:
        self._both = both
        self._discord = DiscordPlayer(fake, both.program)
        self._telegram = TelegramPlayer(both.rig, topics=False)
        self._on = "discord"
        self._code = self._door = ""
        self.failed: list[str] = []

    async def play(self, script: str) -> None:
        """Play the lines up to the end, or to the first that fails."""
        lines = [one.strip() for one in script.splitlines()]
        for number, text in enumerate(lines, 1):
            if not text or text == "#" or text.startswith("# "):
                continue
            following = next((one for one in lines[number:] if one and not one.startswith(("# ", "!expect"))), "!quit")
            problem = await self._patiently(text.replace("$code", self._code).replace("$door", self._door), following)
            if problem:
                self.failed.append(f"line {number}: {text}\n{problem}")
                return

    async def _patiently(self, text: str, following: str) -> str | None:
        """Play a line; where the program is elsewhere, what is looked for may take a moment to be there."""
        until = time.monotonic() + self._both.patience
        while True:
            try:
                problem = await self._line(text, following)
            except NotAsTold as fault:
                problem = str(fault)
            except (AssertionError, TimeoutError) as fault:
                problem = f"{type(fault).__name__}: {fault}"
            if not problem or not text.startswith(_LOOKING) or time.monotonic() > until:
                return problem
            await asyncio.sleep(0.05)

    async def _line(self, text: str, following: str) -> str | None:
        word, _, rest = text.removeprefix("!").partition(" ") if text.startswith("!") else ("", "", "")
        match word:
            case "on":
                assert rest in ("discord", "telegram"), rest
                self._on = rest
                return None
            case "note":
                found = _CODE.findall(self._heard())
                if not found:
                    return f"there is no code in:\n{self._heard()}"
                self._code = found[-1]
                return None
            case "door":
                self._door = self._behind_the_button()
                return None
            case "shut" | "open":
                await self._private_chat(is_open=word == "open")
                return None
        problem = None
        if self._on == "discord":
            self._telegram._turns.append((self._telegram._now(), 0))  # nobody there speaks just now
            self._discord._hearing.listen("delivery")
            problem = await self._discord._line(text, following)
        elif word:
            await getattr(self._telegram, _DEEDS.get(word, f"_{word}"))(rest.strip())
        else:
            await self._telegram._say(text)
        if word not in ("expect", "refute"):
            await self._both.settled()
            self._discord._hearing.listen("delivery")
        return problem

    def _behind_the_button(self) -> str:
        """What the newest link to the bot's private chat on Telegram hands over there."""
        assert self._discord._speaker is not None
        for message in self._discord._fake.visible(self._discord._speaker):
            for one in walk(message.components):
                _, found, payload = str(one.get("url", "")).partition("?start=")
                if found:
                    return payload
        raise AssertionError("no button opens Telegram")

    def _heard(self) -> str:
        if self._on == "telegram":
            return "\n".join(_text(one) for one in self._telegram._heard())
        assert self._discord._speaker is not None
        return "\n".join(one.text for one in self._discord._hearing._since(self._discord._speaker))

    async def _private_chat(self, *, is_open: bool) -> None:
        if self._on == "discord":
            assert self._discord._speaker is not None
            self._discord._speaker.dms_open = is_open
        else:
            self._telegram.speaker.blocked = not is_open  # the bot learns it when it writes, as on Discord
