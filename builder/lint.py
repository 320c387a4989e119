"""How indicators are written: named rules over the dataset's rows, and how often each applies, among what it can judge.

A rule is a function that looks at one form and yields a verdict for each indicator (or for the form) that it can judge;
what it cannot judge is in no denominator. Titles, explanations and words are data in ``data/lint.yml``. A rule speaks
of wording alone: it is a place to look at, never a fault. The budget execution rate, a line that forms prescribe, is
left out everywhere.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, field, fields
from decimal import Decimal
from pathlib import Path
from string import Formatter
from typing import Any

from builder import formats
from builder.config import ConfigError, read_yaml
from builder.dataset import Field, Row, Table, csv_bytes
from builder.values import fold

Record = Mapping[str, Any]
Group = Mapping[str, Sequence[Record]]

HITS_FILE, RATES_FILE = "lint.csv", "lint-rates.csv"
PERCENT = "%"
FULL = Decimal(100)
MONEY = "元"
AT_LEAST = ("ge", "gt", "eq")
COMPARISONS = ("ge", "gt", "le", "lt", "eq")
COPY_KINDS = (
    "indicators",
    "indicators-but-targets",
    "goal",
    "goal-but-numbers",
    "overview",
    "overview-but-numbers",
    "sentences",
)


@dataclass(frozen=True, slots=True)
class Words:
    """The lists of ``words`` in data/lint.yml, folded."""

    satisfaction: tuple[str, ...]
    satisfaction_not: tuple[str, ...]
    survey: tuple[str, ...]
    zero: tuple[str, ...]
    definite: tuple[str, ...]
    degree: tuple[str, ...]
    affirmation: tuple[str, ...]
    growth: tuple[str, ...]
    cost: tuple[str, ...]
    cost_in_money: tuple[str, ...]
    project_endings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Numbers:
    """The ``numbers`` of data/lint.yml; ``shortest_text``, how many characters a text has before sameness counts as
    copied, is that of data/checks.yml."""

    concentrated_percent: int
    fewest_indicators: int
    shortest_text: int


@dataclass(frozen=True, slots=True)
class Rule:
    """What readers are told of a rule. ``judged`` names what it counts, beginning with the counter word (项, 张);
    ``shown`` are the words that it goes by."""

    rule_id: str
    title: str
    judged: str
    meaning: str
    matters: str
    normal: str
    text: str
    direction: Mapping[str, str]
    shown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CopyKind:
    """What readers are told of one kind of sameness (``builder.copies`` finds it)."""

    title: str
    judged: str
    rule: str
    normal: str


@dataclass(frozen=True, slots=True)
class Rules:
    rules: Mapping[str, Rule]
    copies: Mapping[str, CopyKind]
    words: Words
    numbers: Numbers


@dataclass(frozen=True, slots=True)
class Pair:
    """An indicator and the one of the same name on the project's form before; ``moved`` is the sign of the change."""

    before: Record
    now: Record
    moved: int


@dataclass(frozen=True, slots=True)
class Form:
    """A project with its indicators but the execution rate. ``before_year`` and ``pairs`` compare it with its last
    earlier year; ``notes`` is what else an indicator's row prints, by indicator."""

    project: Record
    indicators: tuple[Record, ...]
    before_year: int | None
    pairs: tuple[Pair, ...]
    notes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule makes of an indicator, or of the form as a whole; ``details`` fill its sentence."""

    indicator: Record | None
    applies: bool
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that applies: to an indicator or a project (``record_id``), printed on ``line``, as the sentence says."""

    rule_id: str
    record_id: str
    project_id: str
    document_id: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Place:
    """What rates are counted by; ``department_id`` is ``None`` where the form prints no department."""

    region_id: str
    year: int
    form_type: str
    department_id: str | None


@dataclass(frozen=True, slots=True)
class Rate:
    """``applies`` of the ``judged`` records; never more than them."""

    judged: int
    applies: int


@dataclass(frozen=True, slots=True)
class Report:
    """Every rule with its hits, in the order of the dataset, and its rates at the finest grain."""

    rules: Mapping[str, Rule]
    hits: Mapping[str, tuple[Hit, ...]]
    rates: Mapping[str, Mapping[Place, Rate]]

    def by(self, rule_id: str, *names: str) -> dict[tuple[Any, ...], Rate]:
        """A rule's rates by fields of ``Place``, such as ``("region_id", "year")``; by none of them, the whole."""
        sums: dict[tuple[Any, ...], list[int]] = {}
        for place, rate in self.rates[rule_id].items():
            total = sums.setdefault(tuple(getattr(place, name) for name in names), [0, 0])
            total[0] += rate.judged
            total[1] += rate.applies
        return {key: Rate(*total) for key, total in sums.items()}


# Rules


def unquantified(form: Form, rules: Rules) -> Iterator[Verdict]:
    for row in _printed(form):
        yield Verdict(row, not _has_number(row, rules.words))


def degree_words(form: Form, rules: Rules) -> Iterator[Verdict]:
    for row in _printed(form):
        target = fold(row["target_as_filed"])
        said = fold(row["name"]) if target in rules.words.affirmation else target
        yield Verdict(row, not _has_number(row, rules.words) and _has(said, rules.words.degree))


def core_without_number(form: Form, rules: Rules) -> Iterator[Verdict]:
    for row in _printed(form):
        if row["is_core"]:
            yield Verdict(row, not _has_number(row, rules.words))


def no_unit(form: Form, rules: Rules) -> Iterator[Verdict]:
    for row in form.indicators:
        if row["target_value"] is not None:
            yield Verdict(row, row["unit"] is None)


def trivially_full(form: Form, rules: Rules) -> Iterator[Verdict]:
    for row in form.indicators:
        share = row["target_value"] is not None and fold(row["unit"] or "") == PERCENT
        if share and row["comparison"] in AT_LEAST and not _has(fold(row["name"]), rules.words.growth):
            yield Verdict(row, row["target_value"] == FULL)


def satisfaction_without_number(form: Form, rules: Rules) -> Iterator[Verdict]:
    for row in _satisfaction(_printed(form), rules.words):
        yield Verdict(row, not _has_number(row, rules.words))


def satisfaction_without_survey(form: Form, rules: Rules) -> Iterator[Verdict]:
    for row in _satisfaction(form.indicators, rules.words):
        printed = (
            row["level1"],
            row["level2"],
            row["name"],
            row["target_as_filed"],
            form.notes.get(row["indicator_id"]),
        )
        yield Verdict(row, not any(_has(fold(text), rules.words.survey) for text in printed if text))


def target_equals_last_year(form: Form, rules: Rules) -> Iterator[Verdict]:
    return _moved(form, 0)


def target_raised(form: Form, rules: Rules) -> Iterator[Verdict]:
    return _moved(form, 1)


def target_lowered(form: Form, rules: Rules) -> Iterator[Verdict]:
    return _moved(form, -1)


def cost_indicator_absent(form: Form, rules: Rules) -> Iterator[Verdict]:
    if form.indicators:
        found = any(_is_cost(row, rules.words) for row in form.indicators)
        yield Verdict(None, not found, {"count": str(len(form.indicators))})


def weight_concentrated(form: Form, rules: Rules) -> Iterator[Verdict]:
    """A verdict on the form, shown at its heaviest indicator."""
    weights = [row["weight"] for row in form.indicators]
    if not weights or None in weights or sum(weights) <= 0:
        return
    heaviest, total = max(weights), sum(weights)
    applies = heaviest * 100 >= total * rules.numbers.concentrated_percent
    details = {"weight": formats.points(heaviest), "total": formats.points(total)}
    yield Verdict(form.indicators[weights.index(heaviest)], applies, details)


def name_equals_project(form: Form, rules: Rules) -> Iterator[Verdict]:
    project = _bare(form.project["name"], rules.words.project_endings)
    for row in form.indicators:
        yield Verdict(row, _bare(row["name"], rules.words.project_endings) == project)


RULES: Mapping[str, Callable[[Form, Rules], Iterator[Verdict]]] = {
    "unquantified": unquantified,
    "degree-words": degree_words,
    "core-without-number": core_without_number,
    "no-unit": no_unit,
    "trivially-full": trivially_full,
    "satisfaction-without-number": satisfaction_without_number,
    "satisfaction-without-survey": satisfaction_without_survey,
    "target-equals-last-year": target_equals_last_year,
    "target-raised": target_raised,
    "target-lowered": target_lowered,
    "cost-indicator-absent": cost_indicator_absent,
    "weight-concentrated": weight_concentrated,
    "name-equals-project": name_equals_project,
}

# What the sentence of a rule may use.
_INDICATOR = frozenset({"name", "target"})
_PAIR = _INDICATOR | {"year", "before", "before_year", "direction"}
DETAILS: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(RULES, _INDICATOR),
    **dict.fromkeys(("target-equals-last-year", "target-raised", "target-lowered"), _PAIR),
    "cost-indicator-absent": frozenset({"count"}),
    "weight-concentrated": _INDICATOR | {"weight", "total"},
}


def _has(text: str, words: Sequence[str]) -> bool:
    return any(word in text for word in words)


def _printed(form: Form) -> Iterator[Record]:
    """The indicators that print a target; one that prints none is silent, which is not the same as without a number."""
    return (row for row in form.indicators if row["target_as_filed"] is not None)


def _has_number(row: Record, words: Words) -> bool:
    """A number was read, or stands somewhere in the text (每月20日前), or the text says as much without one (无, 全天)."""
    if row["target_value"] is not None:
        return True
    target = fold(row["target_as_filed"])
    digits = any(character.isdecimal() for character in target)
    return digits or target in words.zero or _has(target, words.definite)


def _satisfaction(indicators: Iterable[Record], words: Words) -> Iterator[Record]:
    for row in indicators:
        name = fold(row["name"])
        if _has(name, words.satisfaction) and not name.endswith(words.satisfaction_not):
            yield row


def _is_cost(row: Record, words: Words) -> bool:
    name = fold(row["name"])
    if any(_has(text, words.cost) for text in (name, fold(row["level1"] or ""), fold(row["level2"] or ""))):
        return True
    return MONEY in (row["unit"] or "") and _has(name, words.cost_in_money)


def _bare(name: str, endings: Sequence[str]) -> str:
    """The folded name without its ending; a name that is nothing but an ending keeps it."""
    folded = fold(name)
    for ending in endings:
        if folded.endswith(ending) and folded != ending:
            return folded.removesuffix(ending)
    return folded


def _moved(form: Form, wanted: int) -> Iterator[Verdict]:
    for pair in form.pairs:
        applies = pair.moved == wanted
        details = {}
        if applies:
            details = {
                "before": _promise(pair.before),
                "before_year": str(form.before_year),
                "year": str(form.project["year"]),
            }
        yield Verdict(pair.now, applies, details)


def _promise(row: Record) -> str:
    return formats.promise(row["comparison"], row["target_as_filed"], row["target_value"], row["unit"])


# Forms


def examine(projects: Mapping[str, Record], indicators: Group, attributes: Group, rules: Rules) -> Report:
    """Apply every rule to every form. Rows are those of the dataset's tables, ``None`` for an empty cell;
    ``indicators`` and ``attributes`` are grouped by project. The cost is linear in the rows."""
    hits: dict[str, list[Hit]] = {rule_id: [] for rule_id in rules.rules}
    counts: dict[str, dict[Place, list[int]]] = {rule_id: {} for rule_id in rules.rules}
    for form in _forms(projects, indicators, attributes):
        project = form.project
        place = Place(project["region_id"], project["year"], project["form_type"], project["department_id"])
        for rule_id, rule in rules.rules.items():
            judged = 0
            before = len(hits[rule_id])
            for verdict in RULES[rule_id](form, rules):
                judged += 1
                if verdict.applies:
                    hits[rule_id].append(_hit(rule, form.project, verdict))
            if judged:
                total = counts[rule_id].setdefault(place, [0, 0])
                total[0] += judged
                total[1] += len(hits[rule_id]) - before
    return Report(
        rules.rules,
        {rule_id: tuple(found) for rule_id, found in hits.items()},
        {rule_id: {place: Rate(*total) for place, total in found.items()} for rule_id, found in counts.items()},
    )


def _forms(projects: Mapping[str, Record], indicators: Group, attributes: Group) -> Iterator[Form]:
    own = {project_id: own_indicators(indicators, project_id) for project_id in projects}
    before = _before(projects)
    for project_id, project in projects.items():
        earlier = before.get(project_id)
        notes: dict[str, str] = defaultdict(str)
        for row in attributes.get(project_id, ()):
            if row["indicator_id"] is not None:
                notes[row["indicator_id"]] += f"{row['label_as_filed']} {row['value']} "
        yield Form(
            project,
            own[project_id],
            None if earlier is None else projects[earlier]["year"],
            () if earlier is None else tuple(_pairs(own[earlier], own[project_id])),
            notes,
        )


def own_indicators(indicators: Group, project_id: str) -> tuple[Record, ...]:
    """A project's indicators without the execution rate."""
    return tuple(row for row in indicators.get(project_id, ()) if not row["is_execution_rate"])


def _before(projects: Mapping[str, Record]) -> dict[str, str]:
    """For each project that has one, the form of its series in the last earlier year."""
    series: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for project_id, row in projects.items():
        series[row["series_id"]].append((row["year"], project_id))
    found = {}
    for members in series.values():
        members.sort()
        earlier: tuple[int, str] | None = None
        for place, (year, project_id) in enumerate(members):
            if place and members[place - 1][0] < year:
                earlier = members[place - 1]
            if earlier is not None:
                found[project_id] = earlier[1]
    return found


def _pairs(before: Sequence[Record], now: Sequence[Record]) -> Iterator[Pair]:
    """Indicators whose folded name stands once on each form and whose numbers are of one kind: same comparison, same
    unit once 万 and 亿 are multiplied out."""
    earlier = _unique(before)
    for name, row in _unique(now).items():
        twin = earlier.get(name)
        if twin is None or row["comparison"] != twin["comparison"] or row["comparison"] not in COMPARISONS:
            continue
        (value, unit), (value_before, unit_before) = _amount(row), _amount(twin)
        if value is not None and value_before is not None and unit == unit_before:
            yield Pair(twin, row, (value > value_before) - (value < value_before))


def _unique(rows: Sequence[Record]) -> dict[str, Record]:
    found: dict[str, list[Record]] = defaultdict(list)
    for row in rows:
        found[fold(row["name"])].append(row)
    return {name: same[0] for name, same in found.items() if len(same) == 1}


def _amount(row: Record) -> tuple[Decimal | None, str]:
    if row["base_value"] is not None:
        return row["base_value"], fold(row["base_unit"] or "")
    return row["target_value"], fold(row["unit"] or "")


def _hit(rule: Rule, project: Record, verdict: Verdict) -> Hit:
    row = verdict.indicator
    details = dict(verdict.details)
    if row is None:
        record_id, line = project["project_id"], project["line_start"]
    else:
        record_id, line = row["indicator_id"], row["line"]
        details |= {
            "name": row["name"],
            "target": _promise(row),
            "direction": rule.direction.get(row["comparison"] or "", ""),
        }
    return Hit(
        rule.rule_id, record_id, project["project_id"], project["document_id"], line, rule.text.format_map(details)
    )


# Rules as data


def load(data: Path) -> Rules:
    """The rules' wording, words and numbers from ``lint.yml`` in the folder ``data``. Raises ``ConfigError``."""
    path = data / "lint.yml"
    block = _keys(read_yaml(path), f"{path}", ("numbers", "words", "rules", "copies"))
    words = _keys(block["words"], f"{path}：words", tuple(item.name for item in fields(Words)))
    for name, value in words.items():
        if not isinstance(value, list) or not value or not all(isinstance(word, str) and word for word in value):
            raise ConfigError(f"{path}：words.{name}：应为词的列表，现为 {value!r}（像数字的词请加引号）。")
    given = _keys(block["numbers"], f"{path}：numbers", ("concentrated_percent", "fewest_indicators"))
    checks = data / "checks.yml"
    numbers = Numbers(
        _whole(given, "concentrated_percent", f"{path}：numbers"),
        _whole(given, "fewest_indicators", f"{path}：numbers"),
        _whole(read_yaml(checks), "reuse_min_length", f"{checks}"),
    )
    rules = _keys(block["rules"], f"{path}：rules", tuple(RULES))
    copies = _keys(block["copies"], f"{path}：copies", COPY_KINDS)
    return Rules(
        {rule_id: _rule(f"{path}：rules.{rule_id}", rule_id, entry, words) for rule_id, entry in rules.items()},
        {kind: _copy_kind(f"{path}：copies.{kind}", entry, numbers) for kind, entry in copies.items()},
        Words(**{name: tuple(fold(word) for word in value) for name, value in words.items()}),
        numbers,
    )


def _rule(where: str, rule_id: str, entry: object, words: Mapping[str, Sequence[str]]) -> Rule:
    texts = ("title", "judged", "meaning", "matters", "normal", "text")
    directed = isinstance(entry, dict) and "direction" in entry and "direction" in DETAILS[rule_id]
    block = _keys(entry, where, (*texts, "shows", *(("direction",) if directed else ())))
    allowed = DETAILS[rule_id] if directed else DETAILS[rule_id] - {"direction"}
    if unknown := sorted(set(block["shows"]) - set(words)):
        raise ConfigError(f"{where}.shows：words 里没有 {'、'.join(map(str, unknown))}。")
    return Rule(
        rule_id,
        **{key: _text(block, key, where, allowed if key == "text" else frozenset()) for key in texts},
        direction=_keys(block["direction"], f"{where}.direction", COMPARISONS) if directed else {},
        shown=tuple(word for name in block["shows"] for word in words[name]),
    )


def _copy_kind(where: str, entry: object, numbers: Numbers) -> CopyKind:
    texts = ("title", "judged", "rule", "normal")
    block = _keys(entry, where, texts)
    filled = {"shortest": numbers.shortest_text, "fewest": numbers.fewest_indicators}
    return CopyKind(**{key: _text(block, key, where, frozenset(filled)).format_map(filled) for key in texts})


def _text(block: Mapping[str, Any], key: str, where: str, allowed: frozenset[str]) -> str:
    """A sentence whose ``{…}`` are all of ``allowed``."""
    value = block[key]
    if not isinstance(value, str) or not value.strip():
        raise ConfigError(f"{where}.{key}：应为文字，现为 {value!r}。")
    try:
        used = {name for _, name, _, _ in Formatter().parse(value) if name is not None}
    except ValueError as error:
        raise ConfigError(f"{where}.{key}：花括号没有成对（{error}）。") from None
    if unknown := sorted(used - allowed):
        known = "、".join(sorted(allowed)) or "（这里不能用花括号）"
        raise ConfigError(f"{where}.{key}：没有 {'、'.join(unknown)} 可用；可以用的有 {known}。")
    return value


def _whole(block: object, key: str, where: str) -> int:
    value = block.get(key) if isinstance(block, dict) else None
    if type(value) is not int or value < 1:
        raise ConfigError(f"{where}：{key}：应为正整数，现为 {value!r}。")
    return value


def _keys(value: object, where: str, wanted: Sequence[str]) -> Mapping[str, Any]:
    """``value`` as a mapping with exactly the keys ``wanted``."""
    if not isinstance(value, dict):
        raise ConfigError(f"{where}：应为「键: 值」，现为 {value!r}。")
    if missing := [key for key in wanted if key not in value]:
        raise ConfigError(f"{where}：缺少 {'、'.join(missing)}。")
    if unknown := [str(key) for key in value if key not in wanted]:
        raise ConfigError(f"{where}：不认识的键 {'、'.join(unknown)}；可以用的有 {'、'.join(wanted)}。")
    return value


# Downloads


def files(report: Report) -> dict[str, bytes]:
    """The downloads by name: every hit, and every rate at the finest grain. They are no part of the dataset."""
    hits: list[Row] = [
        (rule_id, report.rules[rule_id].title, *astuple(hit)[1:])
        for rule_id, found in report.hits.items()
        for hit in found
    ]
    rates: list[Row] = [
        (rule_id, report.rules[rule_id].title, *astuple(place), rate.judged, rate.applies)
        for rule_id, found in report.rates.items()
        for place, rate in found.items()
    ]
    hit_names = ("rule", "title", "record_id", "project_id", "document_id", "line", "text")
    rate_names = ("rule", "title", "region_id", "year", "form_type", "department_id", "judged", "applies")
    return {HITS_FILE: table_csv(hit_names, hits), RATES_FILE: table_csv(rate_names, rates)}


def table_csv(names: Sequence[str], rows: Sequence[Row]) -> bytes:
    """Rows that no schema describes, written and guarded as the dataset's are, with a byte order mark."""
    columns = tuple(Field(name, "string", name, name, name, name) for name in names)
    return csv_bytes(Table("", "", "", "", "", columns, (), (), ()), rows, bom=True)
