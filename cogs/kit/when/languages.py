"""Words of time in Spanish, German, French and Portuguese, folded (no accents), under the same sorts as English.

A word that means something else in English is left out or entered as weak, so that it counts only in company.
Abbreviated German weekdays (Mo, Do, So) are left out for that reason.
"""

from __future__ import annotations

from typing import Final

from cogs.kit.when.slips import enter
from cogs.kit.when.words import WORDS, add, settle_phrases

#: Months and days that are names or words besides.
WEAK_FOREIGN: Final = frozenset({"mars", "mai", "mayo", "marco", "julio", "avril", "juin", "midi"})

#: Cut weekdays: too short to count by themselves, but beside a clock in their own language nothing else.
CUT_WEEKDAYS: Final[dict[str, int]] = {
    "mo": 0, "di": 1, "mi": 2, "do": 3, "fr": 4, "sa": 5, "so": 6,
    "lun": 0, "mar": 1, "mer": 2, "jeu": 3, "ven": 4, "sam": 5, "dim": 6,
    "mie": 2, "jue": 3, "vie": 4, "sab": 5, "dom": 6,
    "seg": 0, "ter": 1, "qua": 2, "qui": 3, "sex": 4,
}  # fmt: skip
_WEEKDAYS: Final = (
    ("lunes", "montag", "lundi", "segunda-feira,segunda,segundas-feiras"),
    ("martes", "dienstag", "mardi", "terca-feira,terca"),
    ("miercoles", "mittwoch", "mercredi", "quarta-feira,quarta"),
    ("jueves", "donnerstag", "jeudi", "quinta-feira,quinta"),
    ("viernes", "freitag", "vendredi", "sexta-feira,sexta"),
    ("sabado", "samstag,sonnabend", "samedi", "sabado"),
    ("domingo", "sonntag", "dimanche", "domingo"),
)
_PLURALS: Final = (
    ("montags", "lundis", "segundas,segundas-feiras"),
    ("dienstags", "mardis", "tercas,tercas-feiras"),
    ("mittwochs", "mercredis", "quartas,quartas-feiras"),
    ("donnerstags", "jeudis", "quintas,quintas-feiras"),
    ("freitags", "vendredis", "sextas,sextas-feiras"),
    ("samstags,sonnabends", "samedis", "sabados"),
    ("sonntags", "dimanches", "domingos"),
)
_MONTHS: Final = (
    "enero,januar,janner,janvier,janeiro",
    "febrero,februar,fevrier,fevereiro",
    "marzo,marz,maerz,mars,marco",
    "abril,avril",
    "mayo,mai,maio",
    "junio,juni,juin,junho",
    "julio,juli,juillet,julho",
    "agosto,aout",
    "septiembre,setiembre,septembre,setembro",
    "octubre,oktober,octobre,outubro",
    "noviembre,novembre,novembro",
    "diciembre,dezember,decembre,dezembro",
)


def _enter() -> None:
    for index, group in enumerate(_WEEKDAYS):
        for words in group:
            add("weekday", index, words)
    for index, plurals in enumerate(_PLURALS):
        for words in plurals:
            add("weekdays", index, words)
    for index, words in enumerate(_MONTHS, 1):
        add("month", index, words)
        for word in words.split(","):
            if len(word) > 6 and word not in WEAK_FOREIGN:
                enter(word, ("month", index))
    for index, group in enumerate(_WEEKDAYS):
        for words in group:
            for word in words.split(","):
                if len(word) > 6 and "-" not in word:
                    enter(word, ("weekday", index))
    for index, name in enumerate(("lunes", "martes", "miercoles", "jueves", "viernes")):
        add("weekdays", index, f"los {name}")
    _days()
    _parts()
    _clocks()
    _joints()


def _days() -> None:
    add("relday", 0, "hoy,heute,aujourd'hui,aujourdhui,hoje")
    add("relday", 1, "manana,morgen,demain,amanha,el dia de manana")
    add("relday", 2, "pasado manana,ubermorgen,uebermorgen,apres demain,depois de amanha")
    add("relday", -1, "ayer,gestern,ontem,hier soir,hier matin")
    add("relday", -2, "anteayer,antes de ayer,vorgestern,avant hier,anteontem")
    add(
        "tonight",
        None,
        "esta noche,heute abend,heute nacht,ce soir,cette nuit,hoje a noite,esta noite,hoy por la noche",
    )
    add("noon", None, "mediodia,al mediodia,a mediodia,a midi,midi,meio dia,ao meio dia,zwolf uhr mittags")
    add(
        "midnight",
        None,
        "medianoche,a medianoche,a la medianoche,mitternacht,um mitternacht,minuit,a minuit,meia noite,a meia noite",
    )
    add("weekend", None, "fin de semana,finde,wochenende,week end,fim de semana,fim-de-semana")
    add("spanweek", 1,
        "nachste woche,la semaine prochaine,semaine prochaine,la proxima semana,"
        "proxima semana,la semana que viene,"
        "semana que viene,na proxima semana,semana que vem,kommende woche,na semana que vem")  # fmt: skip
    add("spanweek", 0, "diese woche,cette semaine,esta semana")
    add("spanmonth", 1,
        "nachsten monat,nachster monat,le mois prochain,mois prochain,el proximo mes,"
        "proximo mes,el mes que viene,"
        "mes que viene,mes que vem")  # fmt: skip
    add("spanmonth", 0, "diesen monat,dieser monat,ce mois,ce mois ci,este mes")


def _parts() -> None:
    for part, spellings in (
        ("morning",
            "manha,por la manana,de la manana,am morgen,fruh,fruh am morgen,morgens,vormittag,"
            "am vormittag,vormittags,"
         "matin,le matin,du matin,au matin,da manha,de manha,pela manha"),
        ("afternoon", "tarde,por la tarde,de la tarde,en la tarde,nachmittag,am nachmittag,nachmittags,"
         "apres midi,l'apres midi,de l'apres midi,da tarde,de tarde,a tarde,pela tarde"),
        ("lunchtime", "mittag,am mittag,mittags,uber mittag,a midi pile,hora de comer"),
        ("evening", "abend,abends,am abend,soir,le soir,du soir,au soir,en soiree"),
        ("night",
            "noche,noite,nacht,nuit,por la noche,de la noche,en la noche,in der nacht,nachts,la nuit,de nuit,da noite,"
            "de noite,a noite,pela noite"),
    ):  # fmt: skip
        add("part", part, spellings)
    add("todayspart", "morning", "heute morgen,heute fruh,esta manana,ce matin,esta manha,hoje de manha")
    add("todayspart", "afternoon", "heute nachmittag,esta tarde,cet apres midi,hoje a tarde")


def _clocks() -> None:
    add("uhr", None, "uhr,heures,horas,h.")
    add("unit", "hour", "hora,stunde,stunden,heure,std")
    add("unit", "minute", "minuto,minutos,minuten")
    add("unit", "day", "dia,dias,tage,tagen,jour,jours")
    add("unit", "week", "semana,semanas,woche,wochen,semaine,semaines")
    add("unit", "month", "mes,meses,monat,monate,monaten,mois")
    add("unit", "year", "ano,anos,jahr,jahre,jahren")
    add("halb", None, "halb")
    add("quarterpast", None, "viertel nach,y cuarto,e quinze,et quart")
    add("quarterto", None, "viertel vor,menos cuarto,moins le quart")
    add("halfpast", None, "y media,e meia,et demie,et demi")
    for value, spellings in (
        (1, "un,una,uno,une,ein,eine,einem,einer,eins,um,uma"),
        (2, "dos,zwei,deux,dois,duas"),
        (3, "tres,drei,trois"),
        (4, "cuatro,vier,quatre,quatro"),
        (5, "cinco,funf,fuenf,cinq"),
        (6, "seis,sechs"),
        (7, "siete,sieben"),
        (8, "ocho,acht,huit,oito"),
        (9, "nueve,neun,neuf,nove"),
        (10, "diez,zehn,dix,dez"),
        (11, "once,elf,onze"),
        (12, "doce,zwolf,zwoelf,douze,doze"),
    ):
        for word in spellings.split(","):
            if word not in WORDS:
                add("fnum", value, word)


def _joints() -> None:
    add("every", None, "cada,jeden,jede,jedes,jeder,chaque,todo,toda")
    add("every", None, "todos los,todas las,tous les,toutes les,todos os,todas as,todo o,toda a")
    add("freq", "daily",
        "diario,diariamente,taglich,taeglich,quotidien,todos los dias,cada dia,jeden tag,"
        "tous les jours,chaque jour,"
        "todo dia,todos os dias,cada dia")  # fmt: skip
    add("freq", "weekly",
        "cada semana,todas las semanas,jede woche,wochentlich,toutes les semaines,"
        "chaque semaine,toda semana,"
        "todas as semanas,semanal,semanalmente")  # fmt: skip
    add(
        "freq",
        "monthly",
        "cada mes,todos los meses,jeden monat,monatlich,tous les mois,chaque mois,todo mes,todos os meses",
    )
    add("at", None, "a las,a la,gegen,vers,sobre las,hacia las,as")
    add("um", None, "um")
    add("a", None, "al,au,ao")
    add("of", None, "de,d',du mois de,de la")
    add("flead", None, "von,vom,du,del,das,desde,desde las,desde el,de las,entre,entre las,entre as,zwischen,dos")
    add("until", None, "bis,bis zum,hasta las,hasta el,hasta la,ate as,ate o,ate a,ate,jusqu'a,jusqu'au")
    add("fand", None, "y,e,et,und")
    add("from", None, "a partir de,a partir de las,a partir das,ab,des")
    add("until", None, "hasta,jusque")
    add("the", None, "el,la,los,las,le,les,der,den,dem,die,o,os,na,am,l',d'")
    add("end", None, "ende,ende des,fin de,fines de,a fines de,finales de,a finales de,fim de,final de,la fin de")
    add("end", None, "fin")
    add("third", 0, "anfang,debut,principios de,a principios de,inicio de,comeco de,inicios de")
    add("third", 1, "mitte,mi,mediados de,a mediados de,meados de")
    add("vague", "soon", "mas tarde,mais tarde,plus tard,spater,pronto,bald,bientot,em breve,hasta luego")
    # Words of time in languages that are not read here: a clock beside one is not the whole of what was said, so the
    # reading asks, and `suggest` may know the rest. Italian, Dutch, then the commonest of the north and of Poland, and
    # Russian, Ukrainian, Greek, Turkish, Finnish, Czech and Hungarian.
    add("vague", "foreign",
        "weeknight,weeknights,week nights,"
        "lunedi,martedi,mercoledi,giovedi,venerdi,sabato,domenica,oggi,domani,dopodomani,ieri,stasera,stanotte,stamattina,"
        "gennaio,febbraio,aprile,maggio,giugno,luglio,settembre,ottobre,dicembre,settimana,prossimo,prossima,ogni,"
        "maandag,dinsdag,woensdag,donderdag,vrijdag,zaterdag,zondag,vandaag,overmorgen,gisteren,vanavond,vanmiddag,"
        "vanmorgen,januari,februari,maart,augustus,volgende week,iedere,elke,"
        "mandag,tirsdag,onsdag,torsdag,fredag,lordag,sondag,tisdag,imorgon,i morgen,i dag,idag,i overmorgon,"
        "poniedzialek,wtorek,sroda,czwartek,piatek,sobota,sobote,niedziela,jutro,pojutrze,dzisiaj,"
        "понедельник,вторник,среда,среду,четверг,пятница,пятницу,суббота,субботу,воскресенье,завтра,послезавтра,сегодня,"
        "понеділок,вівторок,середа,середу,неділя,неділю,сьогодні,"
        "δευτερα,τριτη,τεταρτη,πεμπτη,παρασκευη,σαββατο,κυριακη,αυριο,σημερα,"
        "pazartesi,sali,carsamba,persembe,cuma,cumartesi,yarin,bugun,"
        "maanantaina,tiistaina,keskiviikkona,torstaina,perjantaina,lauantaina,sunnuntaina,huomenna,tanaan,"
        "pondeli,utery,streda,stredu,ctvrtek,patek,patku,zitra,dnes,"
        "hetfon,kedden,szerdan,csutortokon,penteken,szombaton,vasarnap,holnap")  # fmt: skip
    add("agof", None, "il y a,hace,ha")
    add("this", None, "este,esta,diesen,dieser,dieses,diese,ce,cet,cette")
    add("fnext", None, "nachsten,nachster,nachstes,nachste,proximo,proxima,prochain,prochaine")
    add("fcoming", None, "kommenden,kommender,que viene,que vem,que vem ai")
    add("flast", None, "letzten,letzter,dernier,derniere,pasado,passado,passada")
    add("in", None, "dentro de,daqui a,dans,em,en")
    add("before", None, "antes de,avant,vor")
    add("after", None, "despues de,despues de las,nach,apres,depois das,depois de")
    add("or", None, "ou,oder")


_enter()
# English spellings win where a language shares them.
add("month", 3, "mar")
add("month", 5, "may")
settle_phrases()
