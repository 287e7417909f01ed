"""The list of cogs, in menu order. Taking a feature out of the house is its folder and its lines here."""

from __future__ import annotations

from cogs.availability.calendars_cog import CalendarsCog
from cogs.availability.cog import AvailCog
from cogs.availability.polls_cog import PollsCog
from cogs.availability.who_cog import WhoCog
from cogs.boards.cog import BoardsCog
from cogs.firstcall.cog import FirstCallCog
from cogs.gigs.answers_cog import AnswersCog
from cogs.gigs.cog import GigsCog
from cogs.gigs.find_cog import FindCog
from cogs.gigs.fix_cog import FixCog
from cogs.gigs.moderated import ModeratedBoard
from cogs.gigs.offers_cog import OffersCog
from cogs.gigs.referrals_cog import ReferralsCog
from cogs.home.cog import HomeCog
from cogs.home.privacy import PrivacyCog
from cogs.invoices.chase_cog import ChasingCog
from cogs.invoices.clients_cog import ClientsCog
from cogs.invoices.cog import InvoicesCog
from cogs.invoices.edit_cog import InvoiceEditCog
from cogs.kit.cog import Cog
from cogs.kit.tools import Tools
from cogs.moderation.cog import ModCog
from cogs.profile.cog import ProfileCog
from cogs.profile.link_cog import LinkCog
from cogs.profile.settings import SettingsCog
from cogs.rates.cog import RatesCog
from cogs.rates.facts_cog import RateFactsCog
from cogs.rates.quote_cog import QuoteCog
from cogs.reminders.changing import RemindSetCog
from cogs.reminders.cog import RemindersCog
from cogs.setup.cog import SetupCog
from cogs.setup.community_cog import CommunityCog
from cogs.setup.log_cog import LogCog
from cogs.setup.rights_cog import RightsCog
from cogs.wellness.break_cog import BreaksCog
from cogs.wellness.checkin_cog import CheckInCog
from cogs.wellness.hearing_cog import HearingCog
from cogs.wellness.rest_cog import RestCog
from cogs.wellness.together_cog import TogetherCog

#: Other first words of commands, with the one they stand for: American and British trade words.
GROUP_ALIASES = {"sub": "dep"}


def furnish(tools: Tools) -> tuple[Cog, ...]:
    """Every cog, made with what the program has to offer."""
    cogs: list[Cog] = []  # help and good-byes concern all of them, themselves included
    cogs += (
        GigsCog(tools),
        FixCog(tools),
        AnswersCog(tools),
        FindCog(tools),
        ReferralsCog(tools),
        OffersCog(tools),
        FirstCallCog(tools),
        AvailCog(tools),
        WhoCog(tools),
        PollsCog(tools),
        CalendarsCog(tools),
        InvoicesCog(tools),
        InvoiceEditCog(tools),
        ChasingCog(tools),
        ClientsCog(tools),
        ProfileCog(tools),
        SettingsCog(tools),
        LinkCog(tools),
        RatesCog(tools),
        RateFactsCog(tools),
        QuoteCog(tools),
        RemindersCog(tools),
        RemindSetCog(tools),
        SetupCog(tools),
        CommunityCog(tools),
        LogCog(tools),
        BoardsCog(tools),
        ModCog(tools, ModeratedBoard()),
        RightsCog(tools),
        BreaksCog(tools),
        TogetherCog(tools),
        HearingCog(tools),
        RestCog(tools),
        CheckInCog(tools),
        PrivacyCog(tools, lambda: cogs),
        HomeCog(tools, lambda: cogs),
    )
    return tuple(cogs)
