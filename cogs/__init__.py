"""The rooms: what the bot can do, in nobody's SDK. One folder a feature; features are strangers to each other."""
