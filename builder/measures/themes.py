"""Which themes of life a project belongs to, by the words of ``data/themes.yml`` over what its form prints.

A word in the name or in the promise is enough; in the goal and the names of indicators it must stand twice, as goals
mention much in passing. Themes overlap on purpose and are never added up.
"""

from collections.abc import Mapping, Sequence

from builder.dataset.rows import Project, Tables, group
from builder.measures import terms
from builder.measures.promise import Promise
from builder.settings.answers import Theme
from builder.text import fold

ENOUGH = 2


def find(tables: Tables, promises: Mapping[str, Promise], themes: Sequence[Theme]) -> dict[str, tuple[str, ...]]:
    """The ids of each project's themes, in the order of the file; a department's whole budget has none."""
    indicators = group(terms.own(tables.indicators), lambda row: row.project_id)
    found = {}
    for row in tables.projects:
        if row.form_type != terms.WHOLE_DEPARTMENT:
            promised = promises.get(row.project_id)
            first = [fold(text) for text in (row.name, *((promised.text,) if promised else ()))]
            others = [fold(text) for text in (row.goal or "", *(i.name for i in indicators.get(row.project_id, ())))]
            found[row.project_id] = tuple(theme.theme_id for theme in themes if _belongs(first, others, theme))
    return found


def _belongs(first: Sequence[str], others: Sequence[str], theme: Theme) -> bool:
    return any(_has(text, theme) for text in first) or sum(_has(text, theme) for text in others) >= ENOUGH


def in_name(project: Project, theme: Theme) -> bool:
    """Whether the theme is in the project's very name."""
    return _has(fold(project.name), theme)


def _has(folded: str, theme: Theme) -> bool:
    """Whether one of the theme's words is left once what it is not is taken out."""
    for word in theme.words:
        if word in folded:
            break
    else:
        return False
    for other in theme.not_:
        folded = folded.replace(other, " ")
    return any(word in folded for word in theme.words)
