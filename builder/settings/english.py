"""``lookups/english.yml``: how regions and departments are called in English, and our own words within messages."""

from builder.settings.loading import Entry, Line


class English(Entry):
    """``names`` are regions with a name of their own in English; ``endings`` what a name ends in (区: District), ``peoples``
    those that an autonomous place is named after; ``departments`` what a department's name holds; ``messages`` the words
    that the program, not a document, puts into the message of a finding."""

    names: dict[Line, Line]
    endings: dict[Line, Line]
    peoples: dict[Line, Line]
    departments: dict[Line, Line]
    messages: dict[Line, Line]
