"""``lookups/english.yml``: how regions and departments are called in English."""

from builder.settings.loading import Entry, Line


class English(Entry):
    """``names`` are regions with a name of their own in English; ``endings`` what a name ends in (区: District), ``peoples``
    those that an autonomous place is named after; ``departments`` what a department's name holds."""

    names: dict[Line, Line]
    endings: dict[Line, Line]
    peoples: dict[Line, Line]
    departments: dict[Line, Line]
