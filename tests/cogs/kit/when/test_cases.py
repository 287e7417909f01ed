"""Every phrase of the case files is read as its line says; every question's options are answers."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cogs.kit.when import Kind, When, parse
from tests.cogs.kit.when.scenes import Case, cases, expected, given

CASES = cases()
#: Phrases handed round with the policy, beside the checkout where there are any.
HANDED_ROUND = Path(__file__).parents[5] / "shared" / "when_dev.jsonl"


def _id(case: Case) -> str:
    return f"{case.category}-{case.scene}-{case.text}"


@pytest.mark.parametrize("case", CASES, ids=_id)
def test_phrase_is_read_as_the_policy_says(case: Case) -> None:
    assert given(case.read()) == expected(case)


def test_there_are_many_cases_and_no_two_disagree() -> None:
    answers: dict[tuple[str, str], str] = {}
    for case in CASES:
        assert answers.setdefault((case.scene, case.text), case.answer) == case.answer, case
    assert len(answers) > 1000


@pytest.mark.parametrize("case", [case for case in CASES if case.answer.startswith("?")], ids=_id)
def test_question_offers_two_to_four_complete_answers_or_none(case: Case) -> None:
    when = case.read()
    assert len(when.options) in (0, 2, 3, 4)
    assert all(option.is_answer and not option.options for option in when.options)
    assert len(set(map(str, when.options))) == len(when.options)


def _handed_round() -> list[dict[str, object]]:
    if not HANDED_ROUND.exists():
        return []
    return [json.loads(line) for line in HANDED_ROUND.read_text(encoding="utf-8").splitlines() if line]


def _utc(text: object) -> object:
    return datetime.fromisoformat(text).astimezone(UTC) if isinstance(text, str) and len(text) > 10 else text


@pytest.mark.parametrize("case", _handed_round(), ids=lambda case: f"{case['id']}-{case['text']}")
def test_handed_round_phrase_is_read_as_written(case: dict[str, object]) -> None:
    text = case["text"]
    if not isinstance(text, str):
        rule = case["text_rule"]
        assert isinstance(rule, dict)
        text = rule["prefix"] + rule["repeat"] * rule["times"] + rule["suffix"]
    now = datetime.fromisoformat(str(case["now"]))
    read = parse(text, now=now, tz=str(case["tz"]), dayfirst=bool(case["dayfirst"])).as_dict()
    parts = read["parts"]
    assert isinstance(parts, list)
    wanted_parts = case.get("parts") or []
    assert isinstance(wanted_parts, list)
    for key in ("kind", "rrule", "anchor", "offset"):
        assert read[key] == case.get(key), key
    assert (_utc(read["start"]), _utc(read["end"])) == (_utc(case["start"]), _utc(case["end"]))
    assert [_utc(part) for part in parts] == [_utc(part) for part in wanted_parts]


def _options(text: str, scene: str = "london") -> list[str]:
    when = Case("", scene, text, "").read()
    assert when.kind is Kind.AMBIGUOUS
    return [_short(option) for option in when.options]


def _short(when: When) -> str:
    told = when.as_dict()
    ends = [str(told[key])[:16] for key in ("start", "end") if told[key]]
    return "..".join(ends)


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("saturday at 9", ["2027-05-15T09:00", "2027-05-15T21:00"]),
        ("at 8", ["2027-05-12T20:00", "2027-05-13T08:00"]),
        ("wednesday", ["2027-05-12", "2027-05-19"]),
        ("wednesday 6pm", ["2027-05-12T18:00", "2027-05-19T18:00"]),
        ("friday at midnight", ["2027-05-14T00:00", "2027-05-15T00:00"]),
        ("7-10", ["2027-05-12T19:00..2027-05-12T22:00", "2027-05-13T07:00..2027-05-13T10:00"]),
        ("tuesday or wednesday", ["2027-05-12", "2027-05-18", "2027-05-19"]),
        ("6 or 7pm", ["2027-05-12T18:00", "2027-05-12T19:00"]),
        ("thu/fri", ["2027-05-13", "2027-05-14"]),
        ("Thu 14 May", ["2027-05-13", "2027-05-14"]),
        ("friday after next", ["2027-05-21", "2027-05-28"]),
        ("1930", ["2027-05-12T19:30", "2027-05-13T19:30"]),
        ("15", ["2027-05-12T15:00", "2027-05-15"]),
        ("2 hours", ["2027-05-12T11:00", "2027-05-12T09:00..2027-05-12T11:00"]),
        ("in a few days", ["2027-05-14", "2027-05-15", "2027-05-16", "2027-05-17"]),
        ("call 9, downbeat 10", ["2027-05-12T21:00", "2027-05-13T09:00"]),
        ("friday at 1 at night", ["2027-05-14T13:00", "2027-05-15T01:00"]),
        ("show 8pm, load-in 4pm friday", ["2027-05-14T20:00", "2027-05-14T20:00"]),
        ("Fri-Sun 8pm", ["2027-05-14T20:00", "2027-05-14T20:00"]),
        ("friday 3pm CST", ["2027-05-14T15:00", "2027-05-14T15:00", "2027-05-14T15:00"]),
    ],
)
def test_question_offers_its_readings_soonest_first(text: str, options: list[str]) -> None:
    assert _options(text) == options


def test_another_languages_next_is_offered_both_ways() -> None:
    assert _options("nächsten Freitag", "berlin") == ["2027-05-14", "2027-05-21"]
    assert _options("nächsten Mittwoch", "berlin") == ["2027-05-19", "2027-05-26"]


@pytest.mark.parametrize("text", ["load-in 4pm show 8pm wrap 11pm sat", "sat load-in 4, show 8-11pm"])
def test_several_clocks_and_an_end_are_a_range_with_parts(text: str) -> None:
    when = Case("", "london", text, "").read()
    assert _short(when) == "2027-05-15T16:00..2027-05-15T23:00"
    assert [part.isoformat()[:16] for part in when.parts] == ["2027-05-15T16:00", "2027-05-15T20:00"]


def test_unread_words_are_named() -> None:
    assert Case("", "london", "friday minus 3 weeks", "").read().unread == "3 weeks"


@pytest.mark.parametrize(
    ("text", "clock", "start"),
    [
        ("9:30", 24, "2027-05-12T09:30"),
        ("friday 8:15", 24, "2027-05-14T08:15"),
        ("friday 2:30", 24, "2027-05-14T14:30"),
    ],
)
def test_a_24_hour_profile_spares_the_question_about_a_written_clock(text: str, clock: int, start: str) -> None:
    place = Case("", "london", text, "").place
    when = parse(text, now=place.now.replace(hour=7), tz=place.tz, dayfirst=True, clock=clock)
    assert str(when.as_dict()["start"])[:16] == start


@pytest.mark.parametrize("text", ["at 9", "friday at 8", "7-10"])
def test_a_24_hour_profile_is_still_asked_about_a_bare_hour(text: str) -> None:
    place = Case("", "london", text, "").place
    assert parse(text, now=place.now, tz=place.tz, dayfirst=True, clock=24).kind is Kind.AMBIGUOUS
