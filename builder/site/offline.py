"""The built site → one zip that works from a disk: unpack, open ``index.html``, no server and no network.

A server answers for a folder with its ``index.html``; a disk shows the folder. So links to folders name the file, and
nothing else in a page is touched. Data that scripts need are scripts themselves (see docs/assets/load.js).
"""

import re
import zipfile
from pathlib import Path, PurePosixPath
from posixpath import normpath
from urllib.parse import unquote

from builder.faults import PublishingFault
from builder.package.datapackage import zip_entry

# The folder that the zip unpacks into.
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
_CANONICAL = re.compile(r'<link rel="canonical" href="([^"]+)"')


def write(site: Path, out: Path) -> None:
    """Pack the folder ``site`` into the zip ``out``, which may lie in it and then leaves itself out.

    The same site gives the same bytes. Links to ``out`` itself lead to the site on the network. Raises
    ``PublishingFault`` where there is no site.
    """
    if not (site / "index.html").is_file():
        raise PublishingFault(f"{site} 里没有 index.html，不是建好的网站。请先运行 python -m builder build。")
    beside = out.with_name(f".{out.name}.new")
    paths = (path for path in site.rglob("*") if path.is_file() and path not in (out, beside))
    names = sorted(path.relative_to(site).as_posix() for path in paths)
    folders = {str(PurePosixPath(name).parent) for name in names if PurePosixPath(name).name == "index.html"}
    own = out.relative_to(site).as_posix() if out.is_relative_to(site) else None
    try:
        with zipfile.ZipFile(beside, "w") as archive:
            for name in names:
                if name in _SERVED_ONLY or name.startswith(_SERVED_FOLDERS):
                    continue
                content = (site / name).read_bytes()
                if name.endswith(".html"):
                    content = from_disk(content.decode(), name, folders, own).encode()
                entry = zip_entry(f"{FOLDER}/{name}", PurePosixPath(name).suffix in _PACKED)
                archive.writestr(entry, content, compresslevel=9)
        beside.replace(out)
    finally:
        beside.unlink(missing_ok=True)


def from_disk(html: str, name: str, folders: set[str], own: str | None) -> str:
    """The page ``name`` with its links to one of ``folders`` naming the file in it.

    Paths are below the site's root, which itself is ``.``. Links to the file ``own`` go to the network.
    """
    home = name.rpartition("/")[0]
    canonical = _CANONICAL.search(html)

    def lead(found: re.Match[str]) -> str:
        value = found["value"]
        # Of an address in an attribute only & is escaped, and that only in what follows the path.
        if (path := _PATH.match(value)) is None:
            return found[0]
        target = normpath(f"{home}/{unquote(path[0])}" if home else unquote(path[0]))
        if target == own and canonical is not None:
            there = canonical[1].removesuffix(f"{home}/") + own
        elif target in folders:
            there = path[0] + ("" if path[0].endswith("/") else "/") + "index.html" + value[path.end() :]
        else:
            return found[0]
        return f"{found['before']}{found['quote']}{there}{found['quote']}"

    def tag(found: re.Match[str]) -> str:
        if found["raw"] or found[0].startswith("<!--"):
            return found[0]
        return _LINK.sub(lead, found[0])

    return _MARKUP.sub(tag, html)
