"""What places and departments are called in English: by the words of the lookup, else as they are read."""

import pytest
from tiny import DATA

from builder import settings as configuration
from builder.dataset.naming import department_in_english, region_in_english, split_code

SETTINGS = configuration.load(DATA)


@pytest.mark.parametrize(
    ("region_id", "name"),
    [
        ("chongqing", "Chongqing"),
        ("changshou", "Changshou District"),
        ("zhong", "Zhong County"),
        ("shizhu", "Shizhu Tujia Autonomous County"),
        ("pengshui", "Pengshui Miao Tujia Autonomous County"),
        ("wansheng", "Wansheng Economic and Technological Development Zone"),
        ("liangjiang", "Liangjiang New Area"),
    ],
)
def test_a_region(region_id: str, name: str) -> None:
    assert region_in_english(SETTINGS.regions[region_id], SETTINGS.english) == name


def test_every_place_of_the_country_has_a_name_in_latin_letters() -> None:
    names = [region_in_english(region, SETTINGS.english) for region in SETTINGS.gazetteer.regions.values()]
    assert len(names) > 3000
    assert [name for name in names if not name.isascii() or not name[:1].isupper()] == []


@pytest.mark.parametrize(
    ("name", "english"),
    [
        ("重庆市长寿区财政局", "Finance Bureau"),
        # The longest of what it holds: 发展和改革委员会 before any shorter word.
        ("重庆市住房和城乡建设委员会", "Housing and Urban-Rural Development Commission"),
        ("神秘处", "Shenmichu"),
    ],
)
def test_a_department(name: str, english: str) -> None:
    assert department_in_english(name, SETTINGS.english) == english


@pytest.mark.parametrize("printed", ["301-林业局", "[301]林业局", "林业局[301]", "林业局【301】"])
def test_a_unit_with_its_code(printed: str) -> None:
    assert split_code(printed) == ("301", "林业局")


@pytest.mark.parametrize("printed", ["林业局", "12345热线中心", "第301医院", "林业局（301）"])
def test_a_unit_without_a_code(printed: str) -> None:
    assert split_code(printed) == (None, printed)
