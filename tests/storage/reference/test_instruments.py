"""Any name a musician uses finds its chair, and a name with two meanings asks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.reference import instruments
from storage.reference.instruments import Ambiguous, Instrument, find, suggest
from storage.reference.instruments.lexicon import lexicon, names_of
from storage.reference.instruments.words import DOUBTS, NOT_CHAIRS, POPULAR, Doubt


def _id(text: str, context: str = "") -> str | None:
    """The id found; the choices joined by "?" when it asks; None when nothing is found."""
    found = find(text, context=context)
    if isinstance(found, Ambiguous):
        return "?".join(row.id for row in found.choices)
    return found.id if found else None


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("drums", "drums"),
        ("Drummer", "drums"),
        ("kit", "drums"),
        ("KEYS", "keyboards"),
        ("keys 2", "keyboards"),
        ("upright", "double-bass"),
        ("upright bass", "double-bass"),
        ("dbl bass", "double-bass"),
        ("electric bass player", "bass-guitar"),
        ("bass gtr", "bass-guitar"),
        ("alto sax", "alto-sax"),
        ("Alto Saxophones", "alto-sax"),
        ("tenor saxes", "tenor-sax"),
        ("tenor sax dep", "tenor-sax"),
        ("bari sax", "baritone-sax"),
        ("tenor trombone", "trombone"),
        ("bones", "trombone"),
        ("bass bone", "bass-trombone"),
        ("lead trumpet", "trumpet"),
        ("2nd violin", "violin"),
        ("principal cello", "cello"),
        ("celli", "cello"),
        ("fiddle player", "violin"),
        ("tpt 1", "trumpet"),
        ("Reed 2", "woodwind-doubler"),
        ("reeds", "woodwind-doubler"),
        ("BVs", "backing-vocal"),
        ("bv's", "backing-vocal"),
        ("lead vocal", "lead-vocal"),
        ("singer", "lead-vocal"),
        ("lead guitar", "electric-guitar"),
        ("guitarist", "guitar"),
        ("guitar teacher", "teacher"),
        ("MD", "md"),
        ("fixer", "contractor"),
        ("the call", "contractor"),
        ("harmonica", "harmonica"),
        ("blues harp", "harmonica"),
        ("cor anglais", "cor-anglais"),
        ("English horn", "cor-anglais"),
        ("French horn", "horn"),
        ("horn section", "horn-section"),
        ("picc tpt", "piccolo-trumpet"),
        ("picc", "piccolo"),
        ("b3", "organ"),
        ("Rhodes", "electric-piano"),
        ("percussion (latin)", "percussion"),
        ("snare", "snare-drum"),
        ("double bassoon", "contrabassoon"),
        ("répétiteur", "rehearsal-pianist"),
        ("repetiteur", "rehearsal-pianist"),
        ("v/o", "voiceover"),
        ("sousaphone", "tuba"),
        ("a bass guitarist please", "bass-guitar"),
        ("drums for a wedding", "drums"),
        ("bass-guitar", "bass-guitar"),
        ("cello!", "cello"),
    ],
)
def test_english_names(text: str, id: str) -> None:
    assert _id(text) == id


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("Geige", "violin"),
        ("Bratsche", "viola"),
        ("Kontrabass", "double-bass"),
        ("E-Bass", "bass-guitar"),
        ("ebass", "bass-guitar"),
        ("Schlagzeug", "drums"),
        ("Flöte", "flute"),
        ("FLÖTE", "flute"),
        ("Floete", "flute"),
        ("flote", "flute"),
        ("Flo\u0308te", "flute"),
        ("Posaune", "trombone"),
        ("Klavier", "piano"),
        ("Bläser", "horn-section"),
        ("contrebasse", "double-bass"),
        ("hautbois", "oboe"),
        ("batterie", "drums"),
        ("flûte à bec", "recorder"),
        ("violín", "violin"),
        ("batería", "drums"),
        ("bajo", "bass-guitar"),
        ("teclados", "keyboards"),
        ("corno inglés", "cor-anglais"),
        ("violino", "violin"),
    ],
)
def test_other_languages_with_and_without_their_accents(text: str, id: str) -> None:
    assert _id(text) == id


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("bass", "bass-guitar?double-bass"),
        ("Bass dep", "bass-guitar?double-bass"),
        ("bassist", "bass-guitar?double-bass"),
        ("sax", "alto-sax?tenor-sax?soprano-sax?baritone-sax?saxophone"),
        ("saxophonist", "alto-sax?tenor-sax?soprano-sax?baritone-sax?saxophone"),
        ("alto", "alto-sax?choir?alto-flute?viola"),
        ("tenor", "tenor-sax?choir?trombone"),
        ("bari", "baritone-sax?baritone-guitar?euphonium?choir"),
        ("horns", "horn-section?horn"),
        ("steel", "pedal-steel?steel-pan"),
        ("pipes", "bagpipes?uilleann-pipes?organ"),
        ("bells", "glockenspiel?tubular-bells"),
        ("tb", "trombone?tuba"),
        ("bsx", "bass-sax?baritone-sax"),
        ("bsax", "baritone-sax?bass-sax"),
        ("timbales", "timpani?percussion"),
        ("bb", "big-band?tuba"),
        ("kb", "keyboards?double-bass"),
    ],
)
def test_a_word_with_two_meanings_asks(text: str, asked: str) -> None:
    assert _id(text) == asked


def test_the_question_keeps_the_word_as_typed() -> None:
    found = find("Bass dep")
    assert isinstance(found, Ambiguous)
    assert (found.text, found.question) == ("Bass", "Bass guitar or double bass?")


@pytest.mark.parametrize(
    ("text", "context", "id"),
    [
        ("bass", "function, Leeds, £220", "bass-guitar"),
        ("bass", "wedding with a soul band", "bass-guitar"),
        ("bass", "City Symphony Orchestra", "double-bass"),
        ("bass", "jazz trio at the Vortex", "double-bass"),
        ("bass", "with violin, viola and cello", "double-bass"),
        ("bass", "Messiah, choir", "choir"),
        # "Chamber choir" says both choral and chamber: two cues that disagree are a question.
        ("bass", "Messiah, chamber choir", "bass-guitar?double-bass"),
        ("bass", "theatre, 8 shows", "bass-guitar?double-bass"),
        ("bass", "big band", "bass-guitar?double-bass"),
        ("bass", "rock band with orchestra", "bass-guitar?double-bass"),
        ("horns", "function band", "horn-section"),
        ("horns", "orchestral patch", "horn"),
        ("horn", "orchestral patch", "horn"),
        ("horn", "function band", "horn?horn-section"),
        ("harp", "blues night", "harp?harmonica"),
        ("harp", "wedding ceremony", "harp"),
        ("tenor", "with flute", "tenor-sax"),
        ("tenor", "SATB choir", "choir"),
        ("alto", "string quartet", "viola"),
        ("bari", "function band", "baritone-sax"),
        ("cb", "flute, oboe, bassoon", "double-bass?contrabassoon"),
        ("cb", "", "double-bass"),
    ],
)
def test_the_rest_of_the_line_settles_it_or_not(text: str, context: str, id: str) -> None:
    assert _id(text, context) == id


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "👍",
        "lead",
        "call",
        "double",
        "tenor horn",
        "yes",
        "Leeds",
        "£200",
        "drums and bass guitar",
        "asdf",
        "-",
    ],
)
def test_what_names_no_chair_or_several_finds_none(text: str) -> None:
    assert find(text) is None


def test_every_published_name_finds_its_row_or_asks_about_it() -> None:
    for row in instruments.everything():
        for name in (row.name, row.id, *row.aliases, *(word for _, word in row.other_names)):
            found = find(name)
            if isinstance(found, Ambiguous):
                ids = {choice.id for choice in found.choices}
                assert row.id in ids, (name, ids)
            else:
                assert found is not None and found.id == row.id, name


def test_every_word_added_by_hand_means_what_it_was_added_for() -> None:
    clashes = []
    for row in instruments.everything():
        for name in names_of(row):
            entry = lexicon().exact(name) if name else None
            if entry is not None and isinstance(entry.meaning, Instrument) and entry.meaning.id != row.id:
                clashes.append((name, row.id, entry.meaning.id))
    assert clashes == []


def test_every_doubt_offers_a_choice_and_asks_a_question() -> None:
    for word, doubt in DOUBTS.items():
        assert len(set(doubt.choices)) >= 2, word
        assert doubt.question.endswith("?")
        entry = lexicon().exact(word)
        assert entry is not None and isinstance(entry.meaning, Doubt)


def test_phrases_that_name_no_chair_are_known_as_such() -> None:
    for phrase in NOT_CHAIRS:
        entry = lexicon().exact(phrase)
        assert entry is not None and entry.meaning is None, phrase


def test_an_id_nobody_knows_is_refused() -> None:
    assert instruments.by_id("violin").name == "Violin"
    with pytest.raises(KeyError):
        instruments.by_id("kazoo")


@pytest.mark.parametrize(
    ("prefix", "first"),
    [
        ("ba", "bass-guitar"),
        ("bass", "bass-guitar"),
        ("tpt", "trumpet"),
        ("SAX", "alto-sax"),
        ("kla", "piano"),
        ("saxaphon", "saxophone"),
        ("trombonne", "trombone"),
        ("flö", "flute"),
        ("horn sec", "horn-section"),
        ("trumpt", "trumpet"),
    ],
)
def test_suggestions_start_with_what_was_meant(prefix: str, first: str) -> None:
    assert suggest(prefix)[0].id == first


def test_bass_suggests_both_at_the_top() -> None:
    assert [row.id for row in suggest("bass")[:2]] == ["bass-guitar", "double-bass"]


def test_an_empty_prefix_offers_the_usual_chairs() -> None:
    assert tuple(row.id for row in suggest("")) == POPULAR
    assert len(suggest("", limit=5)) == 5
    assert suggest("", limit=0) == ()


def test_nonsense_suggests_nothing() -> None:
    assert suggest("qqqqzzzz") == ()


@given(st.text(max_size=40), st.integers(0, 25))
def test_suggestions_never_repeat_and_never_exceed_the_limit(prefix: str, limit: int) -> None:
    rows = suggest(prefix, limit)
    assert len(rows) <= limit
    assert len({row.id for row in rows}) == len(rows)


@given(st.text(max_size=300), st.text(max_size=100))
def test_any_text_gets_an_answer(text: str, context: str) -> None:
    found = find(text, context=context)
    assert found is None or isinstance(found, Instrument) or len(found.choices) >= 2


@given(st.sampled_from([row.name for row in instruments.everything()]), st.data())
def test_case_and_blanks_do_not_matter(name: str, data: st.DataObject) -> None:
    shouted = "".join(c.upper() if data.draw(st.booleans()) else c.lower() for c in name)
    assert _id(f"  {shouted} ") == _id(name) is not None
