"""Messages to a client, ready to copy: before the due date, friendly, firm, final; in four languages. Pure.

They are what a musician would write: short, polite, with the figures. Sums and dates are written as the language does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from storage.records.invoice import Tone
from storage.records.money import Money

#: Languages that messages and papers are written in; others get English.
LANGUAGES = ("en", "de", "es", "fr")
_LOCALES = {"de": "de_DE", "es": "es_ES", "fr": "fr_FR", "en": "en_GB"}


def language_of(said: str | None, locale: str) -> str:
    """The language to write in: what was said for the client, else the owner's, else English."""
    for candidate in (said, locale):
        if candidate and candidate[:2].casefold() in LANGUAGES:
            return candidate[:2].casefold()
    return "en"


def locale_for(language: str, locale: str) -> str:
    """The locale whose numbers and dates go with the language; the owner's own where that is the same language."""
    own = locale.replace("-", "_")
    return own if own[:2].casefold() == language and len(own) >= 5 else _LOCALES[language]


def money_in(money: Money, locale: str) -> str:
    """A sum with its decimals, as the locale writes it."""
    from babel.numbers import format_currency  # 40 ms, and only needed once something is written

    return str(format_currency(money.amount, money.currency, locale=locale))


def day_in(day: date, locale: str) -> str:
    """A day in words, as the locale writes it: never 03/04."""
    from babel.dates import format_date  # as above

    return str(format_date(day, "long", locale=locale))


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What a message says.

    number: of the invoice. what: what it is for. owed: what is open now. due: when it was (or is) due.
    days_late: negative before the due date. late_sum: interest and fixed sum that may be claimed; None: not mentioned.
    sender: who signs. pay_to: account details in a line, if known. deposit: only that is meant.
    by_contract: the late sum is what was agreed, not what the law gives.
    """

    number: str
    what: str
    owed: Money
    due: date
    days_late: int
    sender: str
    late_sum: Money | None = None
    pay_to: str | None = None
    deposit: bool = False
    by_contract: bool = False


def write(letter: Letter, tone: Tone, language: str, locale: str) -> str:
    """The message, over several lines."""
    words = _WORDS[language]
    where = locale_for(language, locale)
    part = words["deposit" if letter.deposit else "invoice"]
    figures = {
        "number": letter.number,
        "what": letter.what,
        "owed": money_in(letter.owed, where),
        "due": day_in(letter.due, where),
        "days": words["day" if letter.days_late == 1 else "days"].format(n=letter.days_late),
        "part": part,
        "Part": part[:1].upper() + part[1:],
    }
    key = "before" if letter.days_late <= 0 else tone.value
    lines = [words["hello"], "", words[key].format(**figures)]
    if letter.late_sum is not None and letter.late_sum.minor > 0 and letter.days_late > 0 and tone is not Tone.FRIENDLY:
        total = money_in(letter.owed + letter.late_sum, where)
        lines.append(
            words["late_agreed" if letter.by_contract else "late"].format(
                late=money_in(letter.late_sum, where), total=total
            )
        )
    if letter.pay_to:
        lines.append(words["pay_to"].format(account=letter.pay_to))
    lines += ["", words["bye" if tone is not Tone.FINAL else "bye_final"], letter.sender]
    return "\n".join(lines)


_WORDS: dict[str, dict[str, str]] = {
    "en": {
        "hello": "Hello,",
        "invoice": "invoice",
        "deposit": "the deposit on invoice",
        "day": "1 day",
        "days": "{n} days",
        "before": (
            "A quick note that {part} {number} for {what}, {owed}, is due on {due}. If it is already on its way, "
            "thank you."
        ),
        "friendly": (
            "I hope all is well. {Part} {number} for {what} was due on {due}, and {owed} is still open. Could you "
            "have a look? If it has crossed with this message, please ignore it."
        ),
        "firm": (
            "{Part} {number} for {what} is now {days} overdue; {owed} was due on {due}. Please pay it this week, or "
            "tell me by return what is holding it up."
        ),
        "final": (
            "Despite my reminders {part} {number} for {what} is {days} overdue; {owed} was due on {due}. Please pay "
            "within 7 days. After that I shall take further steps to recover the debt without writing again."
        ),
        "late_agreed": "As agreed, {late} for late payment is added, which makes {total} today.",
        "late": "By law {late} for late payment may be added, which makes {total} today.",
        "pay_to": "Please pay to: {account}",
        "bye": "Many thanks,",
        "bye_final": "Yours sincerely,",
    },
    "de": {
        "hello": "Guten Tag,",
        "invoice": "die Rechnung",
        "deposit": "die Anzahlung zur Rechnung",
        "day": "einem Tag",
        "days": "{n} Tagen",
        "before": (
            "kurz zur Erinnerung: {part} {number} für {what} über {owed} ist am {due} fällig. Falls die Zahlung schon "
            "unterwegs ist: vielen Dank."
        ),
        "friendly": (
            "sicher ist es im Alltag untergegangen: {part} {number} für {what} war am {due} fällig, und {owed} sind "
            "noch offen. Könnten Sie bitte nachsehen? Hat sich die Zahlung mit dieser Nachricht gekreuzt, betrachten "
            "Sie sie bitte als gegenstandslos."
        ),
        "firm": (
            "{part} {number} für {what} ist seit {days} überfällig; {owed} waren am {due} zu zahlen. Bitte "
            "überweisen Sie den Betrag in dieser Woche, oder sagen Sie mir, woran es liegt."
        ),
        "final": (
            "trotz meiner Erinnerungen ist {part} {number} für {what} seit {days} überfällig; {owed} waren am {due} "
            "zu zahlen. Bitte zahlen Sie innerhalb von 7 Tagen. Danach leite ich ohne weitere Ankündigung Schritte "
            "ein, um die Forderung einzuziehen."
        ),
        "late_agreed": "Wie vereinbart kommen für den Verzug {late} hinzu; das macht heute {total}.",
        "late": "Gesetzlich dürfen für den Verzug {late} hinzukommen; das macht heute {total}.",
        "pay_to": "Bitte überweisen Sie an: {account}",
        "bye": "Vielen Dank und freundliche Grüße",
        "bye_final": "Mit freundlichen Grüßen",
    },
    "es": {
        "hello": "Hola:",
        "invoice": "la factura",
        "deposit": "el anticipo de la factura",
        "day": "1 día",
        "days": "{n} días",
        "before": (
            "Te recuerdo que {part} {number} por {what}, de {owed}, vence el {due}. Si el pago ya está en camino, "
            "muchas gracias."
        ),
        "friendly": (
            "Espero que vaya todo bien. Con fecha {due} venció {part} {number} por {what} y quedan pendientes {owed}. "
            "¿Podrías comprobarlo? Si el pago se ha cruzado con este mensaje, no hace falta que hagas nada."
        ),
        "firm": (
            "El pago de {part} {number} por {what} lleva {days} de retraso: {owed} vencieron el {due}. Te ruego que "
            "lo hagas esta semana o que me digas qué lo impide."
        ),
        "final": (
            "A pesar de mis recordatorios, el pago de {part} {number} por {what} lleva {days} de retraso: {owed} "
            "vencieron el {due}. Te ruego que pagues en un plazo de 7 días. Después iniciaré sin más aviso los "
            "trámites para reclamar la deuda."
        ),
        "late_agreed": "Según lo acordado se añaden {late} por la demora, lo que hoy suma {total}.",
        "late": "Por ley pueden añadirse {late} por la demora, lo que hoy suma {total}.",
        "pay_to": "Cuenta para el pago: {account}",
        "bye": "Muchas gracias y un saludo,",
        "bye_final": "Atentamente,",
    },
    "fr": {
        "hello": "Bonjour,",
        "invoice": "la facture",
        "deposit": "l’acompte de la facture",
        "day": "1 jour",
        "days": "{n} jours",
        "before": (
            "Un petit rappel : {part} {number} pour {what}, d’un montant de {owed}, arrive à échéance le {due}. Si le "
            "paiement est déjà parti, merci beaucoup."
        ),
        "friendly": (
            "J’espère que tout va bien. Sauf erreur, {part} {number} pour {what} était à régler le {due} et il reste "
            "{owed} à payer. Pourriez-vous vérifier ? Si votre paiement a croisé ce message, n’en tenez pas compte."
        ),
        "firm": (
            "Le règlement de {part} {number} pour {what} a maintenant {days} de retard : {owed} étaient dus le {due}. "
            "Merci de payer cette semaine, ou de me dire ce qui bloque."
        ),
        "final": (
            "Malgré mes rappels, le règlement de {part} {number} pour {what} a {days} de retard : {owed} étaient dus "
            "le {due}. Je vous demande de payer sous 7 jours. Passé ce délai, j’engagerai sans autre avis les "
            "démarches de recouvrement."
        ),
        "late_agreed": "Comme convenu, {late} s’ajoutent pour le retard, soit {total} à ce jour.",
        "late": "La loi permet d’ajouter {late} pour le retard, soit {total} à ce jour.",
        "pay_to": "Compte pour le paiement : {account}",
        "bye": "Merci et bien cordialement,",
        "bye_final": "Cordialement,",
    },
}
