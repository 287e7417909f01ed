"""What is asked for when a reminder is set or changed, and the closed sets that are tapped."""

from __future__ import annotations

import re
from enum import StrEnum

from cogs.kit.ask import Ask
from cogs.reminders import rules


class Goes(StrEnum):
    """Where a reminder comes."""

    DM = "dm"
    HERE = "here"
    TELEGRAM = "telegram"
    DISCORD = "discord"

    @property
    def label(self) -> str:
        """As it is tapped."""
        return {
            "dm": "Privately, where I usually get them",
            "here": "In this channel (moderators)",
            "telegram": "Privately on Telegram",
            "discord": "Privately on Discord",
        }[self]


class Part(StrEnum):
    """What can be changed about a reminder."""

    WHEN = "when"
    WHAT = "what"
    REPEAT = "repeat"
    UNTIL = "until"
    LEAD = "lead"
    WHERE = "where"

    @property
    def label(self) -> str:
        """As it is tapped."""
        return {
            "when": "Time", "what": "Words", "repeat": "Repeat", "until": "Last day", "lead": "Time ahead",
            "where": "Where it comes",
        }[self]  # fmt: skip


#: Other words for the parts, as people type them.
PART_ALSO = {
    "time": "when", "date": "when", "at": "when", "text": "what", "words": "what", "every": "repeat", "end": "until",
    "ahead": "lead", "before": "lead", "to": "where",
}  # fmt: skip

_ELAPSED = re.compile(r"(?<!\w)(?:every|each)\s+(?:\d{1,4}\s*)?(?:minutes?|mins?|hours?|hrs?)(?!\w)", re.IGNORECASE)


def find_repeat(text: str) -> tuple[int, int, str] | None:
    """A repeat of hours or minutes in a line; those of the calendar are read with their time."""
    match = _ELAPSED.search(text)
    return None if match is None else (*match.span(), match[0])


_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]{0,6}"
#: At the end of a line that repeats: a date there is the repeat's last day, and no part of the words.
_UNTIL = re.compile(
    r"(?<!\w)(?:every|each|daily|nightly|weekly|fortnightly|monthly|weekdays|weekends|mornings)(?!\w).*"
    rf"(?P<found>\s(?:until|till|til)\s+(?P<day>(?:the\s+)?\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}(?:\s+\d{{4}})?"
    rf"|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s+\d{{4}})?))\s*$",
    re.IGNORECASE | re.DOTALL,
)


def find_until(text: str) -> tuple[int, int, str] | None:
    """The last day of a repeat where it stands at the end of the line, behind the words."""
    match = _UNTIL.search(text)
    return None if match is None else (*match.span("found"), match["day"])


WHEN = Ask("When shall I remind you?", label="When", example="tomorrow 9am, every Tue 18:00, 2 hours before G1")
WHAT = Ask("What about?", label="What", example="send charts to Jo", max_length=rules.LONGEST)
REPEAT = Ask(
    "How often does it come again?", label="Repeat", example="weekly, or every 2 hours", suggest="suggest_repeats",
    find=find_repeat, max_length=80,
)  # fmt: skip
UNTIL = Ask("Until when does it repeat?", label="Until", example="20 Dec", find=find_until)
WHERE = Ask(
    "Where shall it come?", label="Where", example="dm", free=False,
    also={"private": "dm", "me": "dm", "privately": "dm", "channel": "here"},
)  # fmt: skip
LEAD = Ask(
    "How long before shall I say it, too?", label="Time ahead", example="1 day, 2h", cues=("lead",), free=False,
    at_most=60 * 24 * 366,
)  # fmt: skip
WHICH = Ask("Which reminder?", label="Reminder", example="R4", ref="R", suggest="suggest_reminders")
