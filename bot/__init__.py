"""The front door: who comes in, who answers. Surfaces draw and collect; the desk routes; no feature by name.

What could go wrong, and what stands against it:

**Somebody who only talks to the bot.** Any id, option and text can be made up. So an action id is a lookup key and
never authority: the handler reads the record again and asks for the right at that moment (`bot.desk.desk`). Text stays
a plain span until a renderer escapes it for its place, the terminal included; CSV defuses formulas
(`cogs.kit.sheets`); SQL is never put together from text, and nothing typed is a pattern. Files have a size each
surface bounds, are fetched only when wanted, and a name is never a path. A page of a calendar, a picture or a time
phrase is read within bounds of its own.

**Somebody who wants to know.** What is private goes to a private message only, and who may not see a thing is told
that there is none: `NotFound` answers alike. Pay figures appear only when nobody can be read off them. Logs and
metrics hold numbers of ours and words of the program, never names, fees, health notes or texts; backups and exports
hold everything and are the operator's and the person's to keep.

**Somebody who wants to be a nuisance.** One person, and one chat, may ask for so much a minute (`bot.desk.flood`);
after one kind word the answer is silence. Sending keeps within each platform's budget and pauses a place that refuses
(`bot.desk.budgets`), so that no flood gets the bot's account blocked. Nothing that a stranger sends grows a table
without bound: see `bot.housekeeping`.

**Somebody on the network.** The web surface listens on loopback, knows five routes, bounds bodies, guesses,
connections and how long a client may keep it waiting, and keeps its figures to those who ask directly (`bot.on_web`).
Calendar addresses are unguessable and looked up by their hash, the webhook's word is compared in constant time.
Platforms are spoken to over TLS only, unless they are on this machine. Calendars that members name are fetched from
public addresses only.

**Somebody who reads a log, a list of processes or a repository.** Tokens come by environment, by file or by a settings
file, show themselves to nobody (`bot.settings.secret`), and are blanked out of every finished log line with its
traceback (`bot.logs`). A scan refuses a commit that holds one.

**A library gone bad.** Every dependency is locked by hash, `make audit` asks about known holes, and the container and
the unit (`bot.unit`) take away what the program does not need: root, capabilities, other people's files, writing
anywhere but its own folder.

What is not defended: whoever runs the program, or reads its disk or database, can read what members keep there.
Nothing is encrypted at rest; use an encrypted disk. A moderator of a community is believed by that community.
"""
