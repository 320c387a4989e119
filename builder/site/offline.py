"""The built site → zips that work from a disk: unpack, open ``index.html``, no server and no network.

A server answers for a folder with its ``index.html``; a disk shows the folder. So links to folders name the file, and
nothing else in a page is touched. Data that scripts need are scripts themselves (see docs/assets/load.js).
"""

import re
import zipfile
from collections import defaultdict
from collections.abc import Callable, Sequence, Set
from functools import partial
from pathlib import Path, PurePosixPath
from posixpath import normpath
from urllib.parse import quote, unquote

from builder.dataset.rows import Tables
from builder.faults import PublishingFault
from builder.package.datapackage import zip_entry
from builder.settings.package import Policy
from builder.workers import spread

# The copy of the whole, or of its front, below data/.
WHOLE = "mingzhang-site.zip"
# The folder that a zip unpacks into.
FOLDER = "mingzhang-site"

# Of use to servers, crawlers and messengers alone, as are earlier releases and the cards of pages; the page for what is not found links from the root of a server.
_SERVED_ONLY = {"404.html", "sitemap.xml", "sitemap.xml.gz", "robots.txt", "CNAME", ".nojekyll"}
_SERVED_FOLDERS = ("releases/", "cards/projects/", "cards/regions/")
_PACKED = {".zip", ".gz", ".xlsx", ".parquet", ".png", ".jpg", ".webp", ".woff2"}

# Comments and scripts are passed over whole; of the tags that may lead to a page, the attribute that does, and its value.
_MARKUP = re.compile(
    r"<!--.*?-->|<(?P<raw>script|style|textarea)\b.*?</(?P=raw)\s*>"
    r"|<(?:a|area|base|form|link)\b(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>",
    re.DOTALL | re.IGNORECASE,
)
_LINK = re.compile(r"(?P<before>\s(?:href|action)\s*=\s*)(?P<quote>[\"'])(?P<value>.*?)(?P=quote)", re.DOTALL)
# No relative path of ours has a colon: what has one leads elsewhere.
_PATH = re.compile(r"[^/?#:][^?#:]*(?=[?#]|$)")
_OWN = {"projects": "project_id", "results": "result_id", "sources": "document_id"}
_ENTRY = (
    '<!doctype html><html lang="zh"><meta charset="utf-8"><title>明账</title>'
    '<meta http-equiv="refresh" content="0; url={home}index.html"><a href="{home}index.html">打开</a></html>\n'
)
_CANONICAL = re.compile(r'<link rel="canonical" href="([^"]+)"')


def copies(site: Path, tables: Tables, policy: Policy) -> None:
    """Write the copies of ``site`` into it: the whole; or, with more than ``most_offline`` projects, the pages at its front,
    and each region and year with all that belongs to it. What a copy does not hold, its links lead to on the network."""
    data = site / "data"
    if len(tables.projects) <= policy.most_offline:
        write(site, data / WHOLE, _names(site))
        return
    names = _names(site)
    assets = [name for name in names if name.startswith("assets/")]
    charts = [name for name in names if name.startswith("charts/")]
    front = sorted([*assets, *(name for name in names if name.count("/") < 2 and name.endswith(".html"))])
    work: list[Callable[[], None]] = [partial(write, site, data / WHOLE, front)]
    below: dict[str, list[str]] = defaultdict(list)
    for name in names:
        below["/".join(name.split("/")[:2])].append(name)
    owned: dict[tuple[str, int], list[str]] = defaultdict(list)
    for folder, rows in (("projects", tables.projects), ("results", tables.results), ("sources", tables.documents)):
        for row in rows:
            owned[row.region_id, row.year].append(f"{folder}/{getattr(row, _OWN[folder])}")
    for (region_id, year), folders in sorted(owned.items()):
        home = f"regions/{region_id}/{year}/"
        held = [*assets, *(name for folder in folders for name in below[folder])]
        held += [name for name in below[f"regions/{region_id}"] if name.startswith(home)]
        held += [name for name in charts if name.startswith(f"charts/{region_id}-{year}-")]
        out = data / of_region_year(region_id, year)
        work.append(partial(write, site, out, sorted(held), _ENTRY.format(home=home)))
    list(spread(work))


def of_region_year(region_id: str, year: int) -> str:
    """The name of the copy of a region and year, below ``data/``."""
    return f"{region_id}-{year}-site.zip"


def write(site: Path, out: Path, names: Sequence[str], entry: str = "") -> None:
    """Pack the files ``names`` of ``site`` into the zip ``out``; ``entry`` is its first page where they have none.

    The same site gives the same bytes. Raises ``PublishingFault`` where there is no site.
    """
    if not (site / "index.html").is_file():
        raise PublishingFault(f"{site} 里没有 index.html，不是建好的网站。请先运行 python -m builder build。")
    beside = out.with_name(f".{out.name}.new")
    folders = {str(PurePosixPath(name).parent) for name in names if PurePosixPath(name).name == "index.html"}
    held = {*folders, *names, *(str(PurePosixPath(name).parent) for name in names)}
    try:
        with zipfile.ZipFile(beside, "w") as archive:
            if entry:
                archive.writestr(zip_entry(f"{FOLDER}/index.html", False), entry, compresslevel=9)
            for name in names:
                content = (site / name).read_bytes()
                if name.endswith(".html"):
                    content = from_disk(content.decode(), name, folders, held).encode()
                packed = zip_entry(f"{FOLDER}/{name}", PurePosixPath(name).suffix in _PACKED)
                archive.writestr(packed, content, compresslevel=9)
        beside.replace(out)
    finally:
        beside.unlink(missing_ok=True)


def _names(site: Path) -> list[str]:
    """The files of a site that are of use without a server, copies of it aside."""
    paths = (path for path in site.rglob("*") if path.is_file() and not path.name.endswith("-site.zip"))
    names = sorted(path.relative_to(site).as_posix() for path in paths)
    return [name for name in names if name not in _SERVED_ONLY and not name.startswith(_SERVED_FOLDERS)]


def from_disk(html: str, name: str, folders: Set[str], held: Set[str]) -> str:
    """The page ``name`` with its links to one of ``folders`` naming the file in it, and to what is not ``held`` leading to
    the site on the network, if the page says where that is. Paths are below the site's root, which itself is ``.``."""
    home = name.rpartition("/")[0]
    canonical = _CANONICAL.search(html)
    address = canonical[1].removesuffix(f"{home}/" if home else "") if canonical else None

    def lead(found: re.Match[str]) -> str:
        value = found["value"]
        # Of an address in an attribute only & is escaped, and that only in what follows the path.
        if (path := _PATH.match(value)) is None:
            return found[0]
        target = normpath(f"{home}/{unquote(path[0])}" if home else unquote(path[0]))
        if target in folders:
            there = path[0] + ("" if path[0].endswith("/") else "/") + "index.html" + value[path.end() :]
        elif target not in held and address is not None:
            slash = "/" if path[0].endswith("/") else ""
            there = address + ("" if target == "." else quote(target) + slash) + value[path.end() :]
        else:
            return found[0]
        return f"{found['before']}{found['quote']}{there}{found['quote']}"

    def tag(found: re.Match[str]) -> str:
        if found["raw"] or found[0].startswith("<!--"):
            return found[0]
        return _LINK.sub(lead, found[0])

    return _MARKUP.sub(tag, html)
