"""English words of time, each with its sort and its value.

A word has one entry: `(sort, value)`. Sorts are the alphabet of the grammar; `tokens.py` gives every token one.
Phrases of several words are entries too, matched longest first, and a hyphen between their words does not matter.
"""

from __future__ import annotations

from typing import Final

#: A sort and a value. Values are ints, strings or None, as the sort requires.
Entry = tuple[str, object]

WORDS: dict[str, Entry] = {}
PHRASES: dict[str, list[tuple[tuple[str, ...], Entry]]] = {}

#: Words that are English words besides; they count only beside a number, a clock or another word of time.
WEAK: Final = frozenset({"sat", "sun", "mar", "march", "may", "second", "sats", "suns"})

WEEKDAY_NAMES: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTH_NAMES: Final = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
SHORT_WEEKDAYS: Final = (
    ("mon",), ("tue", "tues"), ("wed", "weds"), ("thu", "thur", "thurs"), ("fri",), ("sat",), ("sun",),
)  # fmt: skip
#: Words for the numbers 0 to 12 and the round ones; those between are built.
_UNITS: Final = "zero one two three four five six seven eight nine ten eleven twelve".split()
_TEENS: Final = "thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_TENS: Final = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90}
_ORDINALS: Final = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
).split()


def add(sort: str, value: object, spellings: str) -> None:
    """Enter spellings, separated by commas; a spelling of several words becomes a phrase."""
    for spelling in spellings.split(","):
        words = spelling.replace("-", " ").split()
        if len(words) == 1:
            WORDS[words[0]] = (sort, value)
        else:
            PHRASES.setdefault(words[0], []).append((tuple(words[1:]), (sort, value)))


def settle_phrases() -> None:
    """Put longer phrases before shorter ones; called once, when every language has been entered."""
    for entries in PHRASES.values():
        entries.sort(key=lambda entry: -len(entry[0]))


def _days_and_months() -> None:
    for index, name in enumerate(WEEKDAY_NAMES):
        add("weekday", index, ",".join((name, *SHORT_WEEKDAYS[index])))
        add("weekdays", index, f"{name}s,{name}'s")
    for index, short in enumerate(("mons", "", "", "", "fris", "sats", "suns")):
        if short:
            add("weekdays", index, short)
    for index, name in enumerate(MONTH_NAMES, 1):
        add("month", index, f"{name},{name[:3]}")
    add("month", 9, "sept")
    add("relday", 0, "today,2day")
    add("relday", 1, "tomorrow,tmrw,tmr,tmw,tomo,tomoz,2moro,2morrow,2mrw,tommorow,tommorrow")
    add("relday", -1, "yesterday")
    add("relday", 2, "day after tomorrow,the day after tomorrow,overmorrow")
    add("relday", -2, "day before yesterday,the day before yesterday")
    add("tonight", None, "tonight,tonite,2nite,2night")
    add("holiday", (12, 31), "new year's eve,new years eve,new year eve,nye")
    add("holiday", (1, 1), "new year's day,new years day,new year day")
    add("holiday", (2, 14), "valentine's day,valentines day,valentine day,valentine's,valentines")
    add("holiday", (10, 31), "halloween,hallowe'en")
    add("holiday", (12, 24), "christmas eve,xmas eve")
    add("holiday", (12, 25), "christmas,christmas day,xmas,xmas day")
    add("holiday", (12, 26), "boxing day")
    add(
        "vague",
        "feast",
        "easter,easter sunday,easter monday,easter saturday,good friday,thanksgiving,"
        "thanksgiving day,new year,new years,"
        "new year's,bank holiday,bank holiday monday,mother's day,mothers day,"
        "mothering sunday,father's day,fathers day,"
        "labor day,labour day,memorial day,independence day,st patrick's day,st patricks day,saint patrick's day,"
        "st patty's day,black friday,cinco de mayo,diwali,hanukkah,chanukah,ramadan,eid,passover,pentecost,whitsun,"
        "whit monday,bonfire night,guy fawkes night,burns night,burns' night,mardi gras,fat tuesday,pancake day,"
        "shrove tuesday,ash wednesday,palm sunday,maundy thursday,holy saturday,hogmanay,may day,veterans day,"
        "veteran's day,remembrance day,remembrance sunday,australia day,anzac day,canada day,martin luther king day,"
        "mlk day,presidents day,presidents' day,columbus day,st george's day,st david's day,st andrew's day,"
        "lunar new year,chinese new year,cup day,groundhog day,juneteenth,advent,twelfth night,midsummer",
    )


def _lengths() -> None:
    add("unit", "second", "sec,secs,seconds")
    add("unit", "minute", "minute,minutes,min,mins")
    add("unit", "hour", "hour,hours,hr,hrs")
    add("unit", "day", "day,days,day's,days'")
    add("unit", "week", "week,weeks,wk,wks,week's,weeks'")
    add("unit", "fortnight", "fortnight,fortnights,fortnight's")
    add("unit", "month", "month,months,mth,mths,month's,months'")
    add("unit", "year", "year,years,yr,yrs,year's,years'")
    for value, name in enumerate((*_UNITS, *_TEENS)):
        add("numword", value, name)
    for name, tens in _TENS.items():
        add("numword", tens, name)
        for unit in range(1, 10):
            add("numword", tens + unit, f"{name} {_UNITS[unit]}")
    for value, name in enumerate(_ORDINALS, 1):
        add("ordword", value, name)
    for value in range(1, 10):
        add("ordword", 20 + value, f"twenty {_ORDINALS[value - 1]}")
    add("ordword", 30, "thirtieth")
    add("ordword", 31, "thirty first")
    add("numword", 2, "couple of,couple,a couple of,a couple")
    add("few", None, "few,a few,several,some,many,a number of,a good few")
    add("length", (30, "minute"), "half an hour,half hour,half a hour,a half hour,1/2 hour")
    add("length", (90, "minute"), "an hour and a half,hour and a half,one and a half hours,an hour and half")
    add("length", (15, "minute"), "quarter of an hour,a quarter of an hour,quarter hour")
    add("length", (45, "minute"), "three quarters of an hour")
    add("half", None, "half")
    add("quarter", None, "quarter,a quarter")
    add("past", None, "past")
    add("andhalf", None, "and a half")
    add("article", None, "a,an")


def _parts() -> None:
    for part, more in (
        ("morning", ""),
        ("afternoon", ",arvo,aft"),
        ("evening", ",eve"),
        ("night", ",nite"),
    ):
        add("part", part, part + more)
        add("parts", part, f"{part}s")
    add("part", "lunchtime", "lunchtime,lunch time")
    add("parts", "lunchtime", "lunchtimes")
    add("part", "night", "at night,in the night,of the night")
    add("onwards", None, "onwards,onward,and later")
    add("noon", None, "noon,midday,mid day,12 noon,12noon,twelve noon")
    add("midnight", None, "midnight,12 midnight,12midnight,twelve midnight,midnite")
    add("dayend", None, "eod,cob,cop,end of day,end of the day,close of business,close of play,end of business")
    add("allday", None, "all day,all day long,whole day,the whole day,full day")


def _joints() -> None:
    add("this", None, "this")
    add("next", None, "next,nxt")
    add("last", None, "last")
    add("coming", None, "coming,upcoming,this coming")
    add("every", None, "every,each")
    add("other", None, "other,alternate,alternating,every other,every alternate")
    add("freq", "daily", "daily,every day,each day")
    add("freq", "nightly", "nightly")
    add("freq", "weekly", "weekly,once a week")
    add("freq", "fortnightly", "fortnightly")
    add("freq", "monthly", "monthly,once a month")
    add("freq", "quarterly", "quarterly")
    add("freq", "yearly", "yearly,annually,annual,once a year")
    add("twofold", "week", "biweekly,bi weekly,semiweekly,semi weekly")
    add("twofold", "month", "bimonthly,bi monthly,semimonthly,semi monthly")
    add("twofold", "often", "twice a week,twice weekly,twice a month,twice a day,twice a year,twice monthly,biannual,"
        "biannually,bi annually,biennial,bi annual,twice per week,several times a week,three times a week,"
        "two times a week,2 times a week,3 times a week,3x a week,2x a week,hourly")  # fmt: skip
    add("daygroup", "weekdays", "weekdays,week days")
    add("dayofgroup", "weekdays", "weekday,week day")
    add("daygroup", "weekends", "weekends")
    add("weekend", None, "weekend,week end,wkend,w/end")
    add("except", None, "except,but,except for,except on,but not,excluding,bar,apart from,other than")
    add("times", None, "times")
    add("starting", None,
        "starting,starting on,starting from,beginning,beginning on,commencing,as from,as of,"
        "effective,"
        "start,starts,starts on,starting in,from and including")  # fmt: skip
    add("weekof", None, "week of,week of the,week commencing,week beginning,week starting,w/c,w/b,wc,wb,w/o")
    add("rest", None, "rest of,rest of the,remainder of,remainder of the")
    add("end", None, "end of,end of the,the end of,the end of the")
    add("third", 0, "early,early in,early on in")
    add("third", 1, "mid,middle of,the middle of")
    add("third", 2, "late,late in")
    add("edge", None, "since,ever since,beginning of,beginning of the,start of,start of the,top of the")
    add("at", None, "at,@")
    add("on", None, "on")
    add("of", None, "of")
    add("in", None, "in")
    add("for", None, "for,lasting")
    add("within", None, "within,within the next,in the next")
    add("by", None, "by,no later than,not later than")
    add("from", None, "from,from about")
    add("until", None, "until,till,til,'til,up to,up until,through,thru")
    add("to", None, "to")
    add("between", None, "between")
    add("after", None, "after,any time after,anytime after")
    add("notbefore", None, "not before,no earlier than,not earlier than")
    add("before", None, "before,prior to,ahead of,any time before,anytime before")
    add("ago", None, "ago")
    add("fromnow", None, "from now,from now on,hence,time")
    add("and", None, "and,&,+,plus")
    add("or", None, "or,and or,and/or,maybe,possibly,either")
    add(
        "approx",
        None,
        "around,about,approx,approximately,circa,roughly,ish,approx.,approximate,ca,~,sharp,prompt,latest",
    )
    add("the", None, "the")
    add("minus", None, "minus,less")
    add("now", None, "now,right now,just now,straight away,right away,immediately")
    add("sametime", None, "this time,same time,the same time,this same time")
    add("sometime", None, "sometime,some time,anytime,any time,sometime in,some time in,anytime in,sometime during")
    add("oclock", None, "o'clock,oclock,o clock")
    add("vague", "soon",
        "soon,later,later on,asap,in a bit,in a while,in a minute,in a sec,in a second,"
        "in a moment,shortly,"
        "sometime soon,some day,someday,one day,whenever,eventually,a while,another time,the other day,these days,"
        "at some point,nowadays,recently,lately,earlier,last minute,first thing,midweek,mid week,later today,"
        "later this week,later tonight,at the weekend sometime,next time,this time around,any day,any day now,soonish,"
        "end of the week,end of week,end of next week,end of this week,eow")  # fmt: skip
    add("vague", "season", "summer,winter,spring,autumn,this summer,next summer,this winter,next winter,this spring,"
        "next spring,this autumn,next autumn,this fall,next fall,last summer,last winter,"
        "last spring,last autumn")  # fmt: skip
    add("tbc", None, "tbc,tba,tbd,to be confirmed,to be announced,time tbc,time tba,time tbd,times tbc,times tba,"
        "time to be confirmed,exact time tbc,clock tbc,details tbc")  # fmt: skip


_days_and_months()
_lengths()
_parts()
_joints()
