"""The Telegram surface: listens by polling or webhook, and sends for the courier.

python-telegram-bot's `Application` is not used, only its `Bot` and its `Updater`: order, duplicates and restarts are
handled here (`updates`), and what it would add keeps state in memory. A poller whose token is refused dies without a
word there, so its requests are watched and the whole listening is started again.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Callable

from aiohttp import web
from telegram import Bot, Update
from telegram.constants import UpdateType
from telegram.error import BadRequest, InvalidToken, TelegramError
from telegram.ext._updater import Updater  # see bot.later

from bot.desk.desk import Desk
from bot.desk.guests import Guests
from bot.desk.surface import Hopeless, Sent, Target
from bot.on_telegram import places
from bot.on_telegram.answers import Answers
from bot.on_telegram.callers import TELEGRAM, Callers
from bot.on_telegram.commands import Messages, concerns_us
from bot.on_telegram.courier import Deliveries
from bot.on_telegram.groups import Groups
from bot.on_telegram.links import Links
from bot.on_telegram.listening import Listener, keep_quiet
from bot.on_telegram.menus import set_menus
from bot.on_telegram.parts import Parts
from bot.on_telegram.presses import Presses
from bot.on_telegram.requests import Requests
from bot.on_telegram.sender import Sender
from bot.on_telegram.updates import Updates
from bot.on_telegram.webhook import Webhook
from bot.settings import Settings
from bot.settings.model import TelegramMode
from cogs.kit.places import Missing, Standing
from cogs.kit.reply import Reply
from cogs.kit.tools import Tools
from storage.records.people import Channel, Community, Identity
from storage.records.posting import Posting

log = logging.getLogger(__name__)

#: What we are told of. Nothing else is asked for: people's reactions and joining are none of our business.
UPDATES = [UpdateType.MESSAGE, UpdateType.CALLBACK_QUERY, UpdateType.MY_CHAT_MEMBER]
#: How long one poll waits for something to happen, in seconds.
_POLL = 25
#: After so long without a good answer the platform counts as down; after so long without a question the poller as dead.
_FRESH, _DEAD = 90.0, 150.0
#: How often a webhook is looked after, in seconds.
_LOOK_EVERY = 60.0
#: How long updates in hand may take when it is time to stop, in seconds.
_FINISH = 8.0


class TelegramSurface:
    """One for the program. `run` may be called again after it failed; sending works whether it runs or not."""

    name = TELEGRAM
    #: Telegram has nothing by which it recognises a message that was sent before.
    knows_keys = False

    def __init__(self, *, settings: Settings, tools: Tools, desk: Desk, guests: Guests) -> None:
        given = settings.telegram
        assert given.token is not None, "without a token there is no Telegram"
        self._settings = given
        self._token = given.token.reveal()
        self._tools = tools
        keep_quiet()
        bot = self._bot(Requests(64), Requests(1, patience=10))
        sender = Sender(bot, self._moved)
        self._parts = Parts(tools, desk, sender, Callers(tools, guests, bot), Links(tools))
        answers = Answers(self._parts)
        self._groups = Groups(self._parts)
        self._messages = Messages(self._parts, answers)
        self._presses = Presses(self._parts, answers)
        self._deliveries = Deliveries(sender, tools)
        self._updates: Updates | None = None
        self._queue: asyncio.Queue[object] | None = None
        self._webhook: Webhook | None = None
        self._known = False
        self._good_at: float | None = None
        self._asked_at = 0.0

    def _bot(self, requests: Requests, polling: Requests) -> Bot:
        return Listener(
            self._token,
            polling,
            base_url=self._settings.api_base_url,
            base_file_url=self._settings.file_base_url,
            request=requests,
        )

    # What is true there now

    async def missing_rights(self, channel: Channel) -> tuple[Missing, ...] | None:
        """What the bot lacks in a chat to hang cards; None while nobody can say."""
        return await places.missing_rights(self._parts.sender.bot, int(self._token.partition(":")[0]), channel)

    async def standing(self, community: Community, identity: Identity) -> Standing | None:
        """How somebody stands in a chat; None while nobody can say."""
        if not (community.account.lstrip("-").isdigit() and identity.account.isdigit()):
            return None
        return await places.standing(self._parts.sender.bot, int(community.account), int(identity.account))

    # Listening

    async def run(self, stop: asyncio.Event) -> None:
        """Listen until `stop`. Raises Hopeless for a token that was never taken and a webhook without its settings."""
        await self._introduce()
        await set_menus(self._parts.sender.bot, self._parts.desk, self._tools)
        pushed = self._settings.mode is TelegramMode.WEBHOOK
        updates = self._updates = Updates(self._tools, self._handle, pushed=pushed)
        try:
            if self._settings.mode is TelegramMode.WEBHOOK:
                await self._be_pushed(updates, stop)
            else:
                await self._poll(updates, stop)
        finally:
            self._updates = self._webhook = None
            await updates.finish(_FINISH)

    async def _introduce(self) -> None:
        """Ask the platform who we are."""
        bot = self._parts.sender.bot
        try:
            await bot.initialize()
            me = await bot.get_me() if self._known else bot.bot
        except InvalidToken:
            if not self._known:
                raise Hopeless("Telegram does not take the token (telegram.token)") from None
            raise RuntimeError("Telegram does not take the token just now") from None
        except TelegramError as error:
            raise RuntimeError(f"Telegram cannot be reached ({type(error).__name__})") from None
        self._known = True
        self._parts.username = me.username or ""
        self._beat()
        log.info("listening as bot %s", me.id)

    async def _poll(self, updates: Updates, stop: asyncio.Event) -> None:
        died = asyncio.Event()

        def answered(code: int) -> None:
            if 200 <= code < 300:
                self._beat()
            elif code in (401, 404):
                died.set()
            elif code == 409:
                log.warning("another process listens with the same token; waiting for it to stop")

        def asked() -> None:
            self._asked_at = time.monotonic()

        requests = Requests(2, patience=10), Requests(1, patience=10, asked=asked, answered=answered)
        bot = self._bot(*requests)
        queue: asyncio.Queue[object] = asyncio.Queue(maxsize=1000)
        self._queue = queue
        updater = Updater(bot, queue)
        asked()
        async with _closing(*requests), updater:
            pump = asyncio.create_task(_pump(queue, updates))
            try:
                await updater.start_polling(timeout=_POLL, allowed_updates=UPDATES, error_callback=_polling_failed)
                await self._until(stop, died)
            finally:
                if updater.running:
                    with contextlib.suppress(TelegramError):  # the poller's own death is raised again here
                        await updater.stop()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(_FINISH / 2):
                        await queue.join()
                pump.cancel()
                await asyncio.gather(pump, return_exceptions=True)
        if not stop.is_set():
            raise RuntimeError("the poller has stopped: its token was refused, or it no longer asks")

    async def _until(self, stop: asyncio.Event, died: asyncio.Event) -> None:
        """Until the stop, the poller's death, or its silence."""
        over = [asyncio.create_task(stop.wait()), asyncio.create_task(died.wait())]
        try:
            while time.monotonic() - self._asked_at < _DEAD:
                done, _ = await asyncio.wait(over, timeout=10, return_when=asyncio.FIRST_COMPLETED)
                if done:
                    return
        finally:
            for task in over:
                task.cancel()

    async def _be_pushed(self, updates: Updates, stop: asyncio.Event) -> None:
        url, secret = self._settings.webhook_url, self._settings.webhook_secret
        if url is None or secret is None:
            raise Hopeless("telegram.mode is webhook, which needs telegram.webhook_url and telegram.webhook_secret")
        bot = self._parts.sender.bot
        self._webhook = Webhook(bot, secret.reveal(), lambda update: _put(updates, update))
        await self._announce(url, secret.reveal())
        while not stop.is_set():
            try:
                async with asyncio.timeout(_LOOK_EVERY):
                    await stop.wait()
            except TimeoutError:
                info = await bot.get_webhook_info()
                if info.url != url:  # somebody polled with this token, or another program took it
                    log.warning("the webhook was taken away; setting it again")
                    await self._announce(url, secret.reveal())
                self._beat()

    async def _announce(self, url: str, secret: str) -> None:
        """Every replica says the same, so it does not matter who says it last."""
        try:
            await self._parts.sender.bot.set_webhook(
                url, secret_token=secret, allowed_updates=UPDATES, max_connections=40
            )
        except BadRequest as error:
            raise Hopeless(f"Telegram does not take telegram.webhook_url: {error.message[:120]}") from None
        self._beat()

    async def hook(self, request: web.Request) -> web.StreamResponse:
        """A pushed update, from the web server. 404 when updates are polled; 503 while nobody is there to take it."""
        if self._settings.mode is not TelegramMode.WEBHOOK:
            raise web.HTTPNotFound
        if self._webhook is None:
            raise web.HTTPServiceUnavailable
        answer = await self._webhook.take(request)  # raises for whoever is not Telegram
        self._beat()
        return answer

    async def settled(self) -> None:
        """Until everything that has come in so far is dealt with."""
        if self._queue is not None:
            await self._queue.join()
        if self._updates is not None:
            await self._updates.settled()

    def _beat(self) -> None:
        self._good_at = time.monotonic()

    def healthy(self) -> bool:
        """Whether Telegram answered in the last 90 seconds."""
        return self._good_at is not None and time.monotonic() - self._good_at < _FRESH

    # What comes in

    async def _handle(self, update: Update) -> None:
        if update.callback_query is not None:
            await self._presses.take(update.callback_query)
        elif update.my_chat_member is not None:
            await self._groups.changed(update.my_chat_member)
        elif update.message is not None and not await self._groups.service(update.message):
            await self._messages.take(update.message)

    async def _moved(self, old: str, new: str) -> None:
        await self._groups.moved(old, new)

    # For the courier

    async def deliver(self, target: Target, reply: Reply, *, key: str, silent: bool) -> Sent:
        """Send what fell due. Raises a SendFault."""
        return await self._deliveries.deliver(target, reply, silent=silent)

    async def redraw(self, posting: Posting, reply: Reply) -> None:
        """Draw a card again where it hangs. Raises a SendFault."""
        await self._deliveries.redraw(posting, reply)

    def tell_replies_to(self, told: Callable[[str], object]) -> None:
        """Call `told` with the address of every message that answers a person: answers count towards the budget."""
        self._parts.sender.replied = told

    async def close(self) -> None:
        """Let go of the connections; nothing can be sent afterwards."""
        bot = self._parts.sender.bot
        with contextlib.suppress(TelegramError):
            await bot.shutdown()
        await bot.request.shutdown()  # where nobody ever listened the bot itself leaves its connections open


@contextlib.asynccontextmanager
async def _closing(*requests: Requests) -> AsyncIterator[None]:
    """Connections are let go of in the end, also when python-telegram-bot did not come as far as its own end."""
    try:
        yield
    finally:
        for one in requests:
            await one.shutdown()


async def _pump(queue: asyncio.Queue[object], updates: Updates) -> None:
    while True:
        update = await queue.get()
        try:
            if isinstance(update, Update):
                await _put(updates, update)
        finally:
            queue.task_done()


async def _put(updates: Updates, update: Update) -> None:
    """Take an update in, unless it is talk of a group: where the bot is an administrator it hears all of it."""
    if update.message is None or concerns_us(update.message):
        await updates.put(update)


def _polling_failed(error: TelegramError) -> None:
    log.info("a poll failed: %s", type(error).__name__)
