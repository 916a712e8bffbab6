"""What all wings refuse alike: something that its author can mend."""


class Refusal(Exception):
    """What cannot be done, where, and what to do: one line a fault, in words for whoever has to mend it."""
