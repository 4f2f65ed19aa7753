"""Every page that can be read, as the person who may read most: no violation in light, none of contrast in dark, none cut on a phone."""

from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import Error, Page

from config.access import tables
from reciproque.institution.access import Actor
from reciproque.institution.models import Membership, Role
from reciproque.relations.capture import filing
from tests.access.samples import world
from tests.access.test_matrix import address
from tests.factories import EstablishmentFactory
from tests.journeys.conftest import WIDE

READ = sorted(name for name, about in tables().items() if "GET" in about["methods"])
# Nothing to look at: figures for machines, files, and the ends of links that were sent by mail.
NOT_PAGES = (
    "healthz", "readyz", "metrics", "account_confirm_email", "account_reset_password_from_key", "account_confirm_login_code",
    "mfa_authenticate", "mfa_webauthn",
)  # fmt: skip
SMALLEST = {"width": 320, "height": 640}
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
SHELL = [".rq-side", ".rq-top"]
# Contrast is most of what axe costs: the menu and the bar, the same on every page, are looked at once.
LOOK = """async (shell) => {
  const faults = [];
  const contrast = {runOnly: {type: "rule", values: ["color-contrast"]}};
  const looks = [
    ["light", document, {rules: {"color-contrast": {enabled: false}}}],
    ["light", {exclude: shell}, contrast],
    ["dark", {exclude: shell}, contrast],
  ];
  for (const [theme, where, chosen] of looks) {
    document.documentElement.setAttribute("data-bs-theme", theme);
    const found = await axe.run(where, {resultTypes: ["violations"], ...chosen});
    for (const fault of found.violations)
      faults.push(`${theme} ${fault.id}: ${fault.help} → ${fault.nodes.slice(0, 2).map(node => node.html.slice(0, 140))}`);
  }
  return faults;
}"""


@pytest.fixture
def addresses(come_in: Any, live_server: Any) -> dict[str, str]:
    """The addresses of the pages, with samples of everything, read by somebody who steers, administers and keeps the data."""
    found = world()
    user = come_in(Role.MANAGER, found.unit)
    for role in (Role.DATA_STEWARD, Role.ADMINISTRATOR):
        Membership.objects.create(user=user, unit=EstablishmentFactory(), role=role)
    filing.create_capture_address(actor=Actor.of(user), user=user, unit=found.unit)
    known = {}
    for name in READ:
        if not name.startswith(NOT_PAGES):
            try:
                known[name] = live_server.url + address(name, found)
            except KeyError:
                continue
    return known


def is_page(page: Page, url: str) -> bool:
    """Go there; whether it is a page of ours, and not a file, a fragment or a refusal."""
    try:
        answer = page.goto(url)
    except Error:  # a file to download
        return False
    whole = answer is not None and answer.status == 200 and "text/html" in answer.headers.get("content-type", "")
    return whole and page.locator("html[lang] main").count() == 1


@pytest.mark.slow
def test_every_page_is_accessible_in_both_themes_and_fits_a_small_phone(page: Page, addresses: dict[str, str]) -> None:
    faults, walked = [], set()
    for name, url in addresses.items():
        if not is_page(page, url) or page.url in walked:
            continue
        walked.add(page.url)
        page.evaluate(AXE)
        faults += [f"{name} {fault}" for fault in page.evaluate(LOOK, SHELL if len(walked) > 1 else [])]
        page.set_viewport_size(SMALLEST)
        if (wider := page.evaluate(WIDER)) > 0:
            faults.append(f"{name}: {wider} px too wide at {SMALLEST['width']} px")
        page.set_viewport_size(WIDE)
    assert faults == []
    assert len(walked) > 40, walked
