"""mkdocs's part in a page: front matter and Markdown → the HTML that mkdocs publishes, one page whenever it is asked for.

``mkdocs build`` reads all pages before it writes the first, in one process, and has Markdown take a body apart that is
one block of HTML, only to put it together unchanged. Here mkdocs's own functions make each page, in whichever process;
that ``mkdocs build`` gives the same bytes is proved by a test on every kind of page.
"""

import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import yaml
from jinja2 import TemplateError
from mkdocs.commands.build import get_context
from mkdocs.config import load_config
from mkdocs.exceptions import MkDocsException
from mkdocs.structure.files import File, InclusionLevel, get_files, set_exclusions
from mkdocs.structure.nav import get_navigation
from mkdocs.structure.pages import Page

from builder.faults import PublishingFault

_DIV = re.compile(r"<(/?)div\b")
# What Markdown would look into: a comment, a declaration, text that is not HTML, a fence of code, its own marks.
_LOOKED_INTO = ("<!", "<?", "<script", "<style", "<textarea", "\n```", "\n~~~", "\x02", "\x03", "\r")
_BLANK = re.compile(r"(?<=\n) +\n")


class Frame:
    """The theme and the settings of ``root/mkdocs.yml``, for the pages of a site in the folder ``out``.

    Raises ``PublishingFault`` for whatever ``mkdocs build --strict`` would not pass.
    """

    def __init__(self, root: Path, out: Path) -> None:
        self.out = out
        with _strict():
            self._config = load_config(str(root / "mkdocs.yml"), site_dir=str(out))
            self._files = get_files(self._config)
            for file in list(self._files):
                if not _is_ours(file):
                    self._files.remove(file)
            self._own = [file for file in self._files.documentation_pages()]
            # The navigation names pages that are generated.
            for path in (path for entry in self._config.nav or () for path in entry.values()):
                if self._files.get_file_from_path(path) is None:
                    self._files.append(self._file(path))
            set_exclusions(self._files, self._config)
            self._navigation = get_navigation(self._files, self._config)
            self._templates = self._config.theme.get_env()
            self._main = self._templates.get_template("main.html")

    @property
    def address(self) -> str:
        """Where the site is published, with a slash at the end."""
        return str(self._config.site_url)

    def html(self, path: str, meta: Mapping[str, object], body: str) -> bytes:
        """The page at ``path`` below the site's root, such as ``years/2024/``: what mkdocs makes of its Markdown."""
        page = Page(None, self._file(f"{path}index.md"), self._config)
        with _strict():
            page.meta, page.markdown = dict(meta), body
            page.content = untouched(body)
            if page.content is None:
                page.render(self._config, self._files)
            return self._rendered(page)

    def write_own(self) -> list[str]:
        """Write the hand-written pages of docs/, the page for what is not found and the assets; returns the pages' paths."""
        with _strict():
            for file in self._own:
                page = file.page or Page(None, file, self._config)
                page.read_source(self._config)
                page.render(self._config, self._files)
                write(Path(file.abs_dest_path), self._rendered(page))
            self._files.copy_static_files(inclusion=InclusionLevel.is_included)
            lost = "404.html"
            context = get_context(
                self._navigation, [], self._config, base_url=urlsplit(self._config.site_url or "/").path
            )
            write(self.out / lost, self._templates.get_template(lost).render(context).encode())
        return [file.url for file in self._own]

    def _file(self, path: str) -> File:
        """A page of docs/ that is nowhere on the disk."""
        return File(path, None, self._config.site_dir, self._config.use_directory_urls)

    def _rendered(self, page: Page) -> bytes:
        output = self._main.render(get_context(self._navigation, [], self._config, page))
        return output.encode(errors="xmlcharrefreplace")


def untouched(body: str) -> str | None:
    """What Markdown makes of a body that is one ``<div>``: the same text, tabs as spaces, no spaces on empty lines.

    ``None`` where it is not, or where Markdown might look into it: then Markdown has to be asked.
    """
    body = body.strip("\n")
    if not body.startswith("<div") or any(mark in body for mark in _LOOKED_INTO):
        return None
    depth, end = 0, 0
    for found in _DIV.finditer(body):
        if end:
            return None
        depth += -1 if found[1] else 1
        if not depth:
            end = found.end()
    return _BLANK.sub("\n", body.expandtabs(4)).strip() if body[end:].strip() == ">" else None


def write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _is_ours(file: File) -> bool:
    """Assets, and hand-written pages at the top; what an older version generated below docs/ is not."""
    return file.src_uri.startswith("assets/") or ("/" not in file.src_uri and file.src_uri != "index.md")


@contextmanager
def _strict() -> Iterator[None]:
    """Nothing that mkdocs warns of is published."""
    said = _Said()
    logger = logging.getLogger("mkdocs")
    logger.addHandler(said)
    try:
        yield
    except (MkDocsException, TemplateError, yaml.YAMLError) as fault:
        said.lines.append(str(fault))
    finally:
        logger.removeHandler(said)
    if said.lines:
        raise PublishingFault("mkdocs 没有通过，站点保持上一次的样子。它说：\n" + "\n".join(said.lines))


class _Said(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())
