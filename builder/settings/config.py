"""data/*.yml → a checked ``Settings``. A fault in these files stops the build with file, key and hint.

Everything that spells, names, maps or decides lives in those files; this module only proves that they are whole:
no word belongs to two meanings after folding, no entry names what does not exist, no key is misspelt.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import yaml
from yaml.reader import ReaderError

from builder.faults import SettingsFault
from builder.model import Document
from builder.settings import gazetteer
from builder.settings.gazetteer import Gazetteer, Region
from builder.text import fold, label_key


@dataclass(frozen=True, slots=True)
class Label:
    """What a heading means: a field, and whether this spelling is a known misprint.

    A ``weak`` spelling means the field only where no other spelling of it stands beside it.
    """

    field: str
    kind: str
    misprint: bool
    weak: bool = False


# A longer cell is prose: the longest heading of the vocabulary has 12 characters, the rest is room for a note in brackets.
LONGEST_LABEL = 120
_YEAR = re.compile(r"\d{4}")
# What may stand before a heading without changing it: 其中：财政拨款, 1.财政拨款, （一）项目概况, *指标值.
_LEAD = re.compile(r"^(?:[*★☆▲]+|其中:?|\(?\d{1,2}[).、]|\(?[一二三四五六七八九十]{1,3}[)、])+")


@dataclass(frozen=True, slots=True)
class Labels:
    """One context's headings: fixed spellings by folded key, and spellings with a year in them as patterns."""

    exact: Mapping[str, Label]
    patterns: tuple[tuple[re.Pattern[str], Label], ...]
    right: Mapping[str, tuple[str, ...]]
    seen: dict[str, Label | None] = field(default_factory=dict, compare=False, repr=False)

    def find(self, text: str) -> Label | None:
        """What a printed heading means; ``None`` if the vocabulary does not know it."""
        if len(text) > LONGEST_LABEL:
            return None
        if text in self.seen:
            return self.seen[text]
        key = label_key(text)
        found = self._known(key)
        if found is None and (lead := _LEAD.match(key)):
            found = self._known(key[lead.end() :])
        self.seen[text] = found
        return found

    def _known(self, key: str) -> Label | None:
        if key in self.exact or not self.patterns or not _YEAR.search(key):
            return self.exact.get(key)
        return next((label for pattern, label in self.patterns if pattern.fullmatch(key)), None)

    def nearest(self, field: str, text: str) -> str:
        """The spelling of a field's heading that a misprint is most likely to stand for; of several the first."""
        if (known := self.find(text)) is None or known.field != field:
            return self.right[field][0]
        key = label_key(text)
        return max(self.right[field], key=lambda word: SequenceMatcher(None, key, word).ratio())

    def cut_short(self, text: str) -> set[str]:
        """The fields one of whose headings ``text`` could be with one or two characters lost."""
        key = label_key(text)
        return {
            field
            for field, spellings in self.right.items()
            for spelling in spellings
            if len(key) >= 2 and 0 < len(spelling) - len(key) <= 2 and _is_cut_of(key, spelling)
        }


def _is_cut_of(short: str, whole: str) -> bool:
    rest = iter(whole)
    return all(character in rest for character in short)


@dataclass(frozen=True, slots=True)
class Title:
    pattern: re.Pattern[str]
    form_type: str


@dataclass(frozen=True, slots=True)
class OtherKind:
    """A kind of document that is no target form: how its titles end, and the headings that only it has."""

    kind: str
    name: str
    titles: tuple[re.Pattern[str], ...]
    columns: tuple[re.Pattern[str], ...]


@dataclass(frozen=True, slots=True)
class Statement:
    figure: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Tokens:
    """Closed vocabularies of single cells, folded spelling → code."""

    comparison: Mapping[str, str]
    suffix: Mapping[str, str]
    yes_no: Mapping[str, str]
    no_unit: frozenset[str]
    level1: frozenset[str]
    level2: frozenset[str]
    execution_rate: frozenset[str]


@dataclass(frozen=True, slots=True)
class Sector:
    sector_id: str
    name: str
    name_en: str
    function_code: str
    cofog: str
    keywords: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Correction:
    record: str
    field: str
    was: str
    is_: str
    reason: str
    evidence: str


@dataclass(frozen=True, slots=True)
class SeriesRule:
    """Projects that a person joined (``joined``) or told apart."""

    projects: tuple[str, ...]
    joined: bool


@dataclass(frozen=True, slots=True)
class CheckRules:
    weight_total: int
    weight_total_without_execution: int
    share_words: tuple[str, ...]
    reuse_min_length: int
    phone_pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class EventText:
    explain: str
    explain_en: str


@dataclass(frozen=True, slots=True)
class FindingCode:
    code: str
    severity: str
    group: str
    details: tuple[str, ...]
    title: str
    explain: str
    reader: str
    fix: str
    message: str
    message_en: str


@dataclass(frozen=True, slots=True, repr=False)
class Settings:
    data: Path
    documents: tuple[Document, ...]
    regions: Mapping[str, Region]
    gazetteer: Gazetteer
    sectors: Mapping[str, Sector]
    titles: tuple[Title, ...]
    any_title: re.Pattern[str]
    other_kinds: tuple[OtherKind, ...]
    form: Labels
    sections: frozenset[str]
    indicator: Labels
    catalogue: Labels
    task: Labels
    catalogue_totals: frozenset[str]
    furniture: tuple[re.Pattern[str], ...]
    statements: tuple[Statement, ...]
    tokens: Tokens
    department_names: Mapping[str, str]
    corrections: tuple[Correction, ...]
    series: tuple[SeriesRule, ...]
    checks: CheckRules
    codes: Mapping[str, FindingCode]
    events: Mapping[str, EventText]

    @property
    def kept_readings(self) -> Path:
        """The folder of ``cache``."""
        return self.data.parent / ".cache" / "readings"

    @property
    def current_documents(self) -> tuple[Document, ...]:
        """The documents that no later one replaces: those the dataset is made from."""
        replaced = {document.replaces for document in self.documents}
        return tuple(document for document in self.documents if document.document_id not in replaced)

    def with_document(self, document: Document) -> "Settings":
        """The settings with one more document; its region and those above it are among the regions then."""
        regions = _in_use(self.regions, (document,), self.gazetteer)
        return replace(self, documents=(*self.documents, document), regions=regions)


def load(data: Path) -> Settings:
    """Read and prove every maintained file below ``data``. Raises ``SettingsFault``."""
    path = data / "labels.yml"
    labels = checked(path, "", read_yaml(path), LABEL_FILE)
    followed = _regions(data / "regions.yml")
    places = gazetteer.load(data / "divisions.csv", followed)
    documents = _documents(data / "sources.yml", data / "sources", places.regions)
    titles = _titles(path, labels["titles"])
    return Settings(
        data=data,
        documents=documents,
        regions=_in_use(followed, documents, places),
        gazetteer=places,
        sectors=_sectors(data / "sectors.yml"),
        titles=titles,
        any_title=_pattern(path, "|".join(f"(?:{title.pattern.pattern})$" for title in titles)),
        other_kinds=_other_kinds(path, labels["other_kinds"]),
        form=_labels(path, "form", labels["form"]),
        sections=frozenset(label_key(word) for word in labels["sections"]),
        indicator=_labels(path, "indicator", labels["indicator"]),
        catalogue=_labels(path, "catalogue", labels["catalogue"]),
        task=_labels(path, "task", labels["task"]),
        catalogue_totals=frozenset(fold(word) for word in labels["catalogue_totals"]),
        furniture=tuple(_pattern(path, pattern) for pattern in labels["furniture"]),
        statements=_statements(path, labels["statements"]),
        tokens=_tokens(data / "lookups" / "tokens.yml"),
        department_names=_spellings(
            data / "lookups" / "departments.yml", "", read_yaml(data / "lookups" / "departments.yml")
        ),
        corrections=_corrections(data / "corrections.yml"),
        series=_series(data / "series.yml"),
        checks=_check_rules(data / "checks.yml"),
        codes=_codes(data / "findings.yml"),
        events={key: EventText(**value) for key, value in read_yaml(data / "events.yml").items()},
    )


def _in_use(regions: Mapping[str, Region], documents: Iterable[Document], places: Gazetteer) -> Mapping[str, Region]:
    """The regions, those of the documents, and all that lie above them."""
    used = (*regions, *(document.region_id for document in documents))
    return {**regions, **{part.region_id: part for region_id in used for part in places.chain(region_id)}}


def read_yaml(path: Path) -> Any:
    """The YAML of ``path``; a syntax fault or a repeated key becomes a ``SettingsFault`` with its line."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_UniqueKeys)
    except FileNotFoundError:
        raise SettingsFault(f"{path}：文件不存在。请从版本库恢复它。") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"第 {mark.line + 1} 行第 {mark.column + 1} 列" if mark else "某处"
        raise SettingsFault(f"{path}：{place}写法不对（{error.problem}）。请检查缩进、冒号后的空格和引号。") from None
    except UnicodeDecodeError as error:
        raise SettingsFault(f"{path}：不是 UTF-8 文字（第 {error.start + 1} 个字节）。请另存为 UTF-8。") from None
    except ReaderError as error:
        raise SettingsFault(
            f"{path}：第 {error.position + 1} 个字是看不见的控制字符（{error.character:#04x}）。请删去它，多半是粘贴时带进来的。"
        ) from None
    except ValueError as error:
        raise SettingsFault(f"{path}：有一处标注的类型与内容不符（{error}）。请去掉以 ! 开头的标注。") from None


class _UniqueKeys(yaml.SafeLoader):
    """Dates stay text, and a key given twice is an error instead of a silent loss."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if isinstance(key, list | dict):
                raise yaml.MarkedYAMLError(problem="键是一个列表或一组键值", problem_mark=key_node.start_mark)
            if key in seen:
                raise yaml.MarkedYAMLError(problem=f"键「{key}」写了两次", problem_mark=key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)


_UniqueKeys.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


# What a key may hold, as messages call it.
TEXT, WHOLE, WORDS, BLOCK, LIST = "文字", "整数", "词的列表，如 [甲, 乙]", "「键: 值」", "以「- 」开头的列表"
ANY = "任何值"
LABEL_FILE = {
    "titles": LIST,
    "other_kinds": LIST,
    "form": BLOCK,
    "sections": WORDS,
    "indicator": BLOCK,
    "catalogue": BLOCK,
    "task": BLOCK,
    "catalogue_totals": WORDS,
    "furniture": WORDS,
    "statements": LIST,
}
# The fields that the program knows: a heading of any other would be read and never published.
FIELDS = {
    "form": (
        *("name", "project_code", "department", "central_department", "implementing_unit", "reporting_unit", "unit"),
        *("serial_no", "period", "project_type", "budget", "execution_weight", "overview", "basis", "goal"),
        *("goal_overall", "remark", "contact_name", "contact_phone", "contact", "attribute"),
        *(f"funding.{source}" for source in ("upper_grant", "own", "to_lower", "fiscal", "fiscal_part", "other")),
    ),
    "indicator": ("level1", "level2", "name", "comparison", "target", "unit", "weight", "is_core", "note", "ordinal"),
    "catalogue": ("serial_no", "name", "department", "amount", "own", "to_lower"),
    "task": ("task", "content", "total", "fiscal", "other"),
}
FORM_TYPES = ("special_fund", "project", "department_overall")
LABEL_KINDS = ("text", "name", "unit", "money", "number", "person", "phone", "contact")
COMPARISONS = ("ge", "le", "eq", "gt", "lt", "qualitative")
LEVELS = ("province", "municipality", "prefecture", "district", "development_zone", "township")
SEVERITIES = ("error", "warning", "note")
GROUPS = ("government", "reading", "ours", "normal")


def _holds(kind: str, value: object) -> bool:
    if kind == WORDS:
        return isinstance(value, list) and all(isinstance(word, str) and word.strip() for word in value)
    if kind == WHOLE:
        return isinstance(value, int) and not isinstance(value, bool)
    if kind == TEXT:
        return isinstance(value, str) and bool(value.strip())
    return isinstance(value, {BLOCK: dict, LIST: list, ANY: object}[kind])


def checked(
    path: Path, where: str, value: object, required: Mapping[str, str], optional: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """A mapping with exactly these keys, each holding its kind; ``where`` is the place in the file, empty for all of it.

    An optional key may hold nothing. Raises ``SettingsFault`` naming file, place and key.
    """
    optional = optional or {}
    place = f"{path}：{where}{' ' if where and where[-1].isascii() else ''}"
    if not isinstance(value, dict):
        raise SettingsFault(f"{place}应为{BLOCK}，读到 {_shown(value)}。")
    if missing := [key for key in required if key not in value]:
        raise SettingsFault(f"{place}缺少 {'、'.join(missing)}。")
    if unknown := [str(key) for key in value if key not in required and key not in optional]:
        known = "、".join([*required, *optional])
        raise SettingsFault(f"{place}有不认识的键 {'、'.join(unknown)}；可以用的有 {known}。")
    for key, kind in {**required, **optional}.items():
        if key in value and not _holds(kind, value[key]) and not (key in optional and value[key] is None):
            raise SettingsFault(
                f"{place}{'的 ' if where else ''}{key} 应为{kind}，读到 {_shown(value[key])}。文字里有特殊符号或全是数字时加引号。"
            )
    return value


def _shown(value: object) -> str:
    text = "空" if value is None else repr(value)
    return text if len(text) <= 60 else text[:59] + "…"


def _one_of(path: Path, where: str, value: object, allowed: Iterable[str]) -> None:
    if value not in (allowed := tuple(allowed)):
        raise SettingsFault(f"{path}：{where} 只能是 {'、'.join(allowed)}，读到 {_shown(value)}。")


def listed(path: Path, where: str, value: object) -> list[tuple[str, Any]]:
    """The entries of a list, each with its place in the file. Raises ``SettingsFault``."""
    if not isinstance(value, list):
        raise SettingsFault(f"{path}：{where}应为{LIST}，读到 {_shown(value)}。")
    return [(f"{where}第 {number} 条", entry) for number, entry in enumerate(value, 1)]


def _any_entries(path: Path) -> list[tuple[str, Any]]:
    """The entries of a file that may have none yet: it then holds its comments only, and an entry goes at its end."""
    value = read_yaml(path)
    return [] if value is None else listed(path, "", value)


def entries(path: Path, required: Iterable[str], optional: Iterable[str] = ()) -> list[dict[str, Any]]:
    """A YAML list of mappings whose keys are exactly known. Raises ``SettingsFault`` naming entry and key."""
    keys = dict.fromkeys(required, ANY), dict.fromkeys(optional, ANY)
    return [checked(path, where, item, *keys) for where, item in listed(path, "", read_yaml(path))]


def _pattern(path: Path, text: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error as error:
        raise SettingsFault(f"{path}：正则「{text}」写法不对（{error}）。") from None


def _titles(path: Path, value: object) -> tuple[Title, ...]:
    titles = []
    for where, item in listed(path, "titles ", value or None):
        entry = checked(path, where, item, {"pattern": TEXT, "form_type": TEXT})
        _one_of(path, f"{where}的 form_type", entry["form_type"], FORM_TYPES)
        titles.append(Title(_pattern(path, entry["pattern"]), entry["form_type"]))
    return tuple(titles)


def _other_kinds(path: Path, value: object) -> tuple[OtherKind, ...]:
    kinds = []
    for where, item in listed(path, "other_kinds ", value):
        entry = checked(path, where, item, {"kind": TEXT, "name": TEXT, "titles": WORDS, "columns": WORDS})
        titles = tuple(_pattern(path, f"(?:{title})$") for title in entry["titles"])
        kinds.append(
            OtherKind(entry["kind"], entry["name"], titles, tuple(_pattern(path, text) for text in entry["columns"]))
        )
    return tuple(kinds)


def _statements(path: Path, value: object) -> tuple[Statement, ...]:
    statements = []
    for where, item in listed(path, "statements ", value):
        entry = checked(path, where, item, {"figure": TEXT, "pattern": TEXT})
        _one_of(path, f"{where}的 figure", entry["figure"], ("projects", "total", "own", "to_lower"))
        pattern = _pattern(path, entry["pattern"])
        needed = {"value"} if entry["figure"] == "projects" else {"value", "unit"}
        if missing := sorted(needed - pattern.groupindex.keys()):
            raise SettingsFault(f"{path}：{where}的 pattern 缺少 {'、'.join(f'(?P<{name}>…)' for name in missing)}。")
        statements.append(Statement(entry["figure"], pattern))
    return tuple(statements)


def _labels(path: Path, context: str, block: Mapping[str, Any]) -> Labels:
    exact: dict[str, Label] = {}
    patterns: list[tuple[re.Pattern[str], Label]] = []
    right: dict[str, tuple[str, ...]] = {}
    for name, value in checked(path, context, block, {}, dict.fromkeys(FIELDS[context], BLOCK)).items():
        where = f"{context}.{name}"
        entry = checked(path, where, value, {"labels": WORDS}, {"otherwise": WORDS, "misprints": WORDS, "kind": TEXT})
        kind = entry.get("kind") or "text"
        _one_of(path, f"{where}.kind", kind, LABEL_KINDS)
        spellings = [*entry["labels"], *(entry.get("otherwise") or ())]
        right[name] = tuple(label_key(word) for word in spellings if "{year}" not in word)
        for key_of_words in ("labels", "otherwise", "misprints"):
            for word in entry.get(key_of_words) or ():
                label = Label(name, kind, key_of_words == "misprints", key_of_words == "otherwise")
                if "{year}" in word:
                    before, _, after = word.partition("{year}")
                    year = re.escape(label_key(before)) + r"(?:19|20)\d{2}" + re.escape(fold(after))
                    patterns.append((re.compile(year), label))
                    continue
                key = label_key(word)
                if key in exact:
                    other = f"{context}.{exact[key].field}"
                    raise SettingsFault(f"{path}：{where} 的「{word}」已经是 {other} 的写法。请只留一处。")
                exact[key] = label
    return Labels(exact, tuple(patterns), right)


def _spellings(path: Path, where: str, value: object, codes: Iterable[str] = ()) -> dict[str, str]:
    """Folded spelling → code. ``codes`` are the codes allowed; any if there are none."""
    known = dict.fromkeys(codes or (value if isinstance(value, dict) else ()), WORDS)
    result: dict[str, str] = {}
    for code, words in checked(path, where, value, {}, {str(key): kind for key, kind in known.items()}).items():
        for word in words or ():
            key = fold(word)
            if result.setdefault(key, code) != code:
                raise SettingsFault(f"{path}：「{word}」既是 {result[key]} 又是 {code}。请只留一处。")
    return result


def _tokens(path: Path) -> Tokens:
    closed = ("no_unit", "level1", "level2", "execution_rate")
    required = {"comparison": BLOCK, "suffix": BLOCK, "yes_no": BLOCK, **dict.fromkeys(closed, WORDS)}
    block = checked(path, "", read_yaml(path), required)
    words = {key: frozenset(fold(word) for word in block[key]) for key in closed}
    return Tokens(
        comparison=_spellings(path, "comparison", block["comparison"], COMPARISONS),
        suffix=_spellings(path, "suffix", block["suffix"], COMPARISONS),
        yes_no=_spellings(path, "yes_no", block["yes_no"], ("true", "false")),
        **words,
    )


def _regions(path: Path) -> dict[str, Region]:
    regions: dict[str, Region] = {}
    owners: dict[tuple[str | None, str], str] = {}
    required = {"region_id": TEXT, "name": TEXT, "level": TEXT, "aliases": WORDS}
    for where, item in listed(path, "", read_yaml(path)):
        entry = checked(path, where, item, required, {"parent_id": TEXT, "division_code": TEXT})
        region = Region(
            entry["region_id"],
            entry["name"],
            entry["level"],
            entry.get("parent_id"),
            entry.get("division_code"),
            tuple(entry["aliases"]),
        )
        _one_of(path, f"{region.region_id} 的 level", region.level, LEVELS)
        if region.region_id in regions:
            raise SettingsFault(f"{path}：地区 {region.region_id} 写了两次。")
        regions[region.region_id] = region
        for alias in {region.name, *region.aliases}:
            # Two places may share a name, as many towns do, but not below the same place.
            other = owners.setdefault((region.parent_id, alias), region.region_id)
            if other != region.region_id:
                raise SettingsFault(f"{path}：别名「{alias}」同时属于 {other} 和 {region.region_id}。")
    return regions


def _sectors(path: Path) -> dict[str, Sector]:
    sectors: dict[str, Sector] = {}
    owners: dict[str, str] = {}
    texts = ("sector_id", "name", "name_en", "function_code", "cofog")
    for where, item in listed(path, "", read_yaml(path)):
        entry = checked(path, where, item, {**dict.fromkeys(texts, TEXT), "keywords": WORDS})
        sector = Sector(**{**entry, "keywords": tuple(entry["keywords"])})
        if sector.sector_id in sectors:
            raise SettingsFault(f"{path}：领域 {sector.sector_id} 写了两次。")
        sectors[sector.sector_id] = sector
        for word in sector.keywords:
            if owners.setdefault(word, sector.sector_id) != sector.sector_id:
                raise SettingsFault(f"{path}：关键词「{word}」同时属于 {owners[word]} 和 {sector.sector_id}。")
    return sectors


def _documents(path: Path, folder: Path, regions: Mapping[str, Region]) -> tuple[Document, ...]:
    documents: dict[str, Document] = {}
    successors: dict[str, str] = {}
    texts = ("document_id", "region_id", "title", "publisher", "file", "media_type", "sha256")
    required = {**dict.fromkeys(texts, TEXT), "year": WHOLE, "bytes": WHOLE}
    for where, item in _any_entries(path):
        entry = checked(path, where, item, required, dict.fromkeys(("source_url", "retrieved_on", "replaces"), TEXT))
        document = Document(**{**entry, "file": folder / entry["file"]})
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", document.document_id):
            raise SettingsFault(f"{path}：document_id「{document.document_id}」只能用小写字母、数字和连字符。")
        if document.document_id in documents:
            raise SettingsFault(
                f"{path}：document_id {document.document_id} 写了两次。已发布的编号不能改，请给新的一份换一个。"
            )
        if document.region_id not in regions:
            raise SettingsFault(
                f"{path}：{document.document_id} 的地区 {document.region_id} 既不在 data/regions.yml 里，也不在 data/divisions.csv 里。"
            )
        if not 1990 <= document.year <= 2099:
            raise SettingsFault(f"{path}：{document.document_id} 的 year 应为四位年份，读到 {document.year!r}。")
        if document.file.name != entry["file"]:
            raise SettingsFault(f"{path}：{document.document_id} 的 file 只写 data/sources 里的文件名，不带路径。")
        if document.replaces is not None and document.replaces not in documents:
            raise SettingsFault(f"{path}：{document.document_id} 要替换的 {document.replaces} 不在它前面。")
        if document.replaces is not None and (later := successors.get(document.replaces)) is not None:
            raise SettingsFault(
                f"{path}：{later} 和 {document.document_id} 都替换 {document.replaces}。请让后一份替换前一份：replaces: {later}。"
            )
        if document.replaces is not None:
            successors[document.replaces] = document.document_id
        documents[document.document_id] = document
    return tuple(documents.values())


def sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _corrections(path: Path) -> tuple[Correction, ...]:
    keys = ("record", "field", "was", "is", "reason", "evidence")
    rows = [checked(path, where, item, dict.fromkeys(keys, TEXT)) for where, item in _any_entries(path)]
    return tuple(Correction(*(row[key] for key in keys)) for row in rows)


def _series(path: Path) -> tuple[SeriesRule, ...]:
    rules = []
    for where, item in _any_entries(path):
        entry = checked(path, where, item, {"reason": TEXT}, {"projects": WORDS, "separate": WORDS})
        joined, separate = entry.get("projects"), entry.get("separate")
        if bool(joined) == bool(separate):
            raise SettingsFault(f"{path}：{where}要写 projects（接上）或 separate（分开）其中一个。")
        rules.append(SeriesRule(tuple(joined or separate or ()), bool(joined)))
    return tuple(rules)


def _check_rules(path: Path) -> CheckRules:
    whole = ("weight_total", "weight_total_without_execution", "reuse_min_length")
    required = {**dict.fromkeys(whole, WHOLE), "share_words": WORDS, "phone_pattern": TEXT}
    block = checked(path, "", read_yaml(path), required)
    return CheckRules(
        block["weight_total"],
        block["weight_total_without_execution"],
        tuple(block["share_words"]),
        block["reuse_min_length"],
        _pattern(path, block["phone_pattern"]),
    )


def _codes(path: Path) -> dict[str, FindingCode]:
    texts = ("severity", "group", "title", "explain", "reader", "fix", "message", "message_en")
    required = {**dict.fromkeys(texts, TEXT), "details": WORDS}
    block = read_yaml(path)
    codes: dict[str, FindingCode] = {}
    for code, item in checked(
        path, "", block, {}, dict.fromkeys(block if isinstance(block, dict) else (), BLOCK)
    ).items():
        entry = checked(path, code, item, required)
        _one_of(path, f"{code} 的 severity", entry["severity"], SEVERITIES)
        _one_of(path, f"{code} 的 group", entry["group"], GROUPS)
        try:
            for key in ("message", "message_en"):
                entry[key].format_map(dict.fromkeys(("expected", "actual", *entry["details"]), ""))
        except (KeyError, ValueError, IndexError) as error:
            raise SettingsFault(f"{path}：{code} 的 {key} 用了 details 里没有的 {error}，或花括号不成对。") from None
        codes[code] = FindingCode(code=code, **{**entry, "details": tuple(entry["details"])})
    return codes
