"""What machines read: each file valid by the validator of its standard, which notices a fault; true; the same each time."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from argparse import Namespace
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import jsonschema
import pytest
from lxml import html
from rdflib import RDF, BNode, Graph, Literal, URIRef
from rdflib import Namespace as Vocabulary
from rdflib.compare import isomorphic
from tiny import DATA, document, tables

from builder import settings as configuration
from builder.dataset import store
from builder.dataset.rows import Tables
from builder.dataset.store import Dataset
from builder.faults import PublishingFault
from builder.package import catalogues, derived, files

SETTINGS = configuration.load(DATA)
SCHEMAS = {**SETTINGS.schemas, **SETTINGS.derived}
POLICY = SETTINGS.package
SITE_URL = "https://site.example/mz/"
WRITTEN = ("catalog.jsonld", "catalog.ttl", "data/croissant.json", "data/csvw-metadata.json", "llms.txt", "robots.txt")

PROFILES = Path(__file__).parents[1] / "profiles"
SHAPES = Graph().parse(PROFILES / "dcat-ap-3.0.1-shacl.ttl")
SCHEMA_ORG = jsonschema.Draft202012Validator(json.loads((PROFILES / "schema-org-dataset.json").read_text("utf-8")))
ADMS, DCAT = Vocabulary("http://www.w3.org/ns/adms#"), Vocabulary("http://www.w3.org/ns/dcat#")
DCT, FOAF = Vocabulary("http://purl.org/dc/terms/"), Vocabulary("http://xmlns.com/foaf/0.1/")
PROV, SKOS = Vocabulary("http://www.w3.org/ns/prov#"), Vocabulary("http://www.w3.org/2004/02/skos/core#")
SPDX = Vocabulary("http://spdx.org/rdf/terms#")


def stored(rows: Tables, folder: Path) -> Dataset:
    store.write(rows.by_name(), SETTINGS.schemas, folder)
    return derived.published(store.load(folder, SETTINGS.schemas), SETTINGS)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return stored(tables(), tmp_path_factory.mktemp("dataset") / "dataset")


@pytest.fixture(scope="module")
def site(data: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The downloads and metadata of a site, without its pages."""
    folder = tmp_path_factory.mktemp("site")
    files.write(data, SETTINGS, folder / "data")
    catalogues.write(data, POLICY, SITE_URL, folder)
    return folder


@pytest.fixture
def graph(site: Path) -> Graph:
    return Graph().parse(site / "catalog.ttl")


# DCAT-AP


def shacl_faults(graph: Graph) -> list[str]:
    import pyshacl

    conforms, report, _ = pyshacl.validate(graph, shacl_graph=SHAPES)
    assert isinstance(report, Graph)
    shacl = Vocabulary("http://www.w3.org/ns/shacl#")
    faults = [f"{report.value(fault, shacl.resultPath)}" for fault in report.subjects(RDF.type, shacl.ValidationResult)]
    assert conforms == (not faults)
    return faults


@pytest.mark.long
@pytest.mark.parametrize("name", ["catalog.jsonld", "catalog.ttl"])
def test_catalogue_is_dcat_ap(site: Path, name: str) -> None:
    assert shacl_faults(Graph().parse(site / name)) == []


@pytest.mark.long
@pytest.mark.parametrize(
    ("subject", "path"),
    [
        ("#catalogue", DCT.title),
        ("#catalogue", DCT.publisher),
        ("#publisher", FOAF.name),
        ("data/#dataset", DCT.description),
        ("regions/east/#series", DCT.title),
        ("regions/east/2024/#csv", DCAT.accessURL),
        ("regions/east/2024/#csv-sha256", SPDX.algorithm),
        ("regions/east/#place-division", SKOS.notation),
    ],
)
def test_shacl_notices_what_is_missing(graph: Graph, subject: str, path: URIRef) -> None:
    graph.remove((URIRef(SITE_URL + subject), path, None))
    assert shacl_faults(graph) == [str(path)]


@pytest.mark.parametrize(
    ("subject", "path", "value"),
    [
        ("data/#dataset", DCAT.theme, URIRef("https://example.org/theme")),
        ("data/#dataset", DCT.issued, Literal("2000-01-01")),
        ("data/#csv", DCAT.byteSize, Literal("viel")),
        ("data/#csv", DCT.license, Literal("CC BY")),
    ],
)
@pytest.mark.long
def test_shacl_notices_what_is_wrong(graph: Graph, subject: str, path: URIRef, value: URIRef | Literal) -> None:
    graph.add((URIRef(SITE_URL + subject), path, value))
    assert set(shacl_faults(graph)) == {str(path)}


@pytest.mark.long
def test_both_forms_of_the_catalogue_are_one_graph_without_blank_nodes(site: Path, graph: Graph) -> None:
    assert isomorphic(Graph().parse(site / "catalog.jsonld"), graph)
    assert not [node for node in graph.all_nodes() if isinstance(node, BNode)]


def test_catalogue_lists_every_dataset_in_its_series(graph: Graph) -> None:
    years = {
        f"regions/{region}/{year}/#dataset": f"regions/{region}/#series"
        for region, year in (("east", 2024), ("east", 2025), ("west", 2024))
    }
    listed = {str(one).removeprefix(SITE_URL) for one in graph.objects(URIRef(f"{SITE_URL}#catalogue"), DCAT.dataset)}
    assert listed == {"data/#dataset", *years}
    for one, series in years.items():
        assert list(graph.objects(URIRef(SITE_URL + one), DCAT.inSeries)) == [URIRef(SITE_URL + series)]
    titles = {str(title) for title in graph.objects(URIRef(f"{SITE_URL}regions/east/#series"), DCT.title)}
    assert titles == {"明账：东区各年预算绩效目标", "Mingzhang: budget performance targets, East District, all years"}


def test_every_distribution_is_a_file_as_described(site: Path, graph: Graph) -> None:
    distributions = list(graph.subjects(RDF.type, DCAT.Distribution))
    assert len(distributions) == 4 + len(POLICY.tables) + 3 * 2, "the whole, its tables one by one, and three years"
    for distribution in distributions:
        path = site / str(graph.value(distribution, DCAT.downloadURL)).removeprefix(SITE_URL)
        content = path.read_bytes()
        checksum = graph.value(distribution, SPDX.checksum)
        assert int(str(graph.value(distribution, DCAT.byteSize))) == len(content)
        assert str(graph.value(checksum, SPDX.checksumValue)) == hashlib.sha256(content).hexdigest()
        assert str(graph.value(distribution, DCT.license)) == "https://creativecommons.org/licenses/by/4.0/"


def test_dataset_names_the_documents_it_is_derived_from(graph: Graph) -> None:
    (source,) = graph.objects(URIRef(f"{SITE_URL}regions/east/2024/#dataset"), PROV.wasDerivedFrom)
    assert str(source) == f"{SITE_URL}sources/east-2024-key/#document"
    assert str(graph.value(graph.value(source, SPDX.checksum), SPDX.checksumValue)) == "0a" * 32
    assert str(graph.value(source, PROV.hadPrimarySource)) == "https://example.gov.cn/2024.pdf"
    assert str(graph.value(graph.value(source, DCT.publisher), FOAF.name)) == "财政局"
    assert len(list(graph.objects(URIRef(f"{SITE_URL}data/#dataset"), PROV.wasDerivedFrom))) == 3


def test_place_and_time(graph: Graph) -> None:
    dataset_iri = URIRef(f"{SITE_URL}regions/east/2024/#dataset")
    period, place = graph.value(dataset_iri, DCT.temporal), graph.value(dataset_iri, DCT.spatial)
    assert [str(graph.value(period, path)) for path in (DCAT.startDate, DCAT.endDate)] == ["2024-01-01", "2024-12-31"]
    code = graph.value(place, ADMS.identifier)
    assert [str(graph.value(code, path)) for path in (SKOS.notation, ADMS.schemaAgency)] == ["500101", "GB/T 2260"]
    parent = graph.value(place, DCT.isPartOf)
    assert str(graph.value(parent, SKOS.prefLabel)) == "某市"
    west = graph.value(URIRef(f"{SITE_URL}regions/west/2024/#dataset"), DCT.spatial)
    assert str(graph.value(west, SKOS.prefLabel)) == "西区"
    assert graph.value(west, ADMS.identifier) is None


def test_titles_and_descriptions_are_in_both_languages(graph: Graph) -> None:
    for kind in (DCAT.Catalog, DCAT.Dataset, DCAT.DatasetSeries):
        for one in graph.subjects(RDF.type, kind):
            for path in (DCT.title, DCT.description):
                assert {text.language for text in graph.objects(one, path) if isinstance(text, Literal)} == {"zh", "en"}
    keywords = {str(word): word.language for word in graph.objects(None, DCAT.keyword) if isinstance(word, Literal)}
    assert (keywords["预算"], keywords["open data"]) == ("zh", "en")


# Croissant


def croissant(site: Path) -> dict[str, Any]:
    described: dict[str, Any] = json.loads((site / "data" / "croissant.json").read_text("utf-8"))
    return described


@pytest.mark.long
def test_croissant_is_valid_and_complete(site: Path) -> None:
    import mlcroissant

    described = mlcroissant.Dataset(str(site / "data" / "croissant.json")).metadata
    assert (described.issues.errors, described.issues.warnings) == (set(), set())
    assert [one.name for one in described.record_sets] == list(POLICY.tables)
    for one in described.record_sets:
        assert [field.name for field in one.fields] == list(SCHEMAS[one.name].names)
        for text in (one.description, *(field.description for field in one.fields)):
            assert set(text) == {"zh", "en"}
    assert described.date_published.date().isoformat() == POLICY.published


def test_croissant_has_what_the_specification_requires(site: Path) -> None:
    # mlcroissant lets several of these be missing.
    required = ["@context", "@type", "name", "description", "conformsTo", "url", "license", "creator"]
    required += ["datePublished", "distribution"]
    described = croissant(site)
    assert [key for key in required if not described.get(key)] == []
    keys = {f"{name}/{field}" for name, table in SCHEMAS.items() for field in table.names}
    assert {key["@id"] for one in described["recordSet"] for key in one.get("key", [])} <= keys


@pytest.mark.long
@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda described: described.update({"@type": "sc:Thing"}), "doesn't extend https://schema.org/Dataset"),
        (lambda described: described.update(datePublished="昨天"), "ISO 8601"),
        (lambda described: described["distribution"][0].pop("contentUrl"), "contentUrl"),
        (lambda described: described["distribution"][-1].pop("sha256"), "sha256"),
        (lambda described: described["recordSet"][0]["field"][0].pop("dataType"), "dataType"),
        (lambda described: described["distribution"].pop(0), "projects.parquet"),
    ],
)
def test_croissant_validator_notices(
    site: Path, tmp_path: Path, spoil: Callable[[dict[str, Any]], object], said: str
) -> None:
    import mlcroissant

    described = croissant(site)
    spoil(described)
    path = tmp_path / "croissant.json"
    path.write_text(json.dumps(described), "utf-8")
    with pytest.raises(mlcroissant.ValidationError, match=said):
        mlcroissant.Dataset(str(path))


@pytest.mark.long
def test_croissant_reads_every_row_with_its_types(data: Dataset, site: Path) -> None:
    import mlcroissant

    files = {f"{name}.parquet": str(site / "data" / "parquet" / f"{name}.parquet") for name in POLICY.tables}
    opened = mlcroissant.Dataset(str(site / "data" / "croissant.json"), mapping=files)
    for table in POLICY.tables:
        assert len(list(opened.records(table))) == len(data.rows(table)), table
    first, second, *_ = opened.records("projects")
    assert first["projects/contact_phone"] == b"02340257077"
    assert first["projects/goal"].decode().startswith("NA\n<script>")
    assert (first["projects/year"], first["projects/budget_yuan"]) == (2024, 1210700.55)
    assert second["projects/budget_yuan"] is None


def test_croissant_files_are_as_described(site: Path) -> None:
    files = {file["@id"]: file for file in croissant(site)["distribution"]}
    assert len(files) == 2 * len(SCHEMAS)
    for name, file in files.items():
        path = f"data/parquet/{name}" if name.endswith(".parquet") else f"data/{name}"
        content = (site / path).read_bytes()
        assert file["sha256"] == hashlib.sha256(content).hexdigest(), name
        assert file["contentSize"] == f"{len(content)} B", name
        assert file["contentUrl"] == f"{SITE_URL}{path}"


def test_croissant_names_the_documents(site: Path) -> None:
    sources = croissant(site)["prov:wasDerivedFrom"]
    assert [source["sha256"] for source in sources] == ["0a" * 32] * 3
    assert sources[0]["url"] == "https://example.gov.cn/2024.pdf"


# CSVW


def is_csvw(folder: Path) -> bool:
    """What the command csvwvalidate says of the folder's CSVs."""
    from csvw.__main__ import csvwvalidate

    arguments = Namespace(url=str(folder / "csvw-metadata.json"), verbose=True, lax=False)
    return bool(csvwvalidate(arguments, test=True) == 0)


@pytest.fixture
def csvs(site: Path, tmp_path: Path) -> Path:
    for path in (*(site / "data").glob("*.csv"), site / "data" / "csvw-metadata.json"):
        shutil.copy(path, tmp_path)
    return tmp_path


def test_csvw_describes_the_csvs_as_they_are_published(csvs: Path) -> None:
    from csvw import CSVW

    assert is_csvw(csvs)
    group = CSVW(str(csvs / "csvw-metadata.json")).tablegroup
    rows = {str(table.url): list(table) for table in group.tables}
    assert set(rows) == {f"{name}.csv" for name in SCHEMAS}
    assert rows["projects.csv"][0]["contact_phone"] == "02340257077"
    assert rows["projects.csv"][1]["budget_yuan"] is None
    assert rows["indicators.csv"][0]["is_core"] is True


@pytest.mark.long
@pytest.mark.parametrize(
    ("file", "was", "is_"),
    [
        ("projects.csv", "1210700.55", "许多"),
        ("projects.csv", "special_fund", "slush_fund"),
        ("projects.csv", "project_id,document_id", "id,document_id"),
        ("projects.csv", ",east-2024-key,", ",,"),
        ("indicators.csv", "west-2024-key-001,", "west-2024-key-999,"),
        ("indicators.csv", "east-2024-key-001-02,", "east-2024-key-001-01,"),
        ("regions.csv", "500101", "50010"),
    ],
)
def test_csvw_validator_notices(csvs: Path, file: str, was: str, is_: str) -> None:
    text = (csvs / file).read_text("utf-8")
    assert was in text
    (csvs / file).write_text(text.replace(was, is_, 1), "utf-8")
    assert not is_csvw(csvs)


def test_csvw_titles_are_in_both_languages(csvs: Path) -> None:
    for table in json.loads((csvs / "csvw-metadata.json").read_text("utf-8"))["tables"]:
        schema = SCHEMAS[table["url"].removesuffix(".csv")]
        for column, field in zip(table["tableSchema"]["columns"], schema.fields, strict=True):
            assert column["titles"] == {"und": field.name, "zh": field.title, "en": field.title_en}
            assert column.get("schema:unitText") == field.unit


# schema.org


def schema_org_faults(node: object) -> list[str]:
    return [f"{fault.json_path}: {fault.message}" for fault in SCHEMA_ORG.iter_errors(node)]


def page_with(text: str) -> str:
    return f'<html><head><script type="application/ld+json">{text}</script></head><body></body></html>'


def read_back(html: str) -> list[dict[str, Any]]:
    import extruct

    found: list[dict[str, Any]] = extruct.extract(html, syntaxes=["json-ld"])["json-ld"]
    return found


@pytest.fixture
def linked(data: Dataset, site: Path) -> dict[str, dict[str, Any]]:
    """What each page says, by its path: read as a crawler reads it."""
    pages = catalogues.linked_data(data, POLICY, SITE_URL, site)
    return {path: read_back(page_with(text))[0] for path, text in pages.items()}


def test_every_page_about_a_dataset_is_valid_schema_org(linked: dict[str, dict[str, Any]]) -> None:
    assert set(linked) == {"data/", "regions/east/2024/", "regions/east/2025/", "regions/west/2024/"}
    whole, catalogue = linked.pop("data/")["@graph"]
    assert (whole["@type"], catalogue["@type"]) == ("Dataset", "DataCatalog")
    assert whole["temporalCoverage"] == "2024/2025" and len(catalogue["dataset"]) == 4
    assert [schema_org_faults(node) for node in (whole, catalogue, *linked.values())] == [[]] * 5


def test_schema_org_of_a_region_and_year(linked: dict[str, dict[str, Any]]) -> None:
    node = linked["regions/east/2024/"]
    assert node["url"] == f"{SITE_URL}regions/east/2024/"
    assert node["identifier"] == f"{POLICY.base_url}data/east-2024/datapackage.json"
    assert node["temporalCoverage"] == "2024"
    assert node["spatialCoverage"][0]["identifier"]["value"] == "500101"
    assert node["isBasedOn"][0]["url"] == "https://example.gov.cn/2024.pdf"
    assert node["isPartOf"] == {"@id": f"{SITE_URL}data/#dataset"}
    assert node["dateModified"] == POLICY.published and f"V{POLICY.version}" in node["citation"]
    assert {file["contentUrl"] for file in node["distribution"]} == {
        f"{SITE_URL}data/east-2024.zip",
        f"{SITE_URL}data/east-2024.xlsx",
    }
    measured = {one["propertyID"]: one.get("unitText") for one in node["variableMeasured"]}
    assert (measured["projects.budget_yuan"], measured["indicators.weight"]) == ("元", "分")


def test_schema_org_names_each_file_with_its_size_and_hash(site: Path, linked: dict[str, dict[str, Any]]) -> None:
    for node in (linked.pop("data/")["@graph"][0], *linked.values()):
        for file in node["distribution"]:
            content = (site / file["contentUrl"].removeprefix(SITE_URL)).read_bytes()
            assert file["contentSize"] == f"{len(content)} B"
            assert file["sha256"] == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda node: node.pop("description"),
        lambda node: node.update(description="太短"),
        lambda node: node.update(license="CC BY"),
        lambda node: node["distribution"][0].pop("contentUrl"),
        lambda node: node["isBasedOn"][0].update(sha256="0a"),
        lambda node: node["distribution"][0].pop("sha256"),
        lambda node: node.update(temporalCoverage="去年"),
    ],
)
def test_schema_org_schema_notices(
    linked: dict[str, dict[str, Any]], spoil: Callable[[dict[str, Any]], object]
) -> None:
    node = linked["regions/east/2024/"]
    spoil(node)
    assert schema_org_faults(node) != []


def test_nothing_in_the_data_closes_the_script(site: Path, tmp_path: Path) -> None:
    rows = tables()
    nasty = "</script><script>alert(1)</script><!-- "
    first = replace(rows.documents[0], title=nasty)
    data = stored(replace(rows, documents=(first, *rows.documents[1:])), tmp_path / "dataset")
    html = page_with(catalogues.linked_data(data, POLICY, SITE_URL, site)["regions/east/2024/"])
    assert html.count("<script") == html.count("</script") == 1
    assert read_back(html)[0]["isBasedOn"][0]["name"] == nasty


# llms.txt and robots.txt


def llms_faults(text: str) -> list[str]:
    """What the form of llmstxt.org forbids: a title, a summary, free text, then sections of nothing but links."""
    head, *sections = re.split(r"^## ", text, flags=re.MULTILINE)
    faults = [] if re.match(r"# .+\n\n> .+\n", head) else ["no title and summary"]
    faults += [f"heading in the text: {line}" for line in head.splitlines()[1:] if line.startswith("#")]
    for section in sections:
        title, *lines = section.splitlines()
        faults += [f"{title}: no links"] if not any(lines) else []
        faults += [f"{title}: {line}" for line in lines if line and not re.match(r"- \[[^]]+\]\([^)]+\)(: .+)?$", line)]
    return faults


def llms_links(text: str) -> list[str]:
    return re.findall(r"\]\(([^)]+)\)", text)


def test_llms_txt(site: Path) -> None:
    text = (site / "llms.txt").read_text("utf-8")
    assert llms_faults(text) == []
    assert POLICY.notes[0] in text
    files = [link for link in llms_links(text) if not link.endswith("/")]
    assert len(files) == 4 + 1 + len(SCHEMAS) + 3 * 2 + 4
    assert [link for link in files if not (site / link.removeprefix(SITE_URL)).is_file()] == []


@pytest.mark.parametrize(
    ("was", "is_"),
    [("# 明账", "明账"), ("> 各地", "各地"), ("- [projects.csv]", "projects.csv"), ("- [English]", "### [English]")],
)
def test_llms_form_notices(site: Path, was: str, is_: str) -> None:
    text = (site / "llms.txt").read_text("utf-8")
    assert was in text
    assert llms_faults(text.replace(was, is_, 1)) != []


def test_robots_may_read_everything(site: Path) -> None:
    robots = RobotFileParser()
    robots.parse((site / "robots.txt").read_text("utf-8").splitlines())
    assert robots.can_fetch("anybody", f"{SITE_URL}projects/east-2024-key-001/")
    assert robots.site_maps() == [f"{SITE_URL}sitemap.xml"]


# Bytes and faults

REWRITE = """
import sys
from pathlib import Path
from builder.dataset import store
from builder.package import catalogues, derived
from builder.settings import load
data, site = map(Path, sys.argv[1:3])
settings = load(data)
whole = derived.published(store.load(site / "data", settings.schemas), settings)
catalogues.write(whole, settings.package, sys.argv[3], site)
"""


@pytest.mark.long
def test_same_dataset_same_bytes_whatever_the_hash_seed(site: Path, tmp_path: Path) -> None:
    shutil.copytree(site / "data", tmp_path / "data", ignore=shutil.ignore_patterns("*.json"))
    environment = {**os.environ, "PYTHONHASHSEED": "12345"}
    command = [sys.executable, "-c", REWRITE, DATA, tmp_path, SITE_URL]
    subprocess.run(command, cwd=DATA.parent, env=environment, check=True)
    for name in WRITTEN:
        assert (tmp_path / name).read_bytes() == (site / name).read_bytes(), name


def test_dates_are_those_of_the_data(site: Path) -> None:
    known = {POLICY.published, *(f"{year}-{day}" for year in (2024, 2025) for day in ("01-01", "12-31"))}
    for name in WRITTEN:
        dates = set(re.findall(r"\b20\d\d-\d\d-\d\d\b", (site / name).read_text("utf-8")))
        assert dates <= known, name


def test_missing_download_is_named(data: Dataset, site: Path, tmp_path: Path) -> None:
    shutil.copytree(site / "data", tmp_path / "data")
    (tmp_path / "data" / "east-2025.xlsx").unlink()
    with pytest.raises(PublishingFault, match=r"east-2025\.xlsx：没有这个下载文件"):
        catalogues.write(data, POLICY, SITE_URL, tmp_path)
    assert not (tmp_path / "catalog.ttl").exists()


@pytest.mark.long
def test_places_above_places(tmp_path: Path) -> None:
    rows = tables()
    town = replace(rows.regions[1], region_id="town", name="某镇", parent_id="east", division_code=None)
    data = stored(
        replace(rows, regions=(*rows.regions, town), documents=(*rows.documents, document("town-2024", "town", 2024))),
        tmp_path / "dataset",
    )
    files.write(data, SETTINGS, tmp_path / "data")
    catalogues.write(data, POLICY, SITE_URL, tmp_path)
    graph = Graph().parse(tmp_path / "catalog.ttl")
    place = URIRef(f"{SITE_URL}regions/town/#place")
    assert [str(graph.value(one, SKOS.prefLabel)) for one in graph.transitive_objects(place, DCT.isPartOf)] == [
        "某镇",
        "东区",
        "某市",
    ]


# The built site


def home(site: Path) -> str:
    """The address that the site was built for."""
    (address,) = re.findall("Sitemap: (.*)sitemap.xml", (site / "robots.txt").read_text("utf-8"))
    return str(address)


@pytest.mark.site
def test_built_site_has_all_metadata_and_they_are_valid(built_site: Path) -> None:
    import mlcroissant

    for name in WRITTEN:
        assert (built_site / name).stat().st_size > 0, name
    assert shacl_faults(Graph().parse(built_site / "catalog.jsonld")) == []
    assert is_csvw(built_site / "data")
    described = mlcroissant.Dataset(str(built_site / "data" / "croissant.json")).metadata
    assert (described.issues.errors, described.issues.warnings) == (set(), set())
    assert llms_faults((built_site / "llms.txt").read_text("utf-8")) == []


@pytest.mark.site
def test_built_pages_carry_the_dataset_they_show(built_site: Path) -> None:
    address = home(built_site)
    pages = {"data/": built_site / "data" / "index.html"}
    for path in sorted(built_site.glob("regions/*/*/index.html")):
        pages[f"{path.parent.relative_to(built_site)}/"] = path
    assert len(pages) > 1
    for path, file in pages.items():
        (node,) = read_back(file.read_text("utf-8"))
        for one in node.get("@graph", [node]):
            assert schema_org_faults(one) == [], path
        shown = node["@graph"][0] if "@graph" in node else node
        assert shown["url"] == address + path
        for download in shown["distribution"]:
            assert (built_site / download["contentUrl"].removeprefix(address)).is_file(), download["contentUrl"]


@pytest.mark.site
def test_links_of_llms_txt_and_catalogue_lead_somewhere(built_site: Path) -> None:
    address = home(built_site)
    graph = Graph().parse(built_site / "catalog.ttl")
    pages = {str(one).partition("#")[0] for one in graph.all_nodes() if str(one).startswith(address)}
    links = {*llms_links((built_site / "llms.txt").read_text("utf-8")), *pages}
    # A place may be a region above, which has no documents and so no page.
    links -= {str(one).partition("#")[0] for one in graph.subjects(RDF.type, DCT.Location)}
    files = [built_site / link.removeprefix(address) for link in sorted(links)]
    assert len(files) > 50
    assert [str(file) for file in files if not (file.is_file() or (file / "index.html").is_file())] == []


@pytest.mark.site
def test_sitemap_lists_every_page_and_nothing_else(built_site: Path) -> None:
    address = home(built_site)
    root = ElementTree.parse(built_site / "sitemap.xml").getroot()
    listed = [str(one.text) for one in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert len(listed) == len(set(listed))
    days = {str(one.text) for one in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}lastmod")}
    assert days == {POLICY.published}
    pages = {path.relative_to(built_site).parent.as_posix() for path in built_site.rglob("index.html")}
    assert set(listed) == {address if page == "." else f"{address}{page}/" for page in pages}


@pytest.mark.site
@pytest.mark.parametrize(
    ("page", "described", "items"),
    [
        ("data/", "data/datapackage.json", ["xlsx", "zip", "sqlite", "zip"]),
        ("regions/changshou/2024/", "data/changshou-2024/datapackage.json", ["zip", "xlsx"]),
        ("projects/changshou-2024-key-001/", "projects/changshou-2024-key-001/record.json", []),
    ],
)
def test_machines_are_led_from_a_page_to_its_data(
    page: str, described: str, items: list[str], built_site: Path
) -> None:
    """Level 1 of the FAIR signposting profile: each link leads to a file of the type that it says."""
    head = html.parse(built_site / page / "index.html").getroot().head
    links = [(one.get("rel"), one.get("href"), one.get("type")) for one in head.iter("link")]
    by_rel = {rel: [(href, kind) for one, href, kind in links if one == rel] for rel, *_ in links}
    assert by_rel["cite-as"] == [(home(built_site) + page, None)] == [(href, None) for href, _ in by_rel["canonical"]]
    assert by_rel["license"] == [(POLICY.licence.path, None)]
    assert [href for href, _ in by_rel["type"]] == ["https://schema.org/AboutPage", "https://schema.org/Dataset"]
    found = [(built_site / page / href).resolve() for href, _ in by_rel["describedby"] + by_rel.get("item", [])]
    assert found[0] == (built_site / described).resolve()
    assert all(path.is_file() for path in found)
    assert sorted(path.suffix[1:] for path in found[1:]) == sorted(items)
    kinds = {kind.file_type for kind in files.OF_THE_WHOLE}
    assert {kind for _, kind in by_rel.get("item", [])} <= kinds and by_rel["describedby"][0][1] == "application/json"
