"""The statements of `notices` and `notice_queue`, for both engines. Why they look so stands with the methods."""

from __future__ import annotations

from storage.records.notice import REFRESH, Lane, Outcome
from storage.stores.raw import Raw

# --- claiming ---------------------------------------------------------------------------------------------------------

#: The columns of a claimed notice, in the order in which `notice_queue` reads them.
CLAIMED = (
    "id, kind, platform, dest, person_id, channel_id, args, lane, due_at, expires_at, attempt, owner, key, topic, "
    "urgent, series_id, occurrence, doubtful, bundle"
)
#: A row that still has an owner was claimed and never reported on, so it may have been sent.
_TAKE = "next_at = :until, attempt = attempt + 1, doubtful = (doubtful OR owner IS NOT NULL), owner = :owner"

#: Where the reader is known, their index is the one to use; a plain comparison would tempt SQLite to the one by time.
_OF_PLATFORM = "platform || '' = :platform"

#: What is due and was set back to keep a distance in its chat. Tried before and without trouble: by a run that died.
_SET_BACK = "owner IS NULL AND (attempt = 0 OR trouble IS NULL) AND due_at <= :now"


def _claiming(condition: str, due: str = "next_at <= :now") -> Raw:
    """Claims the first `:n` rows of `condition` that are due, in one statement on either engine."""
    return Raw(
        "UPDATE notices SET {take} WHERE id IN ({chosen}) RETURNING {columns}",
        "WITH due AS MATERIALIZED ({chosen} FOR UPDATE SKIP LOCKED) UPDATE notices SET {take} FROM due "
        "WHERE notices.id = due.id RETURNING {qualified}",
        chosen="SELECT id FROM notices WHERE {condition} AND {due} ORDER BY next_at LIMIT :n",
        condition=condition,
        due=due,
        of_platform=_OF_PLATFORM,
        take=_TAKE,
        columns=CLAIMED,
        qualified=", ".join(f"notices.{name}" for name in CLAIMED.split(", ")),
    )


CLAIM = _claiming("platform = :platform AND lane = :lane")
#: What was set back for a moment is taken along, in order, by whatever goes to its chat now.
_COMPANY = f"next_at IS NOT NULL AND (next_at <= :now OR next_at <= :soon AND {_SET_BACK})"
CLAIM_OF_PEOPLE = _claiming("{of_platform} AND person_id IN list(:readers)", _COMPANY)
CLAIM_OF_CHANNELS = _claiming("{of_platform} AND channel_id IN list(:readers)", _COMPANY)
CLAIM_BUNDLES_OF_PEOPLE = _claiming("{of_platform} AND person_id IN list(:readers) AND bundle IN list(:bundles)")
CLAIM_BUNDLES_OF_CHANNELS = _claiming("{of_platform} AND channel_id IN list(:readers) AND bundle IN list(:bundles)")

NEXT = Raw(
    " UNION ALL ".join(
        "SELECT {lane} AS lane, MIN(next_at) AS next_at FROM notices WHERE platform = :platform AND lane = {lane} "
        "AND next_at IS NOT NULL".replace("{lane}", str(int(lane)))
        for lane in Lane
    )
)
RETAKE = Raw(
    "UPDATE notices SET next_at = CASE WHEN due_at < :now THEN due_at ELSE :now END "  # before what fell due later
    "WHERE platform = :platform AND lane = :lane AND next_at > :now AND next_at <= :until "
    "AND ({of} OR {set_back})",
    of="owner IS NOT NULL AND (CAST(:owner AS TEXT) IS NULL OR owner = :owner)",
    set_back=_SET_BACK,
)
#: `next_at` in the past too: whose claim has ended meanwhile. The one by time serves, and is read once after trouble.
DISOWN = Raw(
    "UPDATE notices SET next_at = CASE WHEN due_at < :now THEN due_at ELSE :now END, owner = NULL, "
    "attempt = attempt - 1 WHERE platform = :platform AND lane = :lane AND next_at <= :until AND owner = :owner"
)
_BUSY = (
    "SELECT DISTINCT {reader} FROM notices WHERE {reader} IN list(:readers) AND {of_platform} AND next_at > :now "
    "AND next_at <= :until AND owner IS NOT NULL AND kind <> '{refresh}' AND NOT (id IN list(:besides))"
)
BUSY_PEOPLE = Raw(_BUSY, reader="person_id", of_platform=_OF_PLATFORM, refresh=REFRESH)
BUSY_CHANNELS = Raw(_BUSY, reader="channel_id", of_platform=_OF_PLATFORM, refresh=REFRESH)
BUNDLE = Raw("UPDATE notices SET bundle = :bundle WHERE id = :id AND owner = :owner AND attempt = :attempt")

# --- reporting --------------------------------------------------------------------------------------------------------

ACK = Raw(
    "UPDATE notices SET next_at = NULL, owner = NULL, bundle = NULL, ended_at = :now, "
    "message_id = json_extract(ended.value, '$[2]'), result = json_extract(ended.value, '$[3]'), "
    "trouble = json_extract(ended.value, '$[4]') FROM json_each(:reports) AS ended "
    "WHERE notices.id = json_extract(ended.value, '$[0]') AND owner = :owner "
    "AND attempt = json_extract(ended.value, '$[1]') RETURNING notices.id",
    "UPDATE notices SET next_at = NULL, owner = NULL, bundle = NULL, ended_at = :now, message_id = ended.message, "
    "result = ended.result, trouble = ended.trouble FROM (SELECT CAST(value ->> 0 AS BIGINT) AS id, "
    "CAST(value ->> 1 AS INTEGER) AS attempt, value ->> 2 AS message, value ->> 3 AS result, value ->> 4 AS trouble "
    "FROM jsonb_array_elements(CAST(:reports AS JSONB))) AS ended "
    "WHERE notices.id = ended.id AND notices.owner = :owner AND notices.attempt = ended.attempt RETURNING notices.id",
)
PUT_BACK = Raw(
    "UPDATE notices SET next_at = :next_at, owner = NULL, attempt = attempt - CAST(:uncounted AS INTEGER), "
    "doubtful = (doubtful OR CAST(:doubtful AS BOOLEAN)), trouble = COALESCE(CAST(:trouble AS TEXT), trouble) "
    "WHERE id = :id AND owner = :owner AND attempt = :attempt"
)
_POSTPONE = (
    "UPDATE notices SET next_at = CAST(:first AS BIGINT) + CAST(:step AS BIGINT) * slots.place "
    "FROM (SELECT id, row_number() OVER (ORDER BY lane, next_at, id) - 1 AS place FROM notices "
    "WHERE {reader} = :reader AND {of_platform} AND next_at <= :now AND owner IS NULL) AS slots "
    "WHERE notices.id = slots.id"
)
POSTPONE_PERSON = Raw(_POSTPONE, reader="person_id", of_platform=_OF_PLATFORM)
POSTPONE_CHANNEL = Raw(_POSTPONE, reader="channel_id", of_platform=_OF_PLATFORM)
_CLOSE = (
    "UPDATE notices SET next_at = NULL, owner = NULL, ended_at = :now, result = :result, trouble = :reason "
    "WHERE {which} AND {of_platform} AND next_at IS NOT NULL AND owner IS NULL AND series_id IS NULL"
)
CLOSE_CHANNEL = Raw(_CLOSE, which="channel_id = :reader", of_platform=_OF_PLATFORM)
CLOSE_CARDS = Raw(_CLOSE, which="person_id = :reader AND kind = '{refresh}'", refresh=REFRESH, of_platform=_OF_PLATFORM)
REOPEN_CHANNEL = Raw(
    "UPDATE notices SET next_at = :now, owner = NULL, bundle = NULL, attempt = 0, ended_at = NULL, result = NULL, "
    "trouble = NULL WHERE channel_id = :channel AND result = '{refused}' AND expires_at > :now "
    "AND series_id IS NULL",
    refused=Outcome.REFUSED,
)
OPENED = Raw(
    "UPDATE notices SET dest = :dest WHERE person_id = :person AND platform = :platform AND next_at IS NOT NULL "
    "AND dest IS NULL"
)
CHANNEL_TROUBLE = Raw("UPDATE channels SET trouble = CAST(:reason AS TEXT) WHERE id = :channel")

# --- asking -----------------------------------------------------------------------------------------------------------

LATEST = Raw(
    "SELECT series_id, MAX(occurrence) FROM notices WHERE series_id IN list(:series) AND next_at IS NOT NULL "
    "AND due_at <= :now GROUP BY series_id"
)
HIGHEST = Raw("SELECT MAX(ended_at) FROM notices WHERE next_at IS NULL")
READERS = Raw(
    "SELECT people.id, people.locale, people.zone, people.plain_text, people.quiet_from, people.quiet_to, "
    "identities.account, identities.dm, identities.unreachable FROM people LEFT JOIN identities "
    "ON identities.person_id = people.id AND identities.surface = :platform WHERE people.id IN list(:people) "
    "ORDER BY identities.unreachable IS NOT NULL DESC, identities.seen_at"
)
SWITCHES = Raw(
    "SELECT person_id, name, value FROM person_settings WHERE person_id IN list(:people) "
    "AND (name LIKE 'notify.%' OR name LIKE 'night.%')"
)
PLACES = Raw(
    "SELECT channels.id, channels.address, channels.trouble, communities.locale, communities.zone, communities.active "
    "FROM channels JOIN communities ON communities.id = channels.community_id WHERE channels.id IN list(:channels)"
)

# --- keeping ----------------------------------------------------------------------------------------------------------

#: The columns of a new notice, in the order in which `notices` hands their values over.
_WRITTEN = {
    "platform": "TEXT",
    "dest": "TEXT",
    "person_id": "BIGINT",
    "channel_id": "BIGINT",
    "lane": "INTEGER",
    "kind": "TEXT",
    "subject": "TEXT",
    "args": "TEXT",
    "key": "TEXT",
    "topic": "TEXT",
    "urgent": "BOOLEAN",
    "made_at": "BIGINT",
    "due_at": "BIGINT",
    "next_at": "BIGINT",
    "expires_at": "BIGINT",
    "series_id": "TEXT",
    "occurrence": "INTEGER",
}
#: A key that is known is kept out, unless its notice was cancelled: then it is as if this were the first.
_ADD = (
    "INSERT INTO notices ({names}, attempt, doubtful) SELECT {values}, 0, FALSE "
    "WHERE CAST(:series_id AS TEXT) IS NULL OR NOT EXISTS (SELECT 1 FROM notices WHERE series_id = :series_id "
    "AND occurrence = :occurrence AND key <> :key) "
    "ON CONFLICT (key) DO UPDATE SET {fresh}, owner = NULL, ended_at = NULL, result = NULL, trouble = NULL "
    "WHERE notices.result = '{cancelled}'"
)


def _adding(ending: str) -> Raw:
    names = tuple(_WRITTEN)
    return Raw(
        _ADD.replace("{values}", ", ".join(f":{name}" for name in names)) + ending,
        _ADD.replace("{values}", ", ".join(f"CAST(:{name} AS {kind})" for name, kind in _WRITTEN.items())) + ending,
        names=", ".join(names),
        fresh=", ".join(f"{name} = excluded.{name}" for name in (*names, "attempt", "doubtful")),
        cancelled=Outcome.CANCELLED,
    )


ADD = _adding(" RETURNING id")
ADD_MANY = _adding("")
#: Half the time of the one above on SQLite, which prepares every upsert for being undone; it only leaves out.
ADD_MANY_NEW = Raw(
    "INSERT INTO notices ({names}, attempt, doubtful) VALUES ({values}, 0, FALSE) ON CONFLICT DO NOTHING",
    names=", ".join(_WRITTEN),
    values=", ".join(f":{name}" for name in _WRITTEN),
)

REFRESH_CARD = Raw(
    "INSERT INTO notices ({names}, attempt, doubtful) "
    "SELECT surface, address, person_id, channel_id, {lane}, '{refresh}', 'posting_id=' || id, "
    "'{\"card\":\"' || card || '\",\"posting_id\":' || id || ',\"subject_id\":' || subject_id || '}', "
    "'{refresh}:' || id, CAST(NULL AS TEXT), TRUE, CAST(:now AS BIGINT), CAST(:now AS BIGINT), CAST(:now AS BIGINT), "
    "CAST(:expires AS BIGINT), CAST(NULL AS TEXT), 0, 0, FALSE FROM postings "
    "WHERE card = :card AND subject_id = :subject "
    "ON CONFLICT (key) DO UPDATE SET next_at = excluded.next_at, due_at = excluded.due_at, "
    "platform = excluded.platform, dest = excluded.dest, expires_at = excluded.expires_at, "
    # In flight, the attempt goes on counting: the report on the older drawing must not close this newer wish.
    "attempt = CASE WHEN notices.owner IS NULL THEN 0 ELSE notices.attempt END, "
    "owner = NULL, doubtful = FALSE, ended_at = NULL, result = NULL, trouble = NULL",
    names=", ".join(_WRITTEN),
    lane=str(int(Lane.NORMAL)),
    refresh=REFRESH,
)
#: Accounts that take messages, last seen first, and choices of platform; in one question, as every notice asks it.
PERSON_ROUTES = Raw(
    "SELECT person_id, surface AS name, dm AS value, seen_at FROM identities WHERE person_id IN list(:people) "
    "AND unreachable IS NULL UNION ALL "
    "SELECT person_id, name, value, NULL FROM person_settings WHERE person_id IN list(:people) "
    "AND name LIKE 'notify.%' ORDER BY seen_at DESC"
)
CHANNEL_ROUTES = Raw("SELECT id, surface, address FROM channels WHERE id IN list(:channels)")

# --- calling off and moving -------------------------------------------------------------------------------------------

_CANCEL = (
    "UPDATE notices SET next_at = NULL, owner = NULL, ended_at = :now, result = :result "
    "WHERE next_at IS NOT NULL AND {which}"
)
CANCEL_KEY = Raw(_CANCEL, which="key = :key")
CANCEL_SERIES = Raw(_CANCEL, which="series_id = :series")
CANCEL_IDS = Raw(_CANCEL, which="id IN list(:ids)")
FIND = Raw("SELECT id, args FROM notices WHERE kind = :kind AND subject = :subject AND next_at IS NOT NULL")
ANY = Raw("SELECT subject FROM notices WHERE kind = :kind AND subject IS NOT NULL AND next_at IS NOT NULL LIMIT 1")
OPEN_OF_PERSON = Raw(
    "SELECT id, topic, lane, urgent, key, due_at, expires_at, platform FROM notices WHERE person_id = :person "
    "AND next_at IS NOT NULL AND owner IS NULL AND kind <> :refresh"
)
MOVE = Raw(
    "UPDATE notices SET platform = :platform, dest = CAST(:dest AS TEXT), next_at = :next_at, bundle = NULL "
    "WHERE id = :id"
)

# --- how it went ------------------------------------------------------------------------------------------------------

_DELIVERY = (
    "id, kind, key, args, platform, dest, person_id, channel_id, due_at, next_at, attempt, ended_at, result, trouble, "
    "series_id, occurrence"
)
OF_PERSON = Raw(
    "SELECT {columns} FROM notices WHERE person_id = :person AND (next_at IS NOT NULL OR ended_at >= :since) "
    "ORDER BY due_at, id",
    columns=_DELIVERY,
)
GET = Raw("SELECT {columns} FROM notices WHERE id = :id", columns=_DELIVERY)
BY_KEY = Raw("SELECT {columns} FROM notices WHERE key = :key", columns=_DELIVERY)
TROUBLES = Raw(
    "SELECT {columns} FROM notices LEFT JOIN channels ON channels.id = notices.channel_id "
    "WHERE notices.trouble IS NOT NULL AND notices.ended_at >= :since "
    "AND (CAST(:community AS BIGINT) IS NULL OR channels.community_id = :community) "
    "ORDER BY notices.ended_at DESC LIMIT :n",
    columns=", ".join(f"notices.{name}" for name in _DELIVERY.split(", ")),
)
PURGE = Raw(
    "DELETE FROM notices WHERE id IN (SELECT id FROM notices WHERE next_at IS NULL AND ended_at < :before "
    "ORDER BY ended_at LIMIT :n)"
)
