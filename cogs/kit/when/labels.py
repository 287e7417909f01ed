"""What musicians put before a clock (call, doors, downbeat), and the words around a time that change nothing."""

from __future__ import annotations

from typing import Final

from cogs.kit.when.words import add

#: Labels after which a bare 7 to 11 is evening.
EVENING: Final = frozenset({"show", "gig", "doors", "set", "curtain", "hit"})


def _enter() -> None:
    ranks = (
        "",
        "first ",
        "second ",
        "third ",
        "1st ",
        "2nd ",
        "3rd ",
        "last ",
        "final ",
        "next ",
        "main ",
        "early ",
        "late ",
    )
    for label, spellings in (
        ("call", "call,call time,calltime,band call,crew call,company call,called"),
        ("loadin", "load in,loadin,load,get in,getin,set up,setup,arrive,arrival,arrivals"),
        ("soundcheck", "soundcheck,sound check,sc,s/c,line check,linecheck,check"),
        ("doors", "doors,door,doors open,doors at,door time"),
        ("downbeat", "downbeat,down beat"),
        ("hit", "hit,hit time"),
        ("curtain", "curtain,curtain up,curtain time,curtains"),
        ("rehearsal", "rehearsal,rehearsals,rehearse,rehearsing,reh,practice"),
        ("session", "session,sessions,studio,tracking,recording,overdubs,mixing"),
        ("gig", "gig,gigs,concert,matinee,evening show,matinee show"),
    ):
        add("label", label, spellings)
    for rank in ranks:
        add("label", "set", f"{rank}set,{rank}set time,{rank}sets")
        add("label", "show", f"{rank}show,{rank}shows,{rank}show time,{rank}showtime")
        if rank:
            add("label", "session", f"{rank}session,{rank}rehearsal,{rank}dress")
            add("label", "gig", f"{rank}gig")
            add("label", "call", f"{rank}call")
            add("status", None, f"{rank}hold,{rank}option,{rank}pencil,{rank}choice")
    add("label", "gig", "performance,on stage,onstage,stage time,on stage at")
    add("ender", None, "wrap,wrap by,wraps,out by,finish,finish by,finishes,finishing,load out,loadout,strike,done by,"
        "ends,ending,off stage by,ends at,get out,wrap up")  # fmt: skip
    add("doubles", None, "doubles,double,two shows,2 shows,two show day,double show")
    add("status", None,
        "pencil,pencilled,pencilled in,penciled,hold,option,dep,deps,depping,sub,subs,subbing,"
        "heavy pencil,"
        "free,available,avail,unavailable,busy,away,booked,book,off,out,need,needed,wanted,cover,remind me,"
        "deadline,reply,respond,answer,date,time,when,day off,days off")  # fmt: skip
    # Invoices.
    add("net", None, "net")
    add("eom", None, "eom")
    add(
        "receipt", None, "on receipt,upon receipt,due on receipt,due upon receipt,payable on receipt,at receipt,receipt"
    )
    add("invoice", None, "invoice,invoicing,invoice date")
    # Greetings and set phrases that hold a word of time and mean none.
    add("noise", None, "good morning,good afternoon,good evening,good night,goodnight,on the night,on the day,"
        "half on the night,half up front,half upfront,half now,half in advance,half in cash,half cash,half deposit,"
        "half before,half payment,rest on the night,next door,next to,happy hour,at least,for now,up front,upfront,"
        "from scratch,by the way,no one,the one,this one,next one,that one,day job,one more,one of,one gig,"
        "half price,half rate,half fee,the other half,half the fee,half after,"
        "one off,birthday,in the round,time signature,half time feel,halftime feel,double time feel,"
        "day rate,week rate,hour rate,day sheet,for the night,for the day,for the first time,for one")  # fmt: skip


_enter()
