"""An address that names nothing leaves the page as it is."""

import pytest
from playwright.sync_api import Browser


@pytest.mark.site
@pytest.mark.parametrize("name", ["%ED", "%", "%E4%B8", "nothing", "%E4%BD%A0"])
def test_a_broken_name_in_the_address_is_no_fault(name: str, site_url: str, browser: Browser) -> None:
    faults: list[str] = []
    page = browser.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{site_url}/about/#{name}")
    page.wait_for_load_state("load")
    assert faults == []
    page.close()
