"""Words that every surface understands by itself, whatever the features are: /cancel, /undo, /resume."""

from __future__ import annotations

from bot.desk.answer import Answer
from bot.desk.desk import Desk
from cogs.kit.call import Call
from cogs.kit.reply import PRIVATE, Reply
from cogs.kit.words import line

#: The words, with what they do: for completion and for platforms' lists of commands.
OWN_WORDS = {
    "cancel": "Drop the form you are filling in",
    "undo": "Take back the last thing you did, for ten minutes",
    "resume": "Go on with a form you left",
}


def own_word(text: str) -> str | None:
    """Which of the words a line is, with or without its slash or the @name of the bot; None for anything longer."""
    bare = text.strip().removeprefix("/").split("@")[0].casefold()
    return bare if bare in OWN_WORDS else None


async def do_own_word(desk: Desk, call: Call, word: str) -> Answer:
    """What `own_word` found, done."""
    match word:
        case "undo":
            return await desk.undo_last(call)
        case "resume":
            return await desk.resume(call)
    dropped = await desk.leave(call, drop=True)
    said = "Cancelled. Nothing was sent." if dropped else "There is nothing to cancel: no form is open."
    return Answer(Reply(lines=(line(said),), replies=PRIVATE), private=True)
