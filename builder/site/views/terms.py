"""The glossary where its words stand: a label explains itself the first time that a page prints it."""

from dataclasses import dataclass

from builder.site.facts import Facts
from builder.site.paths import Here


@dataclass(frozen=True, slots=True)
class Word:
    """A label; ``plain`` is empty where the glossary does not know it, or the page has explained it already."""

    text: str
    plain: str = ""
    anchor: str = ""
    glossary: str = ""


class FirstUses:
    """Hands out the labels of one page in the order in which it prints them; each term is explained once."""

    def __init__(self, facts: Facts, here: Here) -> None:
        self._here = here
        self._terms = {spelling: entry for entry in facts.terms.values() for spelling in (entry.term, *entry.aliases)}
        self._explained: set[str] = set()

    def word(self, text: str) -> Word:
        entry = self._terms.get(text)
        if entry is None or entry.term in self._explained:
            return Word(text)
        self._explained.add(entry.term)
        anchor = term_anchor(entry.term)
        return Word(text, entry.plain, anchor, self._here.about(f"#{anchor}"))


def term_anchor(term: str) -> str:
    return f"g-{term}"
