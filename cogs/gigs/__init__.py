"""The gig board: posting, answering, picking, passing on, finding and watching.

Four cogs share the room because they share the card that hangs on the board: `GigsCog` (post, show, edit, close, list),
`AnswersCog` (what players say and whom the poster picks), `ReferralsCog` (passing on, the ledger), `WatchesCog`.

What shaped it:

- Nobody but the poster sees who answered or what they asked for. The card shows how many chairs are left and no more; a
  player who is not picked hears that the gig is filled, not by whom.
- A chair is given away in one conditional statement (`GigStore.take_seat`); everything around it happens in the same
  transaction, notices included, so that nobody is inked without being told.
- A gig's state follows its answers (`rules.state_of`) until somebody closes it; then it stays as they said.
- Every press reads the gig again. A card that hangs in a channel may be a month old and its buttons still answer.
- Over a link a gig hangs on the boards of others too, as a card of its own there (`crossing`). The gig stays one, and
  its poster's; what each board shows is its own moderators' business.
- Somebody who is erased leaves nobody waiting: `leaving` takes cards down, gives chairs back, tells whom it concerns.
- A gig says "unpaid" outright or is paid: unpaid ones never hang in a channel, they go to people who asked for them.
"""
