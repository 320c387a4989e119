"""The one fault a reader raises."""


class UnreadableError(Exception):
    """A file that cannot be read as a disclosure document.

    The message is Chinese and complete: what happened, and what to do about it. It names no path; the caller does.
    """
