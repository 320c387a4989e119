"""Printed names → what tells departments, series and sectors apart."""

import re
from collections.abc import Mapping

from pypinyin import lazy_pinyin

from builder.settings.config import Region, Sector
from builder.text import clean, close_gaps, fold

_UNIT_CODE = re.compile(r"^(\d{3,9})\s*[-—－–_]+\s*(?=\D)")
_SERIES_NOTE = re.compile(r"(\([^()]*\))+$")
_SERIES_YEAR = re.compile(r"(19|20)\d{2}年?度?")


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
    found = _UNIT_CODE.match(name)
    return (found[1], name[found.end() :]) if found else (None, name)


def slug(name: str) -> str:
    """ASCII letters and digits for an id: each Han character's reading, without tones."""
    return re.sub(r"[^a-z0-9]+", "", "".join(lazy_pinyin(name)).lower())


def series_key(name: str) -> str:
    """A project's name without what changes from year to year: years, and notes in trailing brackets."""
    key = fold(name)
    shorter = _SERIES_NOTE.sub("", _SERIES_YEAR.sub("", key))
    return shorter or key


def sector_of(name: str, sectors: Mapping[str, Sector]) -> str | None:
    """The sector whose longest keyword the department's name contains; ``None`` if none does, or two are as long."""
    hits = [(len(word), sector.sector_id) for sector in sectors.values() for word in sector.keywords if word in name]
    longest = {sector_id for length, sector_id in hits if length == max(hits)[0]}
    return longest.pop() if len(longest) == 1 else None
