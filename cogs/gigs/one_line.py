"""How some values of a post are found in one line, where their kind's own way would take too much or too little.

"Live" may be where somebody lives, and a "session drummer" says who, not what: the kind of work is read by the
reference's own careful scan. The others stand behind their own word.
"""

from __future__ import annotations

import re

from storage.reference import instruments, work_kinds

Found = tuple[int, int, str] | None

_END = r"(?=\s*(?:[,;\n|·]|$))"
_CLOCK = r"\d{1,2}(?:[:.h]\d{2})?\s*(?:[ap]\.?m\.?)?"
_CALL = re.compile(
    rf"\b(?:call(?:\s?time)?|get[\s-]in|load[\s-]in|arrive(?:\s+by)?)\s*(?:at|is|:)?\s*({_CLOCK})\b", re.I
)
_PAYS = re.compile(
    rf"\b(?:(?:payer|who pays|paid for by|invoice to)\s*:?|pays\s*:(?!\s*[£€$¥\d]))\s*([^,;\n|·]{{2,60}}?){_END}", re.I
)
_PAY_BY = re.compile(
    r"\b(?:(?:paid|pay|payment|cash)\s+"
    r"(on the (?:night|day)|within [^,;\n|·]{2,30}?|in \d+ days|\d+ days[^,;\n|·]{0,20}?)"
    rf"|pay\s?by\s*:?\s*([^,;\n|·]{{2,40}}?)){_END}",
    re.I,
)
_SEATS = re.compile(r"(?<![\w.,:£$€])(\d{1,2})\s*(?:[x×]\s*(?=[a-z])|(?:seats?|chairs?|players)\b)", re.I)
#: "2 violins", where a piece of the line begins or somebody says what is needed; elsewhere a number is a date's.
_HOW_MANY = re.compile(
    r"(?:(?<=[,;\n|·])|^|\b(?:needs?|needed|wants?|wanted|looking for|deps?|subs?)\b)\s*"
    r"(\d{1,2}|two|three|four|five|six|seven|eight|nine|ten)\s+(?=[^\W\d])",
    re.I,
)
_WORDS = {word: n for n, word in enumerate("two three four five six seven eight nine ten".split(), start=2)}
_LIST = re.compile(rf"(?:(?<=[,;\n|·])|^)\s*(?:to |for )?(?:my )?(call[\s-]list|first[\s-]call)(?: only)?{_END}", re.I)
_MINE = re.compile(r"^\s*(?:mine|my gigs|my own)\s*$", re.I)


def kind(text: str) -> Found:
    """The kind of work a line names. The words are used up only where they say nothing but the kind."""
    for found in work_kinds.scan(text.replace("\x00", " ")):
        if found.what.kind is None or found.what.kind is work_kinds.Kind.OTHER:
            continue
        words = text[found.start : found.end]
        if words.casefold() in (found.what.kind.value, found.what.name.casefold()):
            return found.start, found.end, found.what.kind.value
        return found.start, found.start, found.what.kind.value  # "wedding" stays to be read on the card
    return None


def call_time(text: str) -> Found:
    """The clock behind "call", "load-in", "arrive by"."""
    return _behind(_CALL, text)


def pays(text: str) -> Found:
    """Who pays, where the line says so in as many words."""
    return _behind(_PAYS, text)


def pay_by(text: str) -> Found:
    """When it is paid: "cash on the night", "paid within 30 days"."""
    return _behind(_PAY_BY, text)


def seats(text: str) -> Found:
    """How many chairs, as a list writes it: "3 x trumpet", "3 trumpets"."""
    found = _behind(_SEATS, text)
    if found is not None or (before := _HOW_MANY.search(text)) is None:
        return found
    if not any(chair.start == before.end() for chair in instruments.scan(text.replace("\x00", " "))):
        return None
    said = before[1].casefold()
    return before.start(1), before.end(1), str(_WORDS.get(said, said))


def audience(text: str) -> Found:
    """To whom, where it is not the board: "call list only", "first call only"."""
    match = _LIST.search(text)
    if match is None:
        return None
    return match.start(), match.end(), "first" if match[1].casefold().startswith("first") else "list"


def mine(text: str) -> Found:
    """Whether nothing but one's own gigs is wanted."""
    return (0, len(text), "yes") if _MINE.match(text) else None


def _behind(pattern: re.Pattern[str], text: str) -> Found:
    match = pattern.search(text)
    if match is None:
        return None
    said = next(group for group in match.groups() if group is not None)
    return match.start(), match.end(), said.strip()
