"""dateparser's guesses are offered, bounded, and never taken for an answer."""

from __future__ import annotations

from datetime import UTC, date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from cogs.kit.when import When, parse
from cogs.kit.when.suggest import suggest, warm

NOW = datetime(2027, 5, 12, 8, tzinfo=UTC)


def _suggest(text: str) -> tuple[When, ...]:
    return suggest(text, now=NOW, tz="Europe/London", dayfirst=True)


def test_a_language_the_grammar_does_not_read_gets_a_suggestion() -> None:
    text = "domenica 16 maggio 2027"
    assert not parse(text, now=NOW, tz="Europe/London", dayfirst=True).is_answer
    assert [each.start for each in _suggest(text)] == [date(2027, 5, 16)]


def test_an_answer_of_the_grammar_is_the_only_suggestion() -> None:
    assert _suggest("friday 7pm") == (parse("friday 7pm", now=NOW, tz="Europe/London", dayfirst=True),)


def test_the_readings_of_a_question_come_first() -> None:
    question = parse("saturday at 9", now=NOW, tz="Europe/London", dayfirst=True)
    assert _suggest("saturday at 9")[: len(question.options)] == question.options


def test_long_text_and_nonsense_get_none() -> None:
    assert _suggest("lorem ipsum") == ()
    assert _suggest("dolor sit amet " * 8) == ()


def test_warming_twice_is_harmless() -> None:
    warm()
    warm()


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=()), max_size=60))
def test_any_text_is_survived_and_every_suggestion_is_an_answer(text: str) -> None:
    found = _suggest(text)
    assert len(found) <= 4
    assert all(each.is_answer for each in found)
