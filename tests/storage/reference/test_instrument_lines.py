"""A line says which chairs it is about, and everyday words are left alone."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.reference.instruments import Ambiguous, everything, scan

_BASS = "bass-guitar?double-bass"
_SAX = "alto-sax?tenor-sax?soprano-sax?baritone-sax?saxophone"


def _read(line: str) -> list[tuple[str, str]]:
    return [
        (
            line[found.start : found.end],
            "?".join(row.id for row in found.what.choices) if isinstance(found.what, Ambiguous) else found.what.id,
        )
        for found in scan(line)
    ]


@pytest.mark.parametrize(
    ("line", "chairs"),
    [
        ("bass, Sat 28 Nov", [("bass", _BASS)]),
        ("bass, Sat 28 Nov 19:30, Leeds, £220, function, reply by Thu 6pm", [("bass", "bass-guitar")]),
        ("alto sax dep needed", [("alto sax", "alto-sax")]),
        ("tenor + flute", [("tenor", "tenor-sax"), ("flute", "flute")]),
        ("alto/flute", [("alto", "alto-sax"), ("flute", "flute")]),
        ("keys", [("keys", "keyboards")]),
        ("keys Sat 28 Nov £200", [("keys", "keyboards")]),
        ("keys 28 Nov", [("keys", "keyboards")]),
        ("keys £200 Friday", [("keys", "keyboards")]),
        ("dep Fri 7pm Ronnie's, keys, £200, within 2h", [("keys", "keyboards")]),
        ("need a keys player asap", [("keys", "keyboards")]),
        ("anyone on keys Friday?", [("keys", "keyboards")]),
        (
            "drums + bass + keys, function, £150 each, PA and drums provided",
            [("drums", "drums"), ("bass", "bass-guitar"), ("keys", "keyboards")],
        ),
        (
            "2 tpt, tbn, bari for wedding",
            [("tpt", "trumpet"), ("tbn", "trombone"), ("bari", "baritone-sax")],
        ),
        ("vln/vla/vc for string quartet", [("vln", "violin"), ("vla", "viola"), ("vc", "cello")]),
        (
            "violin, viola, cello, bass",
            [("violin", "violin"), ("viola", "viola"), ("cello", "cello"), ("bass", "double-bass")],
        ),
        ("bass for jazz trio", [("bass", "double-bass")]),
        ("cello, City Symphony Orchestra, 3 Mar", [("cello", "cello")]),
        ("sax, the Harp Bar, Fri", [("sax", _SAX)]),
        ("piano at the Organ Grinder pub", [("piano", "piano")]),
        ("bass amp provided, need drummer", [("drummer", "drums")]),
        ("drum and bass DJ wanted", [("DJ", "dj")]),
        (
            "need a guitarist who sings bvs",
            [("guitarist", "guitar"), ("bvs", "backing-vocal")],
        ),
        ("lead guitar, theatre, 8 shows a week", [("lead guitar", "electric-guitar")]),
        (
            "Reed 1 (fl/cl/asx) dep, Wicked",
            [("Reed 1", "woodwind-doubler"), ("fl", "flute"), ("cl", "clarinet"), ("asx", "alto-sax")],
        ),
        ("Schlagzeug gesucht, Sa 28.11.", [("Schlagzeug", "drums")]),
        ("keys/MD", [("keys", "keyboards"), ("MD", "md")]),
        ("keys, MD, bass guitar", [("keys", "keyboards"), ("MD", "md"), ("bass guitar", "bass-guitar")]),
        ("double bass or bass guitar", [("double bass", "double-bass"), ("bass guitar", "bass-guitar")]),
        ("tenor, chapel choir, Evensong", [("tenor", "choir")]),
        ("house kit, bring breakables, drums", [("drums", "drums")]),
        ("full backline provided, keys player needed", [("keys", "keyboards")]),
        ("my bass player is ill", [("bass", _BASS)]),
        ("sax-dep needed", [("sax", _SAX)]),
        ("guitar teacher wanted, Leeds", [("guitar teacher", "teacher")]),
        ("looking for a string quartet", [("string quartet", "string-quartet")]),
        ("string quartet, Sat 28 Nov", [("string quartet", "string-quartet")]),
        ("strings, Abbey Road, 24 Jan", [("strings", "string-section")]),
        ("TENOR SAX NEEDED!!!", [("TENOR SAX", "tenor-sax")]),
        ("need 3 violins and 2 celli", [("violins", "violin"), ("celli", "cello")]),
        ("horns for function", [("horns", "horn-section")]),
        ("4 horns, Mahler, symphony orchestra", [("horns", "horn")]),
        ("double bass", [("double bass", "double-bass")]),
        ("vox/gtr duo needed for pub", [("vox", "lead-vocal")]),
        ("keys2 dep, Mamma Mia", [("keys2", "keyboards")]),
        ("tpt1 and tbn2, Gypsy", [("tpt1", "trumpet"), ("tbn2", "trombone")]),
        ("Reed 3 dep", [("Reed 3", "woodwind-doubler")]),
        ("kit drummer, own kit, pub gig", [("kit drummer", "drums")]),
        ("BV singer for festival, alto range", [("BV singer", "backing-vocal")]),
        ("Sound engineer for Sat, small PA", [("Sound engineer", "live-sound")]),
        ("Pianist/MD for panto, Dec 5 - Jan 3", [("Pianist", "piano"), ("MD", "md")]),
        ("Bass player needed for theatre tour", [("Bass", _BASS)]),
        ("bass trombone, orchestra, Tchaik 4, Sat", [("bass trombone", "bass-trombone")]),
        ("looking for tenor for choir, Sunday", [("tenor", "choir")]),
        ("church organist for funeral Friday 11am", [("organist", "organ")]),
        ("who plays the uilleann pipes?", [("uilleann pipes", "uilleann-pipes")]),
        ("Flötist*in gesucht", [("Flötist", "flute")]),
    ],
)
def test_lines_that_name_chairs(line: str, chairs: list[tuple[str, str]]) -> None:
    assert _read(line) == chairs


@pytest.mark.parametrize(
    "line",
    [
        "",
        "my keys are in the van",
        "call Dan about the lead, double time",
        "what key is it in? key of G",
        "all keys, no transposing",
        "12-14 Jan Smith tour 1st £300/day until 20 Dec",
        "bass-heavy mix",
        "drummer's mate",
        "good vibes only",
        "lead sheet in the dropbox",
        "guitar strings 12",
        "PA and backline provided",
        "drums provided",
        "keys are provided",
        "house piano",
        "no drums please",
        "guitar amp and bass rig on site",
        "see www.bass-players.example/drums or mail drums@band.example",
        "@drums are you about?",
        "bassinet, pianola, violinish, drumming, keyset",
        "meet at the Piano Bar",
        "we play jazz piano trio stuff",
        "brass band",
        "tenor horn",
        "Mar 3, Sat, 7pm",
        "one grand for the night",
        "good hits and decent beats",
        "coach parks in the square",
        "record the EP in CA",
        "playing with the London Symphony Orchestra",
        "Baltimore, MD, Sat 28 Nov",
        "voice note me",
        "hire a drum machine",
        "concert pitch 442",
        "pan the monitors",
        "there's a hotel and parking",
    ],
)
def test_lines_that_name_none(line: str) -> None:
    assert _read(line) == []


def test_the_longest_name_wins() -> None:
    assert _read("bass clarinet") == [("bass clarinet", "bass-clarinet")]
    assert _read("baritone sax") == [("baritone sax", "baritone-sax")]
    assert _read("bass drum") == [("bass drum", "bass-drum")]


def test_a_comma_or_a_slash_parts_two_chairs() -> None:
    assert [id for _, id in _read("bass, clarinet, function")] == ["bass-guitar", "clarinet"]
    assert [id for _, id in _read("bass/clarinet function")] == ["bass-guitar", "clarinet"]


@pytest.mark.parametrize("row", [row for row in everything() if row.type == "instrument"], ids=lambda row: row.id)
def test_every_instrument_by_its_name_alone_with_needed_is_seen(row: object) -> None:
    name = getattr(row, "name", "").split(" / ")[0]
    named = {id for _, ids in _read(f"{name} needed") for id in ids.split("?")}
    assert getattr(row, "id", "") in named


@given(st.text(max_size=120))
def test_any_line_is_read_without_overlaps(line: str) -> None:
    found = scan(line)
    assert all(0 <= one.start < one.end <= len(line) for one in found)
    assert all(left.end <= right.start for left, right in pairwise(found))


_PIECES = st.sampled_from(
    "bass keys sax alto tenor + , / & - ( ) dep needed 2 x £200 Sat 28 function MD harp Bar strings amp's @ for".split()
)


@given(st.lists(_PIECES, max_size=14).map(" ".join))
def test_a_found_chair_is_a_whole_word_of_the_line(line: str) -> None:
    for one in scan(line):
        assert not line[one.start - 1 : one.start].isalnum()
        assert not line[one.end : one.end + 1].isalnum()


@pytest.mark.parametrize("line", ["a" * 50_000, "bass " * 10_000, "@" * 20_000, "a@" * 20_000, "sax-" * 10_000])
def test_a_very_long_line_is_read_quickly(line: str) -> None:
    scan("bass")  # the dictionary is built at the first question
    began = time.process_time()
    scan(line)
    # About a tenth of this on a slow machine; what it catches is time that grows with the square of the length.
    assert time.process_time() - began < 0.5
