"""The sending half that the courier uses: one attempt each, failures raised as what they mean for the queue."""

from __future__ import annotations

import logging

from bot.desk.surface import Refused, Sent, Target
from bot.on_telegram.render import draw
from bot.on_telegram.sender import Sender, taken_apart
from bot.on_telegram.troubles import NoTopic
from cogs.kit.reply import Reply
from cogs.kit.tools import Tools
from storage.records.posting import Posting

log = logging.getLogger(__name__)


class Deliveries:
    """Draws and sends what fell due."""

    def __init__(self, sender: Sender, tools: Tools) -> None:
        self._sender = sender
        self._tools = tools

    async def deliver(self, target: Target, reply: Reply, *, silent: bool) -> Sent:
        """Send it. Raises a SendFault; Refused for somebody who never opened a chat."""
        address = target.dest or target.account
        if address is None:
            raise Refused("they have not pressed Start")
        drawn = draw(
            reply, self._tools.clock.now(), target.locale or self._tools.defaults.locale, bare=target.plain_text
        )
        sent = await self._sender.send(address, drawn, silent=silent)
        if sent.dest != address and target.channel_id is not None:
            await self._topic_gone(target.channel_id)
        return sent

    async def _topic_gone(self, channel_id: int) -> None:
        """Moderators see in /setup why cards hang in the general topic."""
        async with self._tools.open_work() as work:
            await work.notices.set_channel_trouble(channel_id, "the topic is gone or closed; posts go to General")
            await work.commit()

    async def redraw(self, posting: Posting, reply: Reply) -> None:
        """Draw a card again. Raises Unchanged when it looks as before, Vanished when the message is gone."""
        now, locale = self._tools.clock.now(), self._tools.defaults.locale
        plain_text = False
        async with self._tools.open_work(reading=True) as work:
            if posting.person_id is not None:
                person = await work.people.get(posting.person_id)
                if person is not None:
                    locale, plain_text = person.locale or locale, person.plain_text
            elif posting.channel_id is not None:
                channel = await work.communities.channel_by_id(posting.channel_id)
                community = await work.communities.get(channel.community_id) if channel is not None else None
                locale = (community.locale if community is not None else None) or locale
        taken_apart(posting.address)
        drawn = draw(reply, now, locale, bare=plain_text, single=True)
        try:
            await self._sender.edit(posting.address, int(posting.message), drawn)
        except NoTopic:
            raise Refused("the topic is closed") from None
