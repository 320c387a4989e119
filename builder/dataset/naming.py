"""Printed names → what tells departments, series and sectors apart."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from pypinyin import lazy_pinyin

from builder.settings.english import English
from builder.settings.gazetteer import Region
from builder.settings.places import Sector
from builder.text import clean, close_gaps, fold

# 301-某局, and what the system of 江西 prints: [301]某局, 某局[301].
_UNIT_CODE = re.compile(
    r"^(\d{3,9})\s*[-—－–_]+\s*(?=\D)|^[\[【](\d{3,9})[\]】]\s*(?=\D)|(?<=\D)[\[【](\d{3,9})[\]】]$"
)
_PROJECT_CODE = re.compile(r"^([0-9A-Za-z]{10,})\s*[-—－–_]\s*(?=\S)")
_SERIES_NOTE = re.compile(r"(\([^()]*\))+$")
_SERIES_YEAR = re.compile(r"(19|20)\d{2}年?度?")
# A file system takes 255 bytes in a name, and ids become names of folders with more around them.
_LONGEST_NAME, _LONGEST_SLUG = 200, 160


@dataclass(slots=True)
class DepartmentIds:
    """The ids of departments: region and reading, ``yuzhong-caizhengju``.

    Two departments may be read alike (水务局 and 税务局 are both ``shuiwuju``), and a name may have no reading at all
    (``@@@``). The first keeps the reading; any other gets an ending that is made from its own name alone. Who is first
    is decided by the place of the documents in the manifest, which only grows; a revision stands in the place of what
    it revises. So no document that comes later renames a department.
    """

    spellings: Mapping[str, str]
    ids: dict[tuple[str, str], str] = field(default_factory=dict)
    given: set[str] = field(default_factory=set)

    def find(self, region: Region, text: str) -> str | None:
        """The id that a department printed as ``text`` was given, or ``None``."""
        return self.ids.get((region.region_id, self._identity(region, text)))

    def give(self, region: Region, text: str) -> str:
        """The id of the department printed as ``text``, a new one where none was given yet."""
        identity = self._identity(region, text)
        if (region.region_id, identity) not in self.ids:
            reading = f"{region.region_id}-{slug(self._key(region, text))}"
            taken = reading.endswith("-") or reading in self.given
            made = f"{reading.rstrip('-')}-{_mark(identity)}" if taken else reading
            self.ids[region.region_id, identity] = made
            self.given.add(made)
        return self.ids[region.region_id, identity]

    def _key(self, region: Region, text: str) -> str:
        return department_key(region, split_code(close_gaps(clean(text)[0]))[1], self.spellings)

    def _identity(self, region: Region, text: str) -> str:
        """What makes two printed names one department: letters and digits, in either case. ``财政局。`` is 财政局."""
        key = self._key(region, text)
        return "".join(filter(str.isalnum, key)).casefold() or key


def department_key(region: Region, name: str, spellings: Mapping[str, str]) -> str:
    """What tells departments of a region apart: the name without the region, abbreviations written out."""
    key = fold(name)
    for alias in sorted({region.name, *region.aliases}, key=len, reverse=True):
        if key.startswith(alias) and len(key) > len(alias) + 1:
            key = key.removeprefix(alias)
            break
    else:
        if key[:1] and key[:1] in {"district": "区县", "municipality": "市", "development_zone": ""}[region.level]:
            key = key[1:]
    return spellings.get(key, key)


def department_slug(region: Region, text: str, spellings: Mapping[str, str]) -> str:
    """The part of a department's id that its printed name gives: ``211-重庆市长寿区财政局`` → ``caizhengju``."""
    return slug(department_key(region, split_code(close_gaps(clean(text)[0]))[1], spellings))


def department_key_as_filed(text: str) -> str:
    """A department's printed name for comparing one printed name with another: folded, without its unit code."""
    return fold(split_code(close_gaps(clean(text)[0]))[1])


def split_code(name: str) -> tuple[str | None, str]:
    """The code that is printed before or behind the name of a unit, and the name."""
    found = _UNIT_CODE.search(name)
    return (found[found.lastindex or 0], _UNIT_CODE.sub("", name, count=1)) if found else (None, name)


def split_project_code(name: str) -> tuple[str | None, str]:
    """The code that some systems print before a project's name, and the name: ``51110021T000000123-办公楼维修``."""
    found = _PROJECT_CODE.match(name)
    if found is None or not any(character.isdigit() for character in found[1]):
        return None, name
    return found[1], name[found.end() :]


@lru_cache(maxsize=1 << 12)
def slug(name: str) -> str:
    """ASCII letters and digits for an id: each Han character's reading, without tones. An endless name is cut short,
    and told from others that begin alike by a mark at the end."""
    reading = re.sub(r"[^a-z0-9]+", "", "".join(lazy_pinyin(name[:_LONGEST_NAME])).lower())
    if len(name) <= _LONGEST_NAME and len(reading) <= _LONGEST_SLUG:
        return reading
    return f"{reading[:_LONGEST_SLUG]}-{_mark(name)}"


def _mark(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:8]


def series_key(name: str) -> str:
    """A project's name without what changes from year to year: years, and notes in trailing brackets."""
    key = fold(name)
    shorter = _SERIES_NOTE.sub("", _SERIES_YEAR.sub("", key))
    return shorter or key


def region_in_english(region: Region, english: English) -> str:
    """``长寿区`` → ``Changshou District``; a name of which no part is known is spelt as it is read."""
    if region.name in english.names:
        return english.names[region.name]
    stem, words = region.name, list[str]()
    for known in (english.endings, english.peoples):
        while found := max((end for end in known if stem.endswith(end) and stem != end), key=len, default=""):
            stem = stem.removesuffix(found)
            words.insert(0, known[found])
            if known is english.endings:
                break
    return " ".join((read(stem), *words))


def department_in_english(name: str, english: English) -> str:
    """The longest known name that a department's holds (``长寿区财政局`` → ``Finance Bureau``); else as it is read."""
    found = max((part for part in english.departments if part in name), key=len, default=None)
    return english.departments[found] if found else read(name)


def read(name: str) -> str:
    """A Chinese name in Latin letters: ``长寿`` → ``Changshou``."""
    return "".join(lazy_pinyin(name)).capitalize() or name


def sector_of(name: str, sectors: Mapping[str, Sector]) -> str | None:
    """The sector whose longest keyword the department's name contains; ``None`` if none does, or two are as long."""
    hits = [(len(word), sector.sector_id) for sector in sectors.values() for word in sector.keywords if word in name]
    longest = {sector_id for length, sector_id in hits if length == max(hits)[0]}
    return longest.pop() if len(longest) == 1 else None
