"""``sources.yml``, ``corrections.yml``, ``series.yml``: which documents there are, and what a person decided of them."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, model_validator
from pydantic import Field as Is

from builder.faults import SettingsFault, regular
from builder.model import Document, Holds
from builder.settings.gazetteer import Region
from builder.settings.loading import Entry, Line, Slug, Text, Url, Whole, Words, load, shaped, together, wrong
from builder.settings.places import Day, Year


def _yuan(value: object) -> object:
    """A whole number of yuan, or a text such as 1210700.55, which YAML's floats would round."""
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,30}(\.[0-9]{1,6})?", value):
        return Decimal(value)
    raise ValueError("应为金额（元），如 2000000 或 1210700.55")


Count = Annotated[Whole, Is(ge=0)]


class Held(Entry):
    """What ``add`` found in a document; ``total_yuan`` may have a fraction."""

    forms: Count
    indicators: Count
    amounts: Count
    total_yuan: Annotated[Decimal, BeforeValidator(_yuan)]
    values: Count
    because: Line | None = None


class Source(Entry):
    """A line of the manifest; ``file`` is the name of a file in data/sources."""

    document_id: Slug
    region_id: str
    year: Year
    title: Line
    publisher: Line
    file: Annotated[
        Line, shaped(r"(?=.{1,80}$)[^/\\]*[^/\\.][^/\\]*", "只写 data/sources 里的文件名，不带路径，不超过 80 个字")
    ]
    media_type: Annotated[str, shaped(r"[^/\s]+/[^/\s]+", "应为文件类型，如 text/plain")]
    sha256: Annotated[str, shaped("[0-9a-f]{64}", "应为 64 位十六进制数，由 python -m builder add 填写")]
    bytes: Annotated[Whole, Is(ge=1)]
    source_url: Url | None = None
    retrieved_on: Day | None = None
    replaces: Slug | None = None
    holds: Held | None = None
    kind: Literal["targets", "monitoring", "self_evaluation", "evaluation"] = "targets"
    scope: Literal["key_projects", "one_department", "several_departments", "unknown"] | None = None
    obtained_as: Literal["original", "text_of_original"] | None = None


class Correction(Entry):
    """One cell that the document itself proves to be a slip. ``was`` must be what is read now."""

    record: Line
    field: Line
    was: Text
    is_: Annotated[Text, Is(alias="is")]
    reason: Line
    evidence: Line


@dataclass(frozen=True, slots=True)
class SeriesRule:
    """Projects that a person joined (``joined``) or told apart."""

    projects: tuple[str, ...]
    joined: bool
    reason: str


class SeriesEntry(Entry):
    projects: Words = ()
    separate: Words = ()
    reason: Line

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if bool(self.projects) == bool(self.separate):
            raise wrong("要写 projects（接上）或 separate（分开）其中一个")
        return self


def _sources(sources: tuple[Source, ...]) -> None:
    known: set[str] = set()
    files: set[str] = set()
    successors: dict[str, str] = {}
    for place, source in enumerate(sources):
        if source.document_id in known:
            raise wrong(f"{source.document_id} 写了两次。已发布的编号不能改，请给新的一份换一个", place, "document_id")
        if source.file.casefold() in files:
            raise wrong(f"{source.file} 前面已经登记过，请核对", place, "file")
        if source.replaces is not None:
            if source.replaces not in known:
                raise wrong(f"{source.replaces} 不在它前面", place, "replaces")
            if (later := successors.setdefault(source.replaces, source.document_id)) != source.document_id:
                said = f"{later} 已经替换 {source.replaces}。请让后一份替换前一份：replaces: {later}"
                raise wrong(said, place, "replaces")
        known.add(source.document_id)
        files.add(source.file.casefold())


def documents(path: Path, folder: Path, regions: Mapping[str, Region]) -> tuple[Document, ...]:
    """The documents of the manifest, in its order, each with its file in ``folder``."""
    sources = load(path, tuple[Source, ...], _sources, empty=())
    faults = [
        SettingsFault(
            f"地区 {source.region_id} 既不在 data/regions.yml 里，也不在 data/divisions.csv 里",
            file=path,
            place=source.document_id,
        )
        for source in sources
        if source.region_id not in regions
    ]
    if faults:
        raise together(path, faults)
    return tuple(
        Document(
            **source.model_dump(exclude={"file", "holds"}),
            file=folder / source.file,
            holds=None if source.holds is None else Holds(**source.holds.model_dump()),
        )
        for source in sources
    )


def corrections(path: Path) -> tuple[Correction, ...]:
    return load(path, tuple[Correction, ...], empty=())


def series(path: Path) -> tuple[SeriesRule, ...]:
    entries = load(path, tuple[SeriesEntry, ...], empty=())
    return tuple(SeriesRule(entry.projects or entry.separate, bool(entry.projects), entry.reason) for entry in entries)


def sha256(path: Path) -> str:
    with regular(path).open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
