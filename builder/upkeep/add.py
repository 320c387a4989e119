"""A new file → a line of the manifest: what the file itself says of its region, year, title and kind.

Nothing is asked that the file shows. What it does not show, or shows twice, is an ``RequestFault`` that names the option
to give. Nothing is written here but by ``store``, all of it or nothing.
"""

import re
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from builder import atomic
from builder.dataset import compile as compiling
from builder.dataset.compile import Compiled
from builder.dataset.naming import department_slug, series_key, split_code
from builder.faults import DocumentFault, RequestFault
from builder.forms import headings, kinds
from builder.model import Document, Extract, FiledForm, FiledResult, Reading
from builder.readers import detect
from builder.readers.formats import MEDIA_TYPES
from builder.settings import Settings, load, places
from builder.settings.gazetteer import Region
from builder.settings.manifest import sha256
from builder.text import clean, close_gaps, fold, label_key, web_address

_YEAR = re.compile(r"(?<!\d)(?<!20\d\d-)(20\d{2})(?=年(?!\d{1,2}月)|年度|-20\d{2})")
# 二〇二六年: covers spell the year out.
_YEAR_IN_WORDS = re.compile(r"二[〇零○][〇零○一二三四五六七八九]{2}(?=年)")
_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_YEAR_IN_NAME = re.compile(r"(?<!\d)(20\d{2})(?!\d)")
_SAME_DOCUMENT = 0.8


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


def propose(file: Path, wanted: Wanted, settings: Settings, progress: compiling.Progress) -> Proposal:
    """What the manifest should say of ``file``. Raises ``RequestFault``; writes nothing."""
    if not file.exists():
        raise RequestFault(f"{file}：找不到，请检查路径。")
    try:
        media_type = detect(file)
        if (clash := _clash(file, wanted, settings)) is not None:
            raise RequestFault(f"{file.name}：{clash}")
        return _proposal(file, media_type, wanted, settings, progress)
    except DocumentFault as error:
        raise RequestFault(f"{file.name}：{error}") from error


def _clash(file: Path, wanted: Wanted, settings: Settings) -> str | None:
    """What is wrong with the options as they stand, before anything is read."""
    known = {document.document_id: document for document in settings.documents}
    successors = {document.replaces: document.document_id for document in settings.documents if document.replaces}
    if wanted.region_id is not None and wanted.region_id not in settings.gazetteer.regions:
        return f"没有地区 {wanted.region_id}。编号见 data/regions.yml 和 data/divisions.csv；都没有的，先在 data/regions.yml 里加一条。"
    if wanted.year is not None and not places.FIRST_YEAR <= wanted.year <= places.LAST_YEAR:
        return f"--year 应为四位年份，如 2026，读到 {wanted.year}。"
    if wanted.retrieved_on is not None and not places.is_day(wanted.retrieved_on):
        return f"--retrieved 应为日期，如 2026-03-08，读到「{wanted.retrieved_on}」。"
    if wanted.source_url is not None and not re.fullmatch(r"https?://\S+", wanted.source_url):
        return f"--url 应以 https:// 或 http:// 开头，中间没有空格，读到「{wanted.source_url}」。"
    for option, text in (("--title", wanted.title), ("--publisher", wanted.publisher)):
        if text is not None and not clean(text)[0]:
            return f"{option} 是空的。请写上内容，或不写这个选项。"
    if wanted.document_id is not None and not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", wanted.document_id):
        return f"编号「{wanted.document_id}」只能用小写字母、数字和连字符。请用 --id 另给一个。"
    if wanted.document_id in known and sha256(file) != known[wanted.document_id].sha256:
        return f"编号 {wanted.document_id} 已经用过；已发布的编号不能改。请用 --id 另给一个。"
    if wanted.replaces is not None and wanted.replaces not in known:
        return f"要替换的 {wanted.replaces} 不在清单里。请用 --replaces 写 data/sources.yml 里的 document_id。"
    if wanted.replaces in successors:
        return f"{wanted.replaces} 已经被 {successors[wanted.replaces]} 替换。请写 --replaces {successors[wanted.replaces]}。"
    return None


def _proposal(
    file: Path, media_type: str, wanted: Wanted, settings: Settings, progress: compiling.Progress
) -> Proposal:
    digest = sha256(file)
    for document in settings.documents:
        if document.sha256 == digest:
            return Proposal(document, (), document)
    draft = Document(file.name, "", 0, "", "", file, media_type, digest, file.stat().st_size)
    reading, extract = compiling.read_document(draft, settings, progress, lambda *made: made)
    if not (extract.forms or extract.results) and extract.others:
        other = extract.others[0]
        known = f"{file.name} 是{other.name}（第 {other.line} 行起{other.evidence}）"
        if other.kind in kinds.OF_RESULTS:
            raise RequestFault(
                f"{known}，里面却没有认出一张有项目名称和指标结果的表，没有加入，也没有改动已有的文件。"
                "若栏目名（如完成值、得分）是没见过的写法，加到 data/labels.yml 的 result 再试。"
            )
        raise RequestFault(f"{known}，不是绩效目标表，没有加入，也没有改动已有的文件。请另找同一年度的绩效目标表。")
    title = next((row for row in reading.rows if headings.is_title(row, settings)), None)
    if not (extract.forms or extract.results) and title is not None:
        raise RequestFault(
            f"{file.name} 第 {title.line} 行是绩效目标表的表名，下面却没有认出一个项目：没有表头，或表头下面是空的。没有加入。"
            "请确认下载的文件是完整的；若栏目名（如项目名称、三级指标、指标值）是没见过的写法，加到 data/labels.yml 再试。"
        )
    if not (extract.forms or extract.results):
        raise RequestFault(
            f"{file.name} 里没有认出一张绩效目标表，没有加入。请确认下载的是绩效目标表；"
            "若表名是没见过的写法，加到 data/labels.yml 的 titles 里再试。"
        )
    printed = list(_headings(reading, extract, settings))
    region, why_region = _region(file, wanted, printed, extract, settings)
    year, why_year = _year(file, wanted, printed)
    _require_calendar(region, year, _kind(extract), settings)
    replaces, why_replaces = _replaced(region, year, wanted, extract, settings, progress)
    document = replace(
        draft,
        document_id=wanted.document_id or _document_id(region, year, extract, settings),
        region_id=region.region_id,
        year=year,
        title=wanted.title or _title(printed, region, year),
        publisher=wanted.publisher or _publisher(extract, region, settings),
        source_url=web_address(wanted.source_url) if wanted.source_url else None,
        retrieved_on=wanted.retrieved_on,
        replaces=replaces,
        kind=_kind(extract),
    )
    return Proposal(document, (why_region, why_year, *why_replaces), None)


def _sheets(extract: Extract) -> Sequence[FiledForm | FiledResult]:
    """The forms of a document of targets, or the sheets of one of results: no document is both."""
    return extract.forms or extract.results


def _kind(extract: Extract) -> str:
    return "targets" if extract.forms else extract.results[0].kind


def placed(document: Document, settings: Settings) -> Document:
    """The document with its file where ``store`` puts it: ``data/sources/{document_id}`` and an ending that we know.

    What a download's address ends in (``a.pdf?v=1``) is no ending; then the media type gives one.
    """
    ending = document.file.suffix.lower()
    if ending not in MEDIA_TYPES:
        ending = next(known for known, media_type in MEDIA_TYPES.items() if media_type == document.media_type)
    return replace(document, file=settings.data / "sources" / f"{document.document_id}{ending}")


def store(document: Document, settings: Settings, compiled: Compiled) -> None:
    """Put the file into ``data/sources``, its line into the manifest, and the dataset with it into data/dataset.

    All three or none, whatever stops it.
    """
    target = placed(document, settings).file
    is_there = target.exists()
    if is_there and sha256(target) != document.sha256:
        raise RequestFault(
            f"data/sources/{target.name} 已经有一份内容不同、没有登记的文件，没有覆盖它。请移走它，或用 --id 另给一个编号。"
        )
    source = f"sources/{target.name}"
    names = [*([] if is_there else [source]), "dataset", "sources.yml"]
    with atomic.changing(settings.data, names, lambda: load(settings.data)) as staged:
        if not is_there:
            shutil.copyfile(document.file, staged / source)
        manifest = (settings.data / "sources.yml").read_bytes()
        (staged / "sources.yml").write_bytes(_appended(manifest, document, settings))
        compiling.write_dataset(compiled, settings, staged / "dataset")


def is_published(document: Document, settings: Settings) -> bool:
    """Whether the dataset holds the document, or need not: what was replaced is in no dataset."""
    if document not in settings.current_documents:
        return True
    path = settings.data / "dataset" / "documents.csv"
    return path.is_file() and f"\n{document.document_id}," in path.read_text(encoding="utf-8")


def _appended(manifest: bytes, document: Document, settings: Settings) -> bytes:
    """The manifest with the document's lines at its end. A list without entries is written ``[]``."""
    held = manifest.rstrip()
    if not settings.documents:
        held = held.removesuffix(b"[]").rstrip()
    return held + b"\n" + entry(document, settings).encode()


def entry(document: Document, settings: Settings) -> str:
    """The manifest's lines for a document."""
    values = {
        "document_id": document.document_id,
        "region_id": document.region_id,
        "year": document.year,
        "title": document.title,
        "publisher": document.publisher,
        "file": placed(document, settings).file.name,
        "media_type": document.media_type,
        "sha256": document.sha256,
        "bytes": document.bytes,
        "source_url": document.source_url,
        "retrieved_on": document.retrieved_on,
        "replaces": document.replaces,
        "kind": None if document.kind == "targets" else document.kind,
        "holds": None
        if document.holds is None
        else {key: _plain(text) for key, text in document.holds.counts().items()},
    }
    given = {key: value for key, value in values.items() if value is not None}
    return yaml.safe_dump([given], allow_unicode=True, sort_keys=False, width=1000)


def _plain(text: str) -> int | str:
    """A figure as YAML writes it: a whole number bare, a fraction as text."""
    return int(text) if text.isdecimal() else text


def _headings(reading: Reading, extract: Extract, settings: Settings) -> Iterator[str]:
    """What is printed over the forms: cover and preamble, titles, the year under a title, the unit that files."""
    sheets = _sheets(extract)
    first = min(sheet.line_start for sheet in sheets)
    for row in reading.rows:
        if (
            row.line < first
            or headings.is_title(row, settings)
            or kinds.titled(row, settings) is not None
            or (len(row.filled) == 1 and len(row.filled[0].text) < 20)
        ):
            for cell in row.filled:
                yield close_gaps(clean(cell.text)[0])
    for form in sheets:
        for name in ("budget", "goal"):
            if name in form.fields:
                yield form.fields[name].label


def _region(
    file: Path, wanted: Wanted, headings: Iterable[str], extract: Extract, settings: Settings
) -> tuple[Region, str]:
    """The place that the file names most, and where. Raises ``RequestFault`` where none is, or several may be meant."""
    places = settings.gazetteer
    if wanted.region_id is not None:
        return places.regions[wanted.region_id], f"地区 {wanted.region_id}：由 --region 指定"
    units = [
        form.fields[name].text
        for form in _sheets(extract)
        for name in ("reporting_unit", "department", "implementing_unit")
        if name in form.fields
    ]
    groups = [
        (what, [[*places.named(text)] for text in texts])
        for what, texts in (("表名和封面", headings), ("主管部门", units), ("文件名", [file.stem]))
    ]
    beside = frozenset(meant[0] for _, texts in groups for text in texts for meant in text if len(meant) == 1)
    for what, texts in groups:
        counts = Counter(one for text in texts for one in {places.likeliest(meant, beside) for meant in text})
        for meant in [*counts]:
            above = {(region.region_id,) for one in meant for region in places.chain(one)[:-1]}
            for upper in above & counts.keys():
                if counts[upper] <= counts[meant]:
                    del counts[upper]
        ranked = counts.most_common(2)
        if not ranked or (len(ranked) == 2 and ranked[0][1] <= 2 * ranked[1][1]):
            continue
        if len(meant := ranked[0][0]) > 1:
            known = "、".join(f"{places.full_name(one)}（{one}）" for one in meant)
            raise RequestFault(f"{file.name} {what}里的地名不止一处这样叫：{known}。请用 --region 写明是哪一个。")
        region = places.regions[meant[0]]
        return region, f"地区 {region.region_id}（{places.full_name(region.region_id)}）：见于{what}"
    raise RequestFault(
        f"看不出 {file.name} 是哪个地区的。请用 --region 指定，编号见 data/regions.yml 和 data/divisions.csv；"
        "都没有的，先在 data/regions.yml 里加一条。"
    )


def _year(file: Path, wanted: Wanted, headings: Iterable[str]) -> tuple[int, str]:
    if wanted.year is not None:
        return wanted.year, f"年度 {wanted.year}：由 --year 指定"
    counts = Counter(int(year) for text in headings for year in set(_YEAR.findall(_in_digits(text))))
    ranked = counts.most_common(2)
    if ranked and (len(ranked) == 1 or ranked[0][1] > ranked[1][1]):
        return ranked[0][0], f"年度 {ranked[0][0]}：见于表名和栏目"
    named = set(_YEAR_IN_NAME.findall(file.stem))
    if len(named) == 1:
        year = int(named.pop())
        return year, f"年度 {year}：见于文件名"
    raise RequestFault(f"看不出 {file.name} 是哪一年的。请用 --year 指定。")


def _in_digits(text: str) -> str:
    return _YEAR_IN_WORDS.sub(lambda found: found[0].translate(_DIGITS), fold(text))


def _title(headings: Iterable[str], region: Region, year: int) -> str:
    """The first printed heading that speaks of 绩效, with region and year in front where it lacks them. A sentence of
    the preamble is no heading."""
    about = [text for text in headings if "绩效" in text and len(text) <= 60 and not re.search("[，。；：、]", text)]
    found = next((text for text in about if len(text) >= 10), about[0] if about else "预算绩效目标表")
    if str(year) not in _in_digits(found):
        found = f"{year}年{found}"
    if not any(alias in found for alias in {region.name, *region.aliases}):
        found = f"{region.name}{found}"
    return re.sub(r"(?<=\d) +(?=[\u3400-\u9fff])|(?<=[\u3400-\u9fff]) +(?=\d)", "", found)


def _publisher(extract: Extract, region: Region, settings: Settings) -> str:
    """The unit that files all forms, if one does; else the region."""
    for name in ("reporting_unit", "department"):
        units = {close_gaps(clean(form.fields[name].text)[0]) for form in _sheets(extract) if name in form.fields}
        if len(units) == 1 and "" not in units:
            return split_code(units.pop())[1]
    whole = settings.gazetteer.full_name(region.region_id)
    above = whole.removesuffix(region.name)
    return max((alias for alias in (whole, *region.aliases) if alias.startswith(above)), key=len)


def _require_calendar(region: Region, year: int, kind: str, settings: Settings) -> None:
    known = settings.calendar
    place = (region.region_id, year)
    noted = known.entries.get(place) if kind == "targets" else known.results.get((*place, kind))
    if noted is not None:
        raise RequestFault(
            f"data/calendar.yml 记着 {region.region_id} {year} 年“{places.STATUSES[noted.status]}”，现在有文件了。"
            "请先从那里删去这一条，再加入。"
        )


def _replaced(
    region: Region, year: int, wanted: Wanted, extract: Extract, settings: Settings, progress: compiling.Progress
) -> tuple[str | None, tuple[str, ...]]:
    """The document that this one revises, and why: the one that the person names, else one of the same region and
    year that holds mostly the same projects and nothing that would be lost. Raises ``RequestFault`` where it would."""
    if wanted.replaces is not None:
        old = next(document for document in settings.documents if document.document_id == wanted.replaces)
        if old.kind != _kind(extract):
            raise RequestFault(f"{old.document_id} 和这一份不是一种文件，不能互相替换。请核对 --replaces。")
        if (old.region_id, old.year) != (region.region_id, year):
            raise RequestFault(
                f"{old.document_id} 是 {old.region_id} {old.year} 年的文件，不能由 {region.region_id} {year} 年的替换。"
                "请核对 --replaces；地区或年度认错了，用 --region、--year 指定。"
            )
        return wanted.replaces, (f"替换 {wanted.replaces}：由 --replaces 指定",)
    names = _project_names(extract)
    reasons = []
    for document in settings.current_documents:
        if (document.region_id, document.year, document.kind) != (region.region_id, year, _kind(extract)):
            continue
        try:
            old_extract = compiling.read_document(document, settings, progress, lambda _, extract: extract)
        except DocumentFault as error:
            reasons.append(f"没有和 {document.document_id} 比较，它读不出来：{error}若是它的修订版，加 --replaces。")
            continue
        known = _project_names(old_extract)
        if names and len(names & known) >= _SAME_DOCUMENT * max(len(names), len(known)):
            if lost := _lost(old_extract, extract):
                raise RequestFault(
                    f"看起来是 {document.document_id} 的修订版（同一地区同一年度，项目名称大多相同），但比原来少了：{lost}。"
                    f"没有加入。确认是修订版，就加上 --replaces {document.document_id}。"
                )
            why = f"替换 {document.document_id}：同一地区同一年度，项目名称大多相同，按修订版处理"
            return document.document_id, (why,)
    return None, tuple(reasons)


def _lost(old: Extract, new: Extract) -> str:
    """How many values of each field the new document lacks, of the projects in both: ``当年预算 30 处、指标 12 项``."""
    held = {series_key(form.fields["name"].text): form for form in _sheets(new) if "name" in form.fields}
    lost: Counter[str] = Counter()
    for before in _sheets(old):
        after = held.get(series_key(before.fields["name"].text)) if "name" in before.fields else None
        if after is not None:
            lost.update(label_key(filed.label) for name, filed in before.fields.items() if name not in after.fields)
            lost["指标"] += max(0, len(before.indicators) - len(after.indicators))
    return "、".join(f"{name} {count} 处" for name, count in lost.items() if count)


def _project_names(extract: Extract) -> set[str]:
    return {series_key(form.fields["name"].text) for form in _sheets(extract) if "name" in form.fields}


def _document_id(region: Region, year: int, extract: Extract, settings: Settings) -> str:
    """``{region}-{year}-`` and ``key`` for 重点专项, else the one department's name, else ``projects``."""
    if all("重点专项" in form.title or "专项资金" in form.title for form in _sheets(extract)):
        kind = "key"
    else:
        filed = [form.fields.get("department") or form.fields.get("reporting_unit") for form in _sheets(extract)]
        slugs = {department_slug(region, unit.text, settings.department_names) for unit in filed if unit is not None}
        kind = (slugs.pop() if len(slugs) == 1 else "") or "projects"
    taken = {document.document_id for document in settings.documents}
    base = f"{region.region_id}-{year}-{kind}" + ("" if extract.forms else f"-{_kind(extract).replace('_', '-')}")
    return next(name for number in range(1, 1000) if (name := base if number == 1 else f"{base}-{number}") not in taken)
