"""The small web surface: is it alive, is it well, figures, calendar feeds, and Telegram's webhook.

It listens on loopback unless told otherwise, behind a proxy that speaks TLS. It knows no feature: feeds and the webhook
are functions handed in by `bot.app`. A secret in an address is looked up by its hash, so that neither a timing nor a
copy of the database gives one away. Whoever watches gets an answer within two seconds, above all when the database
hangs, and a word for what is wrong but no reason: that one stands in the log. Whoever keeps it waiting is cut (`door`).
"""
