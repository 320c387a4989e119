"""/data/ and the dictionary in English: what can be taken away, and what each column means."""

from dataclasses import dataclass
from typing import ClassVar

from builder import words
from builder.package import cite, files
from builder.package.datapackage import TYPE_TITLES
from builder.site.facts import Facts
from builder.site.paths import Here
from builder.site.views.coverage import regions_with_documents
from builder.site.views.parts import Citation, Link, Page, place_link, signs

# All records, one a line.
RECORDS, RECORDS_OF_RESULTS = "records.jsonl.gz", "results.jsonl.gz"
_WIDE = "带地区、部门、领域的名称和网址，不用再连别的表"
_LINES = "（JSON，一行一个，带每个值的出处）"
# Files beside the packages, and what is in them; those of results stand there where results are.
OTHERS = (
    ("projects_flat.csv", f"一行一个项目，{_WIDE}"),
    ("indicators_flat.csv", f"一行一项指标，{_WIDE}"),
    (RECORDS, f"全部项目的记录{_LINES}"),
)
OTHERS_OF_RESULTS = (
    ("results_flat.csv", f"一行一项指标的结果，{_WIDE}"),
    (RECORDS_OF_RESULTS, f"全部结果表的记录{_LINES}"),
)

# Places whose packages the page lists.
MOST_PACKAGES = 60


@dataclass(frozen=True, slots=True)
class FieldItem:
    anchor: str
    name: str
    title: str
    type: str
    required: bool
    description: str
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class TableItem:
    name: str
    title: str
    description: str
    rows: str
    csv: str
    fields: tuple[FieldItem, ...]


@dataclass(frozen=True, slots=True)
class PackageItem:
    place: Link
    files: tuple[Link, ...]
    forms: str


@dataclass(frozen=True, slots=True)
class DataView:
    template: ClassVar[str] = "data.html.jinja"

    whole: tuple[tuple[Link, str], ...]
    packages: tuple[PackageItem, ...]
    rest: Link | None
    tables: tuple[TableItem, ...]
    notes: tuple[str, ...]
    licence: Link
    version: str
    citation: Citation
    citation_files: tuple[Link, ...]
    parquet: str
    csv: str
    sqlite: str
    example: str
    sources: str
    quality: str
    questions: str
    query: str


@dataclass(frozen=True, slots=True)
class EnglishView:
    template: ClassVar[str] = "en.html.jinja"

    forms: str
    indicators: str
    documents: str
    results: str
    kept: str
    tables: tuple[TableItem, ...]
    data: str
    home: str
    sources: str
    example: str
    questions: str
    repository: str


def page(facts: Facts) -> Page:
    here = Here("data/")
    places = [(row.region_id, year) for row in regions_with_documents(facts) for year in facts.years(row.region_id)]
    packages = tuple(
        PackageItem(
            place_link(facts, here, region_id, year),
            tuple(
                Link(text, here.data(f"{region_id}-{year}{ending}"))
                for text, ending in (("zip", ".zip"), ("xlsx", ".xlsx"), ("datapackage.json", "/datapackage.json"))
            ),
            f"{len(facts.by_region_year.get((region_id, year), ()))} 个项目",
        )
        for region_id, year in places[:MOST_PACKAGES]
    )
    rest = len(places) - MOST_PACKAGES
    site = f"{facts.policy.name}-site.zip"
    view = DataView(
        whole=(
            *(
                (Link(kind.file(facts.policy, None), here.data(kind.file(facts.policy, None))), kind.note)
                for kind in files.kinds(None)
            ),
            *((Link(name, here.data(name)), what) for name, what in OTHERS),
            *((Link(name, here.data(name)), what) for name, what in OTHERS_OF_RESULTS if facts.results),
            (
                Link("datapackage.json", here.data("datapackage.json")),
                "Frictionless 数据包：每张表的类型和含义，给程序用",
            ),
            (Link(site, here.data(site)), "整个网站，不联网也能看，解压后打开 index.html"),
        ),
        packages=packages,
        rest=Link(f"另有 {words.number(rest)} 个地区年度，在各自的页上下载", here.at("projects/"))
        if rest > 0
        else None,
        tables=_tables(facts, here, english=False),
        notes=facts.policy.notes,
        licence=Link(facts.policy.licence.title, facts.policy.licence.path),
        version=facts.policy.version,
        citation=Citation(
            "GB/T 7714—2025",
            cite.of_dataset(facts.policy, facts.policy.name, facts.policy.title, facts.policy.base_url).gb_t_7714,
        ),
        questions=here.questions(),
        query=here.query(),
        citation_files=tuple(Link(name, here.data(name)) for name in cite.files(facts.policy)),
        parquet=f"{facts.url}/data/parquet/projects.parquet",
        csv=f"{facts.url}/data/projects.csv",
        sqlite=f"{facts.policy.name}.sqlite",
        example=f"{facts.url}/data/datapackage.json",
        sources=here.sources(),
        quality=here.quality(),
    )
    said = "全部数据的 CSV、Excel、SQLite、Parquet 和 Frictionless 数据包，附字典。"
    items = [(here.path + kind.file(facts.policy, None), kind.file_type) for kind in files.kinds(None)]
    described = (f"{here.path}datapackage.json", "application/json")
    return Page(here.path, "下载数据", said, view, signs=signs(facts, here.path, described, items))


def english(facts: Facts) -> Page:
    here = Here("en/")
    view = EnglishView(
        forms=words.number(len(facts.projects)),
        indicators=words.number(facts.count_indicators(facts.projects.values())),
        documents=words.number(len(facts.documents)),
        results=words.number(len(facts.results)),
        kept=here.results(),
        tables=_tables(facts, here, english=True),
        data=here.data(),
        home=here.home(),
        sources=here.sources(),
        example=f"{facts.url}/data/datapackage.json",
        questions=here.questions(),
        repository=facts.repository,
    )
    return Page(
        here.path,
        "Mingzhang: what Chinese local governments promise for their money",
        "Budget performance targets published by Chinese local governments, as open data with a link to every printed line.",
        view,
        language="en",
    )


def _tables(facts: Facts, here: Here, *, english: bool) -> tuple[TableItem, ...]:
    items = []
    for name in (name for name in facts.policy.tables if name in facts.schemas):
        table = facts.schemas[name]
        count = words.number(facts.rows[name])
        fields = tuple(
            FieldItem(
                anchor=f"{name}.{field.name}",
                name=field.name,
                title=field.title_en if english else field.heading,
                type=field.type if english else TYPE_TITLES[field.type],
                required=field.constraints.required,
                description=field.description_en if english else field.description,
                choices=tuple((c.value, c.label_en if english else c.label) for c in field.categories),
            )
            for field in table.fields
        )
        items.append(
            TableItem(
                name=name,
                title=table.title_en if english else table.title,
                description=table.description_en if english else table.description,
                rows=f"{count} rows" if english else f"{count} 行",
                csv=here.data(f"{name}.csv"),
                fields=fields,
            )
        )
    return tuple(items)
