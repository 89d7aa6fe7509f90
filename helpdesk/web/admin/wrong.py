"""What a field says when what was typed is no value of it."""


class Wrong(ValueError):
    """The text says what to do; the page translates it."""
