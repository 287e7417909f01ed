"""What work really paid, told by a community to itself; what bodies publish; and one's own quotes and floor.

Nothing here tells anybody what to charge. A community's figures say what was paid, always with how many people said so;
a published figure says whose it is, from when, and where it is printed. Currencies are never mixed, and a published
figure is never raised, halved or averaged.

The privacy of community figures is in `privacy`, with its reasons and its limits; read that before changing anything
about who sees which number. `batches` decides when numbers change. Everything else only looks at finished figures: no
command ever counts reports while somebody waits for the answer, so that the answer cannot depend on who asks or when.
"""
