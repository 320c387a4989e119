"""A new file → a line of the manifest: what the file itself says of its region, year, title and kind.

Nothing is asked that the file shows. What it does not show, or shows twice, is an ``AddError`` that names the option
to give. Nothing is written here but by ``stored``, which undoes itself if anything fails.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from builder import atomic, headings, pipeline
from builder.config import Config, Region, sha256
from builder.model import Document, Extract, Reading
from builder.naming import department_slug, series_key
from builder.readers import detect
from builder.values import clean, close_gaps, fold

_YEAR = re.compile(r"(?<!\d)(20\d{2})(?=年(?!\d{1,2}月)|年度|-20\d{2})")
_YEAR_IN_NAME = re.compile(r"(?<!\d)(20\d{2})(?!\d)")
_SAME_DOCUMENT = 0.8


class AddError(Exception):
    """The file cannot be added as it is; the message says which option or step helps."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the person gave by option; ``None`` is to be seen from the file."""

    region_id: str | None = None
    year: int | None = None
    title: str | None = None
    publisher: str | None = None
    document_id: str | None = None
    source_url: str | None = None
    retrieved_on: str | None = None
    replaces: str | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """The manifest line for a file, still at its own path, and why each part is what it is."""

    document: Document
    reasons: tuple[str, ...]
    already: Document | None


def propose(file: Path, wanted: Wanted, config: Config, progress: pipeline.Progress) -> Proposal:
    """What the manifest should say of ``file``. Raises ``AddError`` or ``UnreadableError``; writes nothing."""
    if not file.is_file():
        raise AddError(f"找不到文件 {file}。请检查路径。")
    digest = sha256(file)
    for document in config.documents:
        if document.sha256 == digest:
            return Proposal(document, (), document)
    media_type = detect(file)
    draft = Document("draft", "", 0, "", "", file, media_type, digest, file.stat().st_size)
    reading = pipeline.read_document(draft, config, progress)
    extract = pipeline.extract_document(draft, reading, config)
    if not extract.forms:
        raise AddError(
            f"{file.name} 里没有认出一张绩效目标表，没有加入。请确认下载的是绩效目标表；"
            "若表名是没见过的写法，加到 data/labels.yml 的 titles 里再试。"
        )
    headings = list(_headings(reading, extract, config))
    region, why_region = _region(file, wanted, headings, extract, config)
    year, why_year = _year(file, wanted, headings)
    title = wanted.title or _title(headings, region, year)
    publisher = wanted.publisher or _publisher(extract, region, config)
    reasons = [why_region, why_year]
    predecessor = wanted.replaces or _predecessor(region, year, extract, config, progress)
    if predecessor and not wanted.replaces:
        reasons.append(f"替换 {predecessor}：同一地区同一年度，项目名称大多相同，按修订版处理")
    document_id = wanted.document_id or _document_id(region, year, extract, config)
    document = replace(
        draft,
        document_id=document_id,
        region_id=region.region_id,
        year=year,
        title=title,
        publisher=publisher,
        source_url=wanted.source_url,
        retrieved_on=wanted.retrieved_on,
        replaces=predecessor,
    )
    _require_sound(document, config)
    return Proposal(document, tuple(reasons), None)


@contextmanager
def stored(document: Document, root: Path) -> Iterator[Document]:
    """Copy the file into ``data/sources`` and append its line to the manifest; undone if the block raises."""
    target = root / "data" / "sources" / f"{document.document_id}{document.file.suffix.lower()}"
    manifest = root / "data" / "sources.yml"
    placed = replace(document, file=target)
    before = manifest.read_bytes()
    atomic.write_bytes(target, document.file.read_bytes())
    try:
        atomic.write_bytes(manifest, before.rstrip(b"\n") + b"\n" + entry(placed).encode())
        yield placed
    except BaseException:
        atomic.write_bytes(manifest, before)
        target.unlink()
        raise


def entry(document: Document) -> str:
    """The manifest's lines for a document."""
    values = {
        "document_id": document.document_id,
        "region_id": document.region_id,
        "year": document.year,
        "title": document.title,
        "publisher": document.publisher,
        "file": document.file.name,
        "media_type": document.media_type,
        "sha256": document.sha256,
        "bytes": document.bytes,
        "source_url": document.source_url,
        "retrieved_on": document.retrieved_on,
        "replaces": document.replaces,
    }
    given = {key: value for key, value in values.items() if value is not None}
    return yaml.safe_dump([given], allow_unicode=True, sort_keys=False, width=1000)


def _headings(reading: Reading, extract: Extract, config: Config) -> Iterator[str]:
    """What is printed over the forms: cover and preamble, titles, the year under a title, the unit that files."""
    first = min(form.line_start for form in extract.forms)
    for row in reading.rows:
        if (
            row.line < first
            or headings.is_title(row, config)
            or (len(row.filled) == 1 and len(row.filled[0].text) < 20)
        ):
            for cell in row.filled:
                yield close_gaps(clean(cell.text)[0])
    for form in extract.forms:
        for name in ("budget", "goal"):
            if name in form.fields:
                yield form.fields[name].label


def _region(
    file: Path, wanted: Wanted, headings: Iterable[str], extract: Extract, config: Config
) -> tuple[Region, str]:
    if wanted.region_id is not None:
        if wanted.region_id not in config.regions:
            raise AddError(f"没有地区 {wanted.region_id}。地区的编号见 data/regions.yml；新地区先在那里加一行。")
        return config.regions[wanted.region_id], f"地区 {wanted.region_id}：由 --region 指定"
    names = [
        form.fields[name].text
        for form in extract.forms
        for name in ("reporting_unit", "department", "implementing_unit")
        if name in form.fields
    ]
    for what, texts in (("表名和封面", headings), ("主管部门", names), ("文件名", [file.stem])):
        counts: Counter[str] = Counter()
        for text in texts:
            counts.update(set(_mentioned(text, config.regions)))
        ranked = counts.most_common(2)
        if ranked and (len(ranked) == 1 or ranked[0][1] > 2 * ranked[1][1]):
            region = config.regions[ranked[0][0]]
            return region, f"地区 {region.region_id}（{region.name}）：见于{what}"
    raise AddError(f"看不出 {file.name} 是哪个地区的。请用 --region 指定，编号见 data/regions.yml。")


def _mentioned(text: str, regions: Mapping[str, Region]) -> Iterator[str]:
    """The regions that a text names: the longest names first, so that 重庆市长寿区 does not also name 重庆市."""
    rest = fold(text)
    aliases = sorted(
        ((alias, region.region_id) for region in regions.values() for alias in {region.name, *region.aliases}),
        key=lambda item: (-len(item[0]), item[0]),
    )
    for alias, region_id in aliases:
        if len(alias) > 2 and alias in rest:
            rest = rest.replace(alias, "\n")
            yield region_id


def _year(file: Path, wanted: Wanted, headings: Iterable[str]) -> tuple[int, str]:
    if wanted.year is not None:
        return wanted.year, f"年度 {wanted.year}：由 --year 指定"
    counts = Counter(int(year) for text in headings for year in set(_YEAR.findall(fold(text))))
    ranked = counts.most_common(2)
    if ranked and (len(ranked) == 1 or ranked[0][1] > ranked[1][1]):
        return ranked[0][0], f"年度 {ranked[0][0]}：见于表名和栏目"
    named = set(_YEAR_IN_NAME.findall(file.stem))
    if len(named) == 1:
        year = int(named.pop())
        return year, f"年度 {year}：见于文件名"
    raise AddError(f"看不出 {file.name} 是哪一年的。请用 --year 指定。")


def _title(headings: Iterable[str], region: Region, year: int) -> str:
    """The first printed heading that speaks of 绩效, with region and year in front where it lacks them."""
    about = [text for text in headings if "绩效" in text and len(text) <= 60]
    found = next((text for text in about if len(text) >= 10), about[0] if about else "预算绩效目标表")
    if str(year) not in found:
        found = f"{year}年{found}"
    if not any(alias in found for alias in {region.name, *region.aliases}):
        found = f"{region.name}{found}"
    return re.sub(r"(?<=\d) +(?=[\u3400-\u9fff])|(?<=[\u3400-\u9fff]) +(?=\d)", "", found)


def _publisher(extract: Extract, region: Region, config: Config) -> str:
    """The unit that files all forms, if one does; else the region."""
    for name in ("reporting_unit", "department"):
        units = {close_gaps(form.fields[name].text) for form in extract.forms if name in form.fields}
        if len(units) == 1:
            return re.sub(r"^\d{3,9}\s*[-—－–_]+\s*", "", units.pop())
    parent = config.regions[region.parent_id].name if region.parent_id else ""
    return max((alias for alias in region.aliases if parent and alias.startswith(parent)), key=len, default=region.name)


def _predecessor(
    region: Region, year: int, extract: Extract, config: Config, progress: pipeline.Progress
) -> str | None:
    """A document of the same region and year that holds mostly the same projects: then the file is its revision."""
    names = {series_key(form.fields["name"].text) for form in extract.forms if "name" in form.fields}
    for document in config.current_documents:
        if (document.region_id, document.year) != (region.region_id, year):
            continue
        old = pipeline.extract_document(document, pipeline.read_document(document, config, progress), config)
        known = {series_key(form.fields["name"].text) for form in old.forms if "name" in form.fields}
        if names and len(names & known) >= _SAME_DOCUMENT * max(len(names), len(known)):
            return document.document_id
    return None


def _document_id(region: Region, year: int, extract: Extract, config: Config) -> str:
    """``{region}-{year}-`` and ``key`` for 重点专项, else the one department's name, else ``projects``."""
    if all("重点专项" in form.title or "专项资金" in form.title for form in extract.forms):
        kind = "key"
    else:
        filed = [form.fields.get("department") or form.fields.get("reporting_unit") for form in extract.forms]
        slugs = {department_slug(region, unit.text, config.department_names) for unit in filed if unit is not None}
        kind = slugs.pop() if len(slugs) == 1 else "projects"
    taken = {document.document_id for document in config.documents}
    base = f"{region.region_id}-{year}-{kind}"
    return next(name for number in range(1, 1000) if (name := base if number == 1 else f"{base}-{number}") not in taken)


def _require_sound(document: Document, config: Config) -> None:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", document.document_id):
        raise AddError(f"编号「{document.document_id}」只能用小写字母、数字和连字符。请用 --id 另给一个。")
    known = {item.document_id for item in config.documents}
    if document.document_id in known:
        raise AddError(f"编号 {document.document_id} 已经用过；已发布的编号不能改。请用 --id 另给一个。")
    if document.replaces is not None and document.replaces not in known:
        raise AddError(f"要替换的 {document.replaces} 不在清单里。")
