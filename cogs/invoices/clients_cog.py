"""The clients cog: who pays, on what terms, how they stand, and statements for them."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import Annotated

from cogs.invoices import asked, cards, client_cards, paper, rules, sheets, terms
from cogs.invoices.asked import Format
from cogs.invoices.kept import Wanted
from cogs.invoices.suggestions import Suggestions
from cogs.kit.action import action as action_id
from cogs.kit.ask import Ask, LongText, parameters_of
from cogs.kit.call import Call
from cogs.kit.cog import Cog, action, command
from cogs.kit.faults import Misread, NotFound
from cogs.kit.form import Form
from cogs.kit.offline import offline
from cogs.kit.reply import Button, Reply, Upload
from cogs.kit.words import Code, line
from storage.records.client import Client

_NAME = Ask("Who pays?", label="Name", example="Smith Ltd", max_length=120)
_KNOWN = Ask("Which client?", label="Client", example="Smith", suggest="suggest_clients", max_length=120)
_CONTACT = Ask(
    "How do you reach them?", label="Contact", example="accounts@smith.example", find=asked.find_contact, max_length=200
)
_ADDRESS = Ask("Their address, one line each?", label="Address", example="1 High St; Leeds", free=False, max_length=300)
_TERMS = Ask("On what terms?", label="Terms", example="net 30", find=asked.find_terms, max_length=60)
_COUNTRY = Ask("In which country are they?", label="Country", example="UK", free=False, max_length=40)
_BUSINESS = Ask("Are they a business?", label="Business", free=False)
_LANGUAGE = Ask("In which language do you write?", label="Language", free=False, also=asked.LANGUAGE_ALSO)
_TAX_NUMBER = Ask("Their tax number?", label="Tax number", example="DE123456789", free=False, max_length=40)
_NOTE = Ask("A note, for you alone?", label="Note", example="Pays if you ring Jo", free=False, max_length=500)


class ClientField(StrEnum):
    """What can be changed about a client."""

    NAME = "name"
    CONTACT = "contact"
    ADDRESS = "address"
    TERMS = "terms"
    CURRENCY = "currency"
    COUNTRY = "country"
    BUSINESS = "business"
    LANGUAGE = "language"
    TAX_NUMBER = "tax_number"
    NOTE = "note"


class ClientsCog(Suggestions, Cog, name="clients", topic="Invoices"):
    """Clients: terms, notes that only you see, statements, and how long they take to pay."""

    @command(
        "client add", "Keep a client, with terms and notes", example="/client add Smith Ltd, jo@smith.example, net 30"
    )
    async def add(
        self,
        call: Call,
        name: Annotated[str, _NAME],
        contact: Annotated[str | None, _CONTACT] = None,
        terms_: Annotated[str | None, _TERMS] = None,
        currency: Annotated[str | None, asked.CURRENCY] = None,
        note: Annotated[str | None, _NOTE] = None,
        address: Annotated[LongText | None, _ADDRESS] = None,
        country: Annotated[str | None, _COUNTRY] = None,
        business: Annotated[bool | None, _BUSINESS] = None,
        language: Annotated[asked.Language | None, _LANGUAGE] = None,
        tax_number: Annotated[str | None, _TAX_NUMBER] = None,
    ) -> Reply:
        """Keep them; one of that name is filled in."""
        client = Client(
            person_id=call.person_id, name=name, contact=contact, address=address, business=business,
            country=rules.read_country(country) if country else None,
            language=language.value if language is not None else None,
            currency=rules.read_currency(currency) if currency else None,
            terms=_terms(terms_, call) if terms_ else None, tax_number=tax_number, note=note, made_at=call.now,
        )  # fmt: skip
        kept, before = await self._clients.add(call, client)
        return client_cards.added(kept, before=before)

    @command("client show", "One client, with what they owe you", one_line=("client",), example="/client Smith")
    async def show(self, call: Call, name: Annotated[str, _KNOWN]) -> Reply:
        """One client."""
        try:
            client = await self._clients.named(call, name)
        except NotFound:
            if name[:1].casefold() == "c" and name[1:].isdigit():
                raise
            example = Code(f'/client add name="{name[:60]}"')
            return Reply(lines=(line("You have no client called ", name[:60], ". Add them: ", example),))
        return client_cards.shown(await self._clients.account(call, client.id))

    @action("show")
    async def show_pressed(self, call: Call, client_id: int) -> Reply:
        """One client of the list."""
        return client_cards.shown(await self._clients.account(call, client_id))

    @command("client note", "A note on a client that only you see", example="/client note Smith pays if you ring Jo")
    async def note(
        self,
        call: Call,
        name: Annotated[str, _KNOWN],
        note: Annotated[str, Ask("What is worth noting?", label="Note", example="Pays if you ring Jo", max_length=500)],
    ) -> Reply:
        """Keep the note in place of the one before."""
        client = await self._clients.named(call, name)
        return client_cards.changed(
            await self._clients.change(call, client.id, lambda it: replace(it, note=note)), "Noted:"
        )

    @command("client list", "Your clients", aliases=("clients",))
    async def list(self, call: Call) -> Reply:
        """The first page."""
        return client_cards.page(*await self._clients.page(call, 0))

    @action("page")
    async def page(self, call: Call, number: int) -> Reply:
        """Another page, in place of this one."""
        return client_cards.page(*await self._clients.page(call, number)).with_(replaces=True)

    @command("client edit", "Change a client", example="/client edit Smith terms=EOM")
    async def edit(
        self,
        call: Call,
        name: Annotated[str, _KNOWN],
        contact: Annotated[str | None, _CONTACT] = None,
        terms_: Annotated[str | None, _TERMS] = None,
        currency: Annotated[str | None, asked.CURRENCY] = None,
        note: Annotated[str | None, _NOTE] = None,
        address: Annotated[LongText | None, _ADDRESS] = None,
        country: Annotated[str | None, _COUNTRY] = None,
        business: Annotated[bool | None, _BUSINESS] = None,
        language: Annotated[asked.Language | None, _LANGUAGE] = None,
        tax_number: Annotated[str | None, _TAX_NUMBER] = None,
        new_name: Annotated[str | None, Ask("What are they called?", example="Smith Ltd", free=False)] = None,
    ) -> Reply:
        """Change what was named; with nothing named, offer what can be changed."""
        client = await self._clients.named(call, name)
        given = {
            "name": new_name, "contact": contact, "address": address, "business": business,
            "country": country and rules.read_country(country), "note": note, "tax_number": tax_number,
            "language": language.value if language is not None else None,
            "currency": currency and rules.read_currency(currency), "terms": terms_ and _terms(terms_, call),
        }  # fmt: skip
        values = {key: value for key, value in given.items() if value is not None}
        if not values:
            return await self.edit_pressed(call, client.id)
        kept = await self._clients.change(call, client.id, lambda it: replace(it, **values))  # type: ignore[arg-type]  # named as its fields
        return client_cards.changed(kept, "Changed:")

    @action("edit")
    async def edit_pressed(self, call: Call, client_id: int) -> Reply:
        """What can be changed about them."""
        account = await self._clients.account(call, client_id)
        buttons = tuple(
            Button(field.value.replace("_", " ").capitalize(), action_id("clients.fix", client_id, field))
            for field in ClientField
        )
        return client_cards.changed(account.client, "What shall change about").with_(buttons=buttons)

    @action("fix")
    async def fix(self, call: Call, client_id: int, field: ClientField) -> Reply:
        """Open the form for one of them."""
        client = (await self._clients.account(call, client_id)).client
        parameter = parameters_of(ClientsCog.set_field, keyword_only=True)[0]
        now = getattr(client, field.value)
        text = {True: "yes", False: "no", None: ""}.get(now, str(now)) if isinstance(now, bool) or now is None else now
        return Reply(
            form=Form(
                title=f"{client.name}: {field.value.replace('_', ' ')}"[:45],
                fields=(parameter,),
                then=action_id("clients.set_field", client_id, field),
                values={parameter.name: text} if text else {},
            )
        )

    @action("set_field", title="Change it")
    async def set_field(
        self, call: Call, client_id: int, field: ClientField, *, value: Annotated[LongText, asked.VALUE]
    ) -> Reply:
        """Another value; "none" takes it away."""
        try:
            read = _read(field, value, call)
        except Misread as fault:
            fault.field = "value"
            raise
        kept = await self._clients.change(call, client_id, lambda it: replace(it, **{field.value: read}))  # type: ignore[arg-type]  # see _read
        return client_cards.changed(kept, "Changed:")

    @command("client remove", "Take a client off your list", aliases=("client delete",), example="/client remove Smith")
    async def remove(self, call: Call, name: Annotated[str, _KNOWN]) -> Reply:
        """Off the list; ten minutes to change one's mind."""
        return await self.remove_pressed(call, (await self._clients.named(call, name)).id)

    @action("remove")
    async def remove_pressed(self, call: Call, client_id: int) -> Reply:
        """Off the list."""
        client = await self._clients.remove(call, client_id)
        return Reply(lines=(line("Removed: ", client.name, ". Invoices to them stay."),))

    @action("restore")
    async def restore(self, call: Call, client_id: int) -> Reply:
        """Back on the list."""
        return client_cards.changed(await self._clients.restore(call, client_id), "Back:")

    @action("invoice", title="Invoice them")
    async def invoice(
        self,
        call: Call,
        client_id: int,
        *,
        amount: Annotated[str, Ask("How much?", label="Amount", example="450", max_length=40)],
        what: Annotated[str | None, asked.WHAT] = None,
        due: Annotated[str | None, asked.DUE] = None,
    ) -> Reply:
        """A new invoice for them."""
        wanted = Wanted(client=f"C{client_id}", amount=amount, what=what, due=due)
        return cards.made(await self._service.new(call, wanted))

    # --- statements and sums ------------------------------------------------------------------------------------------

    @command("client statement", "A client's account as a PDF or CSV", example="/client statement Smith")
    async def statement(
        self,
        call: Call,
        name: Annotated[str, _KNOWN],
        format_: Annotated[Format | None, Ask("Which file, pdf or csv?", label="Format")] = None,
    ) -> Reply:
        """Everything that was sent, what came in, and what is open by age; one file for each currency."""
        return await self.statement_pressed(call, (await self._clients.named(call, name)).id, format_ or Format.PDF)

    @action("statement")
    async def statement_pressed(self, call: Call, client_id: int, format_: Format) -> Reply:
        """The files."""
        found = await self._clients.statement(call, client_id)
        files = []
        for currency, rows in found.rows.items():
            name = f"statement-{found.client.ref}-{currency}-{found.today.isoformat()}"
            if format_ is not Format.PDF:
                files.append(Upload(f"{name}.csv", sheets.statement_csv(rows), "text/csv"))
                continue
            sheet = paper.Sheet(
                invoice=found.invoices[currency], client=found.client, billing=found.billing,
                name=found.billing.name or found.name, locale=call.locale,
            )  # fmt: skip
            age = found.ages.get(currency)
            printed = await offline(
                paper.statement_pdf, sheet, rows, age.buckets if age is not None else (), found.today, call.now
            )
            files.append(Upload(f"{name}.pdf", printed.pdf, "application/pdf"))
        return client_cards.statement(found.client, tuple(files))

    @command("invoice ageing", "What is owed to you, by how late it is", aliases=("invoice aging",))
    async def ageing(self, call: Call) -> Reply:
        """By age, for each currency."""
        return client_cards.ageing(await self._clients.ageing(call))

    @action("ageing")
    async def ageing_pressed(self, call: Call) -> Reply:
        """By age, for each currency."""
        return await self.ageing(call)

    @command("client sharing", "Whether your days to pay help other members", example="/client sharing yes")
    async def sharing(
        self, call: Call, share: Annotated[bool | None, Ask("Shall your days to pay count?", label="Share")] = None
    ) -> Reply:
        """Opt in or out; off until you say so."""
        if share is None:
            return client_cards.sharing((await self._service.billing(call)).shares_days)
        return await self.share(call, share)

    @action("share")
    async def share(self, call: Call, on: bool) -> Reply:
        """Opt in or out."""
        await self._clients.share_days(call, on)
        return client_cards.sharing(on)


def _terms(text: str, call: Call) -> str:
    """Terms that can be read later; those that hang on a gig are taken as they are."""
    said = text.strip()
    terms.due_on(
        said, rules.today(call.now, call.zone), call, worked_on=rules.today(call.now, call.zone), field="terms"
    )
    return said


def _read(field: ClientField, text: str, call: Call) -> object:
    said = text.strip()
    if said.casefold() in ("none", "-") and field is not ClientField.NAME:
        return None
    match field:
        case ClientField.TERMS:
            return _terms(said, call)
        case ClientField.CURRENCY:
            return rules.read_currency(said)
        case ClientField.COUNTRY:
            return rules.read_country(said)
        case ClientField.BUSINESS:
            if said.casefold() in ("yes", "y", "business", "company", "true"):
                return True
            if said.casefold() in ("no", "n", "private", "person", "false"):
                return False
            raise Misread(f"I could not read “{said[:30]}” as yes or no.", example="yes")
        case ClientField.LANGUAGE:
            code = asked.LANGUAGE_ALSO.get(said.casefold(), said.casefold()[:2])
            if code not in set(asked.Language):
                raise Misread(f"I write English, German, Spanish and French, not “{said[:30]}”.", example="de")
            return code
        case ClientField.NAME:
            return " ".join(said.split())[:120]
    return said[:500]
