"""What musicians type beyond the published aliases, which words need a question, and which are everyday words.

These lists are this project's own editing of common usage; the table holds what is published. Every id here is checked
against the table (`storage.reference.check`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

#: Players, fuller names, plurals that are not regular, and frequent misspellings: id → words parted by "|".
MORE_NAMES = {
    "violin": "violinist|fiddler|fiddle player|first violin|second violin|violins 1|violins 2|geiger|violinista"
    "|violoniste",
    "viola": "violist|violas|bratschist|bratschen",
    "cello": "cellist|celli|violincello|violoncelliste|chelista",
    "double-bass": "double bassist|upright bassist|acoustic bass guitarist|contrabajo|contrabbasso|contrabassist"
    "|dbl bass|d bass|bass violin|kontrabassist|contrebassiste|orchestral bass|jazz bass",
    "string-section": "string players|streichergruppe",
    "guitar": "guitarist|guitars|gitarrist|guitariste|guitarrista|chitarra",
    "electric-guitar": "electric guitarist|lead guitarist|rhythm guitarist|elec guitar|electric gtr|e guitar|lead gtr"
    "|rhythm gtr|electric lead guitar|guitar electric",
    "acoustic-guitar": "acoustic guitarist|acoustic gtr|ac guitar|steel string guitar",
    "classical-guitar": "classical guitarist|nylon string guitar|nylon guitar|nylon gtr",
    "bass-guitar": "bass guitarist|electric bassist|elec bass|electric bass guitar|bass gtr|5 string bass|p bass"
    "|e bassist",
    "pedal-steel": "pedal steel player|steel guitarist|pedal steel guitarist",
    "banjo": "banjoist",
    "mandolin": "mandolinist",
    "harp": "harpist|concert harp|harpiste",
    "keyboards": "keyboardist|keyboard|keyboarder|keyboard 2|keys 1|keys 2|keys 3|keys 4|claviériste|tastiere",
    "piano": "pianist|piano player|grand piano|pianiste|pianista|pianoforte|klavierspieler",
    "organ": "organist|organiste|pipe organ|hammond b3",
    "synthesizer": "synthesiser|synth player|synthesizers",
    "accordion": "accordionist|akkordeonist|accordeon|accordian|piano accordion|fisarmonica",
    "harmonica": "harmonica player|harmonicist",
    "drums": "drum|drumkit|drumset|kit drums|schlagzeuger|drumer|batteur|baterista|batteria|drummers",
    "percussion": "percussionist|percs|latin percussion|latin perc|perkussionist|percussionniste",
    "timpani": "timpanist|timpany|tympani",
    "vibraphone": "vibes player|vibist|vibraphonist",
    "congas": "conga|conguero|congas player",
    "tabla": "tablas",
    "snare-drum": "snare drum",
    "flute": "flautist|flutist|flötist|flautista|flûtiste|concert flute",
    "piccolo": "picc player|piccolos",
    "piccolo-trumpet": "picc tpt|picc trumpet|piccolo tpt|picc trpt",
    "oboe": "oboist",
    "clarinet": "clarinettist|clarinetist|clarionet|klarinettist",
    "bassoon": "bassoonist|fagottist",
    "contrabassoon": "contra bassoon|contrabassoonist",
    "soprano-sax": "soprano saxophone|sop saxophone|soprano saxophonist|soprano saxes",
    "alto-sax": "alto saxophone|alto saxophonist|alto saxes|alto saxophones|altsaxophon",
    "tenor-sax": "tenor saxophone|tenor saxophonist|tenor saxes|tenor saxophones|tenorsaxophon",
    "baritone-sax": "baritone saxophone|bari saxophone|baritone saxophonist|bari saxes|baritonsaxophon",
    "woodwind-doubler": "reed player|reed 3|reed 4|reed 5|reed 6|woodwind|woodwind player"
    "|multi reeds|reed doubler|ww doubler",
    "uilleann-pipes": "uilleann piper|uillean pipes|irish pipes",
    "bagpipes": "bagpipe|bagpiper|great highland bagpipes|highland piper",
    "horn": "hornist|french horns|french hornist|hornista",
    "trumpet": "trumpeter|trumpeters|trumpets|trumpet player|lead trumpet|trompeter|trompettiste|trompetista|tromba",
    "cornet": "cornetist|cornettist",
    "flugelhorn": "flugel horn|flügelhorn|fluegelhorn",
    "trombone": "trombonist|tenor trombone|posaunist|tromboniste",
    "tuba": "tubist|bass tuba|tuba player",
    "euphonium": "euphoniumist|baritone horns",
    "horn-section": "brass players|pop horns|brass line",
    "lead-vocal": "vocalist|vocalists|lead singer|lead vocalist|lead vocals|front singer|frontman|frontwoman|sänger"
    "|sängerin|chanteur|chanteuse|cantante|voice|vocalista|female vocal|male vocal",
    "backing-vocal": "bv's|bv singer|bv singers|bgv singer|backing vocalist"
    "|backing vocalists|backing singer|backing singers|background singer"
    "|background vocalist|backup vocals|backup singer|backing vox|harmony vocal|harmonies",
    "choir": "alto voice|tenor voice|soprano voice|bass voice|baritone voice|choral singer|choir singer|bass singer"
    "|alto singer|tenor singer|choral bass|chorister",
    "voiceover": "voice over|voice-over artist|voiceover artist",
    "rhythm-section": "rhythm players",
    "md": "m.d.|musical directors",
    "contractor": "contracting|orchestral manager",
    "live-sound": "sound tech|foh engineer|sound man",
    "backline-tech": "backline tech|guitar technician|drum technician|keys tech",
    "engineer": "mix engineer|studio engineer",
    "teacher": "music teacher|instrumental teacher",
    "conductor": "conducting|dirigent|chef d'orchestre",
    "dj": "djs|d.j.",
    "rehearsal-pianist": "rep pianist|audition pianist",
    "music-producer": "record producer|music producer",
}

#: Phrases that look like instruments and are not in the table, or are not a chair at all. Seen, and passed over.
NOT_CHAIRS = frozenset(
    "tenor horn|alto horn|drum and bass|drum n bass|drum & bass|drums and bass music|bass clef|treble clef|bass line"
    "|bass lines|lead sheet|lead sheets|key of|keys of|in the key|all keys|concert pitch|voice note|voice memo"
    "|voice notes|voice message|steel band|brass band|pipe band|jug band|drum machine|drum loop|drum loops|piano bar"
    "|tenor clef|alto clef|horn lane|main stage|tape recorder|guitar hero|pipe organ loft"
    "|choir stalls|grand total|guitar strings|bass strings|violin strings|cello strings|harp strings"
    "|good vibes|bad vibes|voice mail|pan europe|pan european".split("|")
)


class Cue(StrEnum):
    """What the rest of the line tells about a word with several meanings."""

    BAND = "a band call"
    ORCHESTRA = "an orchestral or string call"
    JAZZ_TRIO = "a jazz trio"
    HORN_LINE = "saxes, other woodwind or brass are listed"
    CHOIR = "a choral call"
    BLUES = "a blues call"
    WINDS = "a wind list"


@dataclass(frozen=True, kw_only=True, slots=True)
class Doubt:
    """A word that may mean several chairs, and what settles it."""

    #: Ids, likeliest first.
    choices: tuple[str, ...]
    question: str
    #: With this cue in the line, and no other that says otherwise, it means this id.
    settled: tuple[tuple[Cue, str], ...] = ()
    #: The word is plain (its first choice) unless one of these cues is there; () when it is always doubtful.
    only_with: tuple[Cue, ...] = ()


_BASS = Doubt(
    choices=("bass-guitar", "double-bass"),
    question="Bass guitar or double bass?",
    settled=(
        (Cue.BAND, "bass-guitar"),
        (Cue.ORCHESTRA, "double-bass"),
        (Cue.JAZZ_TRIO, "double-bass"),
        (Cue.CHOIR, "choir"),
    ),
)
_SAX = Doubt(
    choices=("alto-sax", "tenor-sax", "soprano-sax", "baritone-sax", "saxophone"),
    question="Which sax: alto, tenor, soprano, baritone, or any?",
)
_ALTO = Doubt(
    choices=("alto-sax", "choir", "alto-flute", "viola"),
    question="Alto sax, alto voice, alto flute, or viola?",
    settled=((Cue.HORN_LINE, "alto-sax"), (Cue.CHOIR, "choir"), (Cue.ORCHESTRA, "viola")),
)
_TENOR = Doubt(
    choices=("tenor-sax", "choir", "trombone"),
    question="Tenor sax, tenor voice, or trombone?",
    settled=((Cue.HORN_LINE, "tenor-sax"), (Cue.CHOIR, "choir")),
)
_BARI = Doubt(
    choices=("baritone-sax", "baritone-guitar", "euphonium", "choir"),
    question="Baritone sax, guitar, horn or voice?",
    settled=((Cue.BAND, "baritone-sax"), (Cue.HORN_LINE, "baritone-sax"), (Cue.CHOIR, "choir")),
)
_SOPRANO = Doubt(
    choices=("soprano-sax", "choir", "lead-vocal"),
    question="Soprano sax, choral soprano, or a solo singer?",
    settled=((Cue.HORN_LINE, "soprano-sax"), (Cue.CHOIR, "choir")),
)
_HORNS = Doubt(
    choices=("horn-section", "horn"),
    question="A horn section (brass and saxes) or French horns?",
    settled=((Cue.BAND, "horn-section"), (Cue.ORCHESTRA, "horn")),
)
_STEEL = Doubt(choices=("pedal-steel", "steel-pan"), question="Pedal steel guitar or steel pan?")

#: Each doubtful word, as the table's `ambiguous_with` and `ambiguity_rule` have it.
DOUBTS = {
    "bass": _BASS,
    "basses": _BASS,
    "bassist": _BASS,
    "bassists": _BASS,
    "bassiste": _BASS,
    "bajista": _BASS,
    "sax": _SAX,
    "saxes": _SAX,
    "saxs": _SAX,
    "sx": _SAX,
    "saxophone": _SAX,
    "saxophones": _SAX,
    "saxaphone": _SAX,
    "saxophonist": _SAX,
    "saxophonists": _SAX,
    "saxist": _SAX,
    "saxophon": _SAX,
    "saxofon": _SAX,
    "saxophoniste": _SAX,
    "alto": _ALTO,
    "altos": _ALTO,
    "tenor": _TENOR,
    "tenors": _TENOR,
    "bari": _BARI,
    "baris": _BARI,
    "baritone": _BARI,
    "baritones": _BARI,
    "soprano": _SOPRANO,
    "sopranos": _SOPRANO,
    "horns": _HORNS,
    "horn": Doubt(
        choices=("horn", "horn-section"),
        question="French horn, or a horn player for the band (trumpet, trombone, sax)?",
        only_with=(Cue.BAND,),
    ),
    "harp": Doubt(choices=("harp", "harmonica"), question="Harp with strings, or harmonica?", only_with=(Cue.BLUES,)),
    "cb": Doubt(
        choices=("double-bass", "contrabassoon"),
        question="Double bass or contrabassoon?",
        only_with=(Cue.WINDS,),
    ),
    "kb": Doubt(
        choices=("keyboards", "double-bass"),
        question="Keyboards, or Kontrabass?",
        settled=((Cue.BAND, "keyboards"), (Cue.ORCHESTRA, "double-bass")),
    ),
    "tb": Doubt(choices=("trombone", "tuba"), question="Trombone or tuba?"),
    "bs": Doubt(
        choices=("bass-guitar", "baritone-sax"),
        question="Bass guitar or baritone sax?",
    ),
    "bsx": Doubt(choices=("bass-sax", "baritone-sax"), question="Bass sax or baritone sax?"),
    "bsax": Doubt(choices=("baritone-sax", "bass-sax"), question="Baritone sax or bass sax?"),
    "bells": Doubt(choices=("glockenspiel", "tubular-bells"), question="Glockenspiel or tubular bells?"),
    "pipes": Doubt(
        choices=("bagpipes", "uilleann-pipes", "organ"),
        question="Highland pipes, uilleann pipes, or pipe organ?",
    ),
    "piper": Doubt(choices=("bagpipes", "uilleann-pipes"), question="Highland pipes or uilleann pipes?"),
    "steel": _STEEL,
    "steels": _STEEL,
    "timbales": Doubt(choices=("timpani", "percussion"), question="Timpani, or timbales (Latin percussion)?"),
    "bb": Doubt(choices=("big-band", "tuba"), question="Big band, or B-flat bass (tuba)?"),
}

#: Never read from a line: everyday words, months, amounts, things at the venue. `find` still knows them.
QUIET = frozenset(
    "a|acc|adp|arr|arrangement|axe|b|bb|bd|beats|bo|bs|ca|con|cond|cp80|dir|eb|eh|elec|eng|ep|grand|gt|harm"
    "|hits|key|laptop|lu|mainstage|man|mar|mixer|monitors|orchestration|org|pa|parts|playback|prod|produced by|prog"
    "|rec|s|scratch|sd|sticks|t|tb|the call|toys|traps|tx|ud|v1|vl|voix|bajo|chant|juno|sous|b fl|conducting"
    "|contracting|harmonies|musical direction|cor|drum|accomp|coach|sab|chm|backline|vo|fg|orchestr".split("|")
)

#: Read from a line only where the line is plainly about a chair: alone between commas, or beside "dep", "needed", a
#: number of players or another instrument.
WEAK = frozenset(
    "bells|electronics|bone|bones|brass|bugle|celeste|chimes|chorus|clave|claves|contractor|copyist|choral|decks|doubler"
    "|engineer|fixer|foh|hammond|juno|key|keys|kit|leader|librarian|mallets|mixer|moog|music director|music coordinator"
    "|narration|narrator|nylon|orchestrator|pads|pan|parts|pipes|programmer|programming|producer|reed|reeds|recorder"
    "|resonator|reso|rhodes|rhythm|roadie|sampler|squeezebox|steel|steels|strings|teacher|tech|tutor|turntables|upright"
    "|vibes|viol|voice|whistle|ableton|band leader|bandleader|conductor|arranger|sound engineer|monitor engineer"
    "|personnel manager|music prep|part extraction|peripatetic|gamba|trap set|dobro|copyists|basse|cordes|coro|vientos"
    "|corno|quartet|kettledrums|perc|percs|chelo|fretless|record producer|music producer|orchestral manager"
    "|trompa|soprano|sopranos|voz|batterie".split("|")
)

#: Abbreviations of three letters and fewer that mean nothing else in a musician's line; other short ones are weak.
SHORT_AND_PLAIN = frozenset(
    "sax|gtr|vox|tpt|trp|tbn|trb|oud|drs|dms|vln|vla|vlc|bvs|bgv|pno|bjo|bcl|btb|clo|uke|flt|bsn|cbn|asx|tsx|ssx|sx"
    "|kbd|kys|fhn|frh|acg|elg|psg|bkv|vib|xyl|cga|tba|alto|bfl|afl|dj|djs".split("|")
)

#: Chairs that are numbered without a blank on pit and orchestra lists: "keys2", "tpt1".
NUMBERED = "bn|bsn|cl|fl|gtr|guitar|hn|horn|key|keys|keyboard|ob|perc|reed|tbn|tpt|trumpet|trombone|vc|violin|vla|vln"

#: What somebody starting a form is most likely to want, in the order of the buttons.
POPULAR = (
    "bass-guitar",
    "double-bass",
    "drums",
    "keyboards",
    "piano",
    "electric-guitar",
    "acoustic-guitar",
    "lead-vocal",
    "backing-vocal",
    "alto-sax",
    "tenor-sax",
    "trumpet",
    "trombone",
    "violin",
    "viola",
    "cello",
    "percussion",
    "flute",
    "clarinet",
    "baritone-sax",
    "horn",
    "woodwind-doubler",
    "organ",
    "harp",
    "md",
)
