"""Requests over aiohttp: what python-telegram-bot is told of each way in which one can fail."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import web
from telegram import Bot, InputFile
from telegram.error import NetworkError, TelegramError, TimedOut

from bot.desk.surface import Unavailable, Unsure
from bot.on_telegram.requests import Requests
from bot.on_telegram.troubles import NeverSent, meaning

TOKEN = "123456789:a-token-that-must-stand-in-no-error"  # not a secret
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Server:
    """Answers every request with the handler of the moment."""

    def __init__(self) -> None:
        self.handler: Handler | None = None
        self.url = ""

    async def take(self, request: web.Request) -> web.StreamResponse:
        assert self.handler is not None
        return await self.handler(request)


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    served = Server()
    application = web.Application()
    application.router.add_route("*", "/{rest:.*}", served.take)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    served.url = f"http://127.0.0.1:{runner.addresses[0][1]}/bot"
    yield served
    await runner.cleanup()


def bot(url: str, patience: float = 20.0) -> Bot:
    return Bot(TOKEN, base_url=url, request=Requests(4, patience), get_updates_request=Requests(1))


async def failure(bot: Bot) -> TelegramError:
    with pytest.raises(TelegramError) as fault:
        await bot.send_message(1, "hello")
    await bot.request.shutdown()
    return fault.value


async def test_a_form_carries_text_as_it_is_and_everything_else_as_json(server: Server) -> None:
    found: dict[str, str] = {}

    async def take(request: web.Request) -> web.Response:
        found.update({name: str(value) for name, value in (await request.post()).items()})
        return web.json_response({"ok": True, "result": True})

    server.handler = take
    talker = bot(server.url)
    await talker.send_chat_action(-100500, "typing", message_thread_id=7)
    await talker.set_my_description("Deps & fees: 50% = £110 + tea")
    await talker.request.shutdown()

    assert found == {
        "chat_id": "-100500", "action": "typing", "message_thread_id": "7",
        "description": "Deps & fees: 50% = £110 + tea",
    }  # fmt: skip


async def test_files_go_as_parts_beside_the_rest(server: Server) -> None:
    found: dict[str, object] = {}

    async def take(request: web.Request) -> web.Response:
        for name, value in (await request.post()).items():
            is_file = isinstance(value, web.FileField)
            found[name] = (value.filename, value.content_type, value.file.read()) if is_file else value  # type: ignore[union-attr]  # a file just then
        message = {"message_id": 5, "date": 0, "chat": {"id": 1, "type": "private"}}
        return web.json_response({"ok": True, "result": message})

    server.handler = take
    talker = bot(server.url)
    await talker.send_document(1, InputFile(b"%PDF\r\n\x00", filename="invoice I9 – Müller.pdf"), caption="I9")
    await talker.request.shutdown()

    kept = [value for value in found.values() if isinstance(value, tuple)]
    assert kept == [("invoice I9 – Müller.pdf", "application/pdf", b"%PDF\r\n\x00")]
    assert (found["chat_id"], found["caption"]) == ("1", "I9")


async def test_where_nobody_listens_nothing_was_sent(unused_port: int) -> None:
    error = await failure(bot(f"http://127.0.0.1:{unused_port}/bot"))

    assert isinstance(error, NeverSent)
    assert isinstance(meaning(error), Unavailable)


@pytest.fixture
async def unused_port() -> int:
    """A port on which something listened a moment ago."""
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port: int = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    return port


async def test_a_connection_cut_before_the_answer_leaves_it_open_whether_it_was_sent(server: Server) -> None:
    async def cut(request: web.Request) -> web.Response:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    server.handler = cut
    error = await failure(bot(server.url))

    assert type(error) is NetworkError
    assert isinstance(meaning(error), Unsure)


async def test_silence_ends_after_the_patience_and_leaves_it_open_too(server: Server) -> None:
    over = asyncio.Event()

    async def wait(request: web.Request) -> web.Response:
        await over.wait()
        return web.Response()

    server.handler = wait
    error = await failure(bot(server.url, patience=0.05))
    over.set()

    assert type(error) is TimedOut
    assert isinstance(meaning(error), Unsure)


@pytest.mark.parametrize("status", [400, 404, 429, 502])
async def test_no_error_holds_the_token(server: Server, status: int) -> None:
    async def refuse(request: web.Request) -> web.Response:
        return web.Response(status=status, text="<html>gone</html>")

    server.handler = refuse
    refused = await failure(bot(server.url))
    nowhere = await failure(bot("http://127.0.0.1:9/bot"))

    for error in (refused, nowhere):
        chain = f"{error!r} {error.__cause__!r} {error.__context__!r}"
        assert TOKEN not in chain


async def test_after_the_end_nothing_is_sent_until_it_begins_again(server: Server) -> None:
    async def take(request: web.Request) -> web.Response:
        return web.json_response({"ok": True, "result": True})

    server.handler = take
    requests = Requests(2)
    assert (await requests.do_request(f"{server.url}x/getMe", "POST"))[0] == 200
    await requests.shutdown()
    with pytest.raises(NeverSent):
        await requests.do_request(f"{server.url}x/getMe", "POST")
    await requests.initialize()
    assert (await requests.do_request(f"{server.url}x/getMe", "POST"))[0] == 200
    await requests.shutdown()


async def test_the_proxy_of_the_environment_is_used(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    async def take(request: web.Request) -> web.Response:
        asked.append(request.raw_path)
        return web.json_response({"ok": True, "result": True})

    server.handler = take
    monkeypatch.setenv("http_proxy", server.url.removesuffix("/bot"))
    monkeypatch.setenv("no_proxy", "localhost")
    talker = bot("http://api.example.org/bot")
    await talker.send_chat_action(1, "typing")
    await talker.request.shutdown()

    assert asked == [f"http://api.example.org/bot{TOKEN}/sendChatAction"]
