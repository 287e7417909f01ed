"""Changing a post: by `/gig edit`, by Fix and More details, and the same gig again for another chair."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from cogs.gigs import asked, cards, fields, paid, typed
from cogs.gigs.cog import GigsCog
from cogs.gigs.details import Details, check_time
from cogs.gigs.fields import CLEARING, NEEDED, GigField
from cogs.gigs.service import GigService
from cogs.gigs.suggesting import Suggesting
from cogs.kit.action import action as action_id
from cogs.kit.ask import TIMES, Ask, Parameter, parameters_of
from cogs.kit.call import Call
from cogs.kit.cog import Cog, action, command
from cogs.kit.faults import Conflict, Misread
from cogs.kit.form import Choice, Form
from cogs.kit.reading import clean, read
from cogs.kit.reply import Button, Reply
from cogs.kit.tools import Tools
from cogs.kit.words import Code, Line, line
from storage.records.fee import Fee

_PARAMETERS = {parameter.name: parameter for parameter in parameters_of(GigsCog.post)}
#: What Fix offers: what every post says, and what else this one says. What it does not say is under More details.
_ALWAYS = (GigField.WHEN, GigField.WHERE, GigField.FEE, GigField.ROLE)

_NEW = Ask("What should it say now, or a dash for nothing?", label="New value", max_length=300)
_WHICH_FIELD = Ask("What do you want to change?", label="Field", also={"kind": "type"})
NewValue = Annotated[str, _NEW]
_ITS_FEE = Ask("What does that chair pay? Skip: the same", label="Fee", example="£220", hint="fee_hint")


class FixCog(Cog, name="fix", topic="Gigs"):
    """Change any field of a post, or several at once."""

    def __init__(self, tools: Tools) -> None:
        self._open_work = tools.open_work
        self._service = GigService(tools)
        self._suggest = Suggesting(tools)

    @command("gig edit", "Change your gig; whoever answered is told", example="/gig edit G12 fee £240")
    async def edit(
        self,
        call: Call,
        id_: asked.Mine,
        field: Annotated[GigField | None, _WHICH_FIELD] = None,
        value: Annotated[str | None, _NEW] = None,
        clock: asked.Clock = None,
    ) -> Reply:
        """Old and new go to everybody concerned; who is in says "got it" again when time, place or fee change.

        With nothing but the id: all of it as one form.
        """
        if field is None:
            if value is not None:
                choices = tuple(Choice(one.label, one.value) for one in GigField)
                raise Misread("What of it do you want to change?", choices=choices, field="field")
            return await self.whole(call, id_)
        if value is None:
            return await self.field(call, id_, field)
        return await self._change(call, id_, field, value, clock)

    @action("whole")
    async def whole(self, call: Call, gig_id: int) -> Reply:
        """Everything the post says, in one form."""
        gig = await self._service.mine_to_change(call, gig_id)
        said = {field.value: fields.typed(gig, field, call) for field in GigField}
        return Reply(
            form=Form(
                title=f"Change {gig.ref}",
                fields=parameters_of(FixCog.rewrite, keyword_only=True),
                then=action_id("fix.rewrite", gig_id),
                values={name: text for name, text in said.items() if text},
                fixing=True,
            )
        )

    @action("rewrite", title="Change a gig")
    async def rewrite(
        self,
        call: Call,
        gig_id: int,
        *,
        when: asked.When,
        where: asked.Where,
        fee: asked.Pay,
        role: asked.Chair,
        seats: asked.Seats = None,
        type_: asked.Kind = None,
        what: asked.What = None,
        length: asked.Length = None,
        call_time: asked.CallTime = None,
        reply_by: asked.ReplyBy = None,
        pays: asked.Pays = None,
        pay_by: asked.PayBy = None,
        extras: asked.Extras = None,
        usage: asked.UsageTerms = None,
        credit: asked.Credit = None,
        union: asked.Union = None,
        cancellation: asked.Cancellation = None,
        clock: asked.Clock = None,
    ) -> Reply:
        """Take in whatever is different; a field that was emptied is unsaid from now on."""
        gig = await self._service.mine_to_change(call, gig_id)
        values: dict[GigField, object] = {
            GigField.WHEN: when,
            GigField.WHERE: where,
            GigField.FEE: fee,
            GigField.ROLE: role,
            GigField.SEATS: seats or 1,
            GigField.TYPE: type_,
            GigField.WHAT: what,
            GigField.LENGTH: length,
            GigField.CALL_TIME: call_time,
            GigField.REPLY_BY: reply_by,
            GigField.PAYS: pays,
            GigField.PAY_BY: pay_by,
            GigField.EXTRAS: extras,
            GigField.USAGE: usage,
            GigField.CREDIT: credit,
            GigField.UNION: union,
            GigField.CANCELLATION: cancellation,
        }
        changed = fields.rewritten(gig, values, call, clock=clock)
        return cards.changed(await self._service.edit(call, changed, fields.differences(gig, changed)), call)

    @action("menu")
    async def menu(self, call: Call, gig_id: int) -> Reply:
        """What there is to change about what was said."""
        gig = await self._service.mine_to_change(call, gig_id)
        said = [field for field in GigField if field in _ALWAYS or fields.is_said(gig, field)]
        return cards.field_menu(gig, [(f.value, f.label) for f in said], f"What shall I change about {gig.ref}?")

    @action("more")
    async def more(self, call: Call, gig_id: int) -> Reply:
        """What could be said besides."""
        gig = await self._service.mine_to_change(call, gig_id)
        unsaid = [field for field in GigField if field not in _ALWAYS and not fields.is_said(gig, field)]
        if gig.seats == 1:
            unsaid.append(GigField.SEATS)
        if gig.span.whole_days:
            unsaid = [field for field in unsaid if field is not GigField.LENGTH]
        return cards.field_menu(
            gig, [(f.value, f.label) for f in unsaid], f"What else is there to say about {gig.ref}?"
        )

    @action("field")
    async def field(self, call: Call, gig_id: int, field: GigField) -> Reply:
        """Ask for the new value, with the present one in the form; where there are few values, as buttons."""
        gig = await self._service.mine_to_change(call, gig_id)
        parameter = _PARAMETERS[field.value]
        choices = parameter.choices()
        if choices:
            buttons = [Button(c.label[:38], action_id("fix.choose", gig_id, field, c.value)) for c in choices]
            if fields.is_said(gig, field):
                buttons.append(Button("Leave it unsaid", action_id("fix.choose", gig_id, field, "-")))
            return Reply(lines=(line(parameter.ask.question),), buttons=tuple(buttons))
        now_text = fields.typed(gig, field, call)
        return Reply(
            lines=(line(Code(gig.ref), f", {field.label.casefold()}: ", now_text or "not said yet", "."),),
            form=Form(
                title=f"{gig.ref}: {field.label.casefold()}",
                fields=parameters_of(FixCog.write, keyword_only=True),
                then=action_id("fix.write", gig_id, field),
                values={"value": now_text} if now_text else {},
            ),
        )

    @action("write", title="Change a gig")
    async def write(
        self, call: Call, gig_id: int, field: GigField, *, value: NewValue, clock: asked.Clock = None
    ) -> Reply:
        """Take the new value in."""
        return await self._change(call, gig_id, field, value, clock)

    @action("choose")
    async def choose(self, call: Call, gig_id: int, field: GigField, value: str) -> Reply:
        """Take a value in that was tapped."""
        return await self._change(call, gig_id, field, value, None)

    async def _change(self, call: Call, gig_id: int, field: GigField, text: str, clock: str | None) -> Reply:
        gig = await self._service.mine_to_change(call, gig_id)
        changed = fields.with_value(gig, field, _value(field, text, call), call, clock=clock)
        return cards.changed(await self._service.edit(call, changed, fields.differences(gig, changed)), call)

    @action("another", title="Another chair for the same gig")
    async def another(
        self,
        call: Call,
        gig_id: int,
        *,
        role: asked.Chair,
        fee: Annotated[Fee | None, _ITS_FEE] = None,
        below: asked.Below = None,
    ) -> Reply:
        """Post the same gig for another chair, as a post of its own."""
        gig = await self._service.mine_to_change(call, gig_id)
        reply_by = gig.reply_by if gig.reply_by is not None and gig.reply_by > call.now else None
        check_time(gig.span, call, field="role")
        details = Details(
            role=role.id,
            seats=1,
            span=gig.span,
            call_time=gig.call_time,
            where=gig.where,
            country=gig.country,
            fee=fee or gig.fee,
            kind=gig.kind,
            what=gig.what,
            terms=gig.terms,
            reply_by=reply_by,
            audience=gig.audience,
        )
        posted = await self._service.post(call, details, below=below, community_id=gig.community_id)
        return cards.posted(posted, call)

    async def fee_hint(self, call: Call, values: Mapping[str, str], gig_id: int) -> Line:
        """What members were paid in another chair of the same gig, beside the question for its fee."""
        role = typed.so_far(tuple(_PARAMETERS.values()), "role", values, call)
        if role is None:
            return ()
        gig = await self._service.mine_to_change(call, gig_id)
        return await paid.before_a_post(self._open_work, call, gig.community_id, role.id, gig.kind, gig.where)

    async def chairs(self, call: Call, typed: str) -> Sequence[Choice]:
        """Chairs while somebody types."""
        return self._suggest.chairs(typed)

    async def own_gigs(self, call: Call, typed: str) -> Sequence[Choice]:
        """The caller's own posts."""
        return await self._suggest.own_gigs(call, typed)


def _value(field: GigField, text: str, call: Call) -> Any:
    """The typed text as the field's value; None clears it. Raises Misread for the field `value`."""
    parameter: Parameter = _PARAMETERS[field.value]
    if clean(text).casefold() in CLEARING and field not in NEEDED and not _is_choice(parameter, text):
        return None
    if parameter.kind in TIMES and call.zone is None:
        raise Conflict("I do not know your time zone yet.", how="Tell me once: /me zone Leeds")
    try:
        return read(parameter, text, call)
    except Misread as fault:
        fault.field = "value"
        raise


def _is_choice(parameter: Parameter, text: str) -> bool:
    """Whether the word is one of the field's own values: a usage of "none" is said, not unsaid."""
    return any(text.strip().casefold() == choice.value for choice in parameter.choices())
