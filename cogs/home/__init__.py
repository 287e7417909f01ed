"""The front step: hello, the tour of four taps, help, and everything about leaving again.

`HomeCog` greets, shows round and helps; its pages are built from the catalogue, so that a feature added or taken out
changes them by itself. `PrivacyCog` says what is kept, hands it over and erases it.

Being forgotten takes three steps, because a proof must reach somebody who by then is nobody:
1. The wish is kept as a notice that falls due after the grace. Calling it off is cancelling that notice.
2. When it ends, whichever way (it is never sent), the follow-up erases the person from every table, looks for traces by
   the foreign keys, keeps the bare address under a new and nameless person, and addresses the proof to it: all in the
   one transaction that also records the notice as done, so it happens once or not at all. A follow-up that fails is
   not run again by the courier, so the wish is kept twice more, for later; the first that succeeds erases the others.
3. When the proof was delivered, or could not be for a day, its follow-up erases the address, unless its owner has come
   back meanwhile and made themselves at home.
The receipt stays in the program's own values: what was erased and when, nothing about whom.
"""
