"""``data/*.yml`` → one frozen ``Settings``: read once, proved whole, handed on. No stage reads these files itself.

Everything that spells, names, maps or decides lives in those files; this room only proves that they are whole: no key is
misspelt, no word belongs to two meanings after folding, no entry names what does not exist.
"""

import re
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from builder.model import Document
from builder.settings import answers, gazetteer, kinds, loading, manifest, places, rules, vocabulary
from builder.settings.answers import HeadlineRule, PromiseRules, Theme, Tile
from builder.settings.english import English
from builder.settings.gazetteer import Gazetteer, Region
from builder.settings.kinds import Issuers, Kinds, Unit
from builder.settings.manifest import Correction, SeriesRule
from builder.settings.package import Policy, policy
from builder.settings.places import Calendar, Census, Sector
from builder.settings.questions import Question, questions
from builder.settings.results import Match, ResultRules, matches
from builder.settings.rules import CheckRules, EventText, FindingCode, Term
from builder.settings.schema import Table, load_schemas
from builder.settings.vocabulary import Labels, OtherKind, Statement, Title, Tokens
from builder.settings.wording import Rules, wording
from builder.text import fold


@dataclass(frozen=True, slots=True, repr=False)
class Settings:
    """Everything that maintainers write, by what it is about. ``data`` is the folder that it was read from."""

    data: Path
    # Which documents there are, and what a person decided of them.
    documents: tuple[Document, ...]
    corrections: tuple[Correction, ...]
    series: tuple[SeriesRule, ...]
    calendar: Calendar
    population: Mapping[str, tuple[Census, ...]]
    # Places and departments.
    regions: Mapping[str, Region]
    gazetteer: Gazetteer
    sectors: Mapping[str, Sector]
    department_names: Mapping[str, str]
    # The vocabulary of forms.
    titles: tuple[Title, ...]
    ends_as_title: Mapping[str, bool]
    other_kinds: tuple[OtherKind, ...]
    ends_as_other_title: Mapping[str, bool]
    is_other_column: Mapping[str, bool]
    form: Labels
    is_section: Mapping[str, bool]
    indicator: Labels
    catalogue: Labels
    task: Labels
    result: Labels
    several_years: tuple[re.Pattern[str], ...]
    catalogue_totals: Set[str]
    furniture: tuple[re.Pattern[str], ...]
    is_furniture: Mapping[str, bool]
    statements: tuple[Statement, ...]
    tokens: Tokens
    units: Mapping[str, Unit]
    kinds: Kinds
    issuers: Issuers
    english: English
    promises: PromiseRules
    # How results are joined and judged.
    results: ResultRules
    matches: tuple[Match, ...]
    themes: tuple[Theme, ...]
    headlines: tuple[HeadlineRule, ...]
    tiles: Mapping[str, Tile]
    # Thresholds, and what readers are told.
    checks: CheckRules
    codes: Mapping[str, FindingCode]
    events: Mapping[str, EventText]
    wording: Rules
    glossary: tuple[Term, ...]
    aliases: tuple[tuple[str, ...], ...]
    # What is published, and how it is called.
    schemas: Mapping[str, Table]
    derived: Mapping[str, Table]
    questions: Mapping[str, Question]
    package: Policy

    @property
    def kept_readings(self) -> Path:
        """The folder of ``cache``."""
        return self.data.parent / ".cache" / "readings"

    @property
    def current_documents(self) -> tuple[Document, ...]:
        """The documents that no later one replaces: those the dataset is made from."""
        replaced = {document.replaces for document in self.documents}
        return tuple(document for document in self.documents if document.document_id not in replaced)

    def with_document(self, document: Document) -> Self:
        """The settings with one more document; its region and those above it are among the regions then."""
        regions = _in_use(self.regions, (document,), self.gazetteer)
        return replace(self, documents=(*self.documents, document), regions=regions)


def _in_use(regions: Mapping[str, Region], documents: Iterable[Document], known: Gazetteer) -> Mapping[str, Region]:
    """The regions, those of the documents, and all that lie above them."""
    used = (*regions, *(document.region_id for document in documents))
    return {**regions, **{part.region_id: part for region_id in used for part in known.chain(region_id)}}


def load(data: Path) -> Settings:
    """Read and prove every maintained file below ``data``. Raises ``SettingsFault``."""
    labels = loading.load(data / "labels.yml", vocabulary.LabelFile)
    followed = places.regions(data / "regions.yml")
    known = gazetteer.load(data / "divisions.csv", followed)
    documents = manifest.documents(data / "sources.yml", data / "sources", known.regions)
    checks = loading.load(data / "checks.yml", CheckRules)
    codes = rules.codes(data / "findings.yml")
    schemas = load_schemas(data / "schemas")
    themes = answers.themes(data / "themes.yml")
    derived = load_schemas(data / "schemas" / "derived", schemas)
    return Settings(
        data=data,
        documents=documents,
        corrections=manifest.corrections(data / "corrections.yml"),
        series=manifest.series(data / "series.yml"),
        calendar=places.calendar(data / "calendar.yml", known.regions, documents),
        population=places.population(data / "population.yml", known.regions),
        regions=_in_use(followed, documents, known),
        gazetteer=known,
        sectors=places.sectors(data / "sectors.yml"),
        department_names=vocabulary.departments(data / "lookups" / "departments.yml"),
        titles=labels.titles,
        ends_as_title=vocabulary.titled(labels.any_title),
        other_kinds=labels.other_kinds,
        ends_as_other_title=vocabulary.titled(labels.any_other_title),
        is_other_column=vocabulary.headed(labels.any_other_column),
        form=vocabulary.labels("form", labels.form),
        is_section=vocabulary.sections(labels.sections),
        indicator=vocabulary.labels("indicator", labels.indicator),
        catalogue=vocabulary.labels("catalogue", labels.catalogue),
        task=vocabulary.labels("task", labels.task),
        result=vocabulary.labels("result", labels.result),
        several_years=labels.several_years,
        catalogue_totals=frozenset(map(fold, labels.catalogue_totals)),
        furniture=labels.furniture,
        is_furniture=vocabulary.declared(labels.furniture),
        statements=labels.statements,
        tokens=vocabulary.tokens(data / "lookups" / "tokens.yml"),
        units=kinds.units(data / "lookups" / "units.yml"),
        kinds=loading.load(data / "kinds.yml", Kinds),
        issuers=kinds.issuers(data / "lookups" / "issuers.yml", known.regions),
        english=loading.load(data / "lookups" / "english.yml", English),
        promises=loading.load(data / "promises.yml", PromiseRules),
        themes=themes,
        headlines=answers.headlines(data / "headlines.yml", themes),
        tiles=answers.tiles(data / "tiles.yml", known.regions),
        results=loading.load(data / "scoring.yml", ResultRules),
        matches=matches(data / "matches.yml"),
        checks=checks,
        codes=codes,
        events=rules.events(data / "events.yml"),
        wording=wording(data / "wording.yml", checks.reuse_min_length),
        glossary=rules.glossary(data / "glossary.yml", schemas),
        aliases=rules.aliases(data / "aliases.yml"),
        schemas=schemas,
        derived=derived,
        questions=questions(data / "questions.yml"),
        package=policy(data / "package.yml", {**schemas, **derived}, codes),
    )
