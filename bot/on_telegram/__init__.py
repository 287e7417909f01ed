"""Telegram: private chats, groups, topics and channels, as python-telegram-bot meets the Bot API.

Nothing of a conversation is kept here. Questions are draft rows, buttons carry action ids, deep links carry tokens of
rows, so any process can take the next update. python-telegram-bot's own `ConversationHandler`, persistence and job
queue would keep state in memory and need updates one by one; its rate limiter stops every send when one chat is told to
wait. The courier keeps the pace instead, and replies to people never wait for it.

An update comes in through `application` (polled) or `webhook` (pushed), is put in order by `updates`, and goes to
`commands` or `presses`; `answers` decides who may see what comes back and where; `render` draws it; `sender` sends it.
"""
