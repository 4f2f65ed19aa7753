"""Photograph the pages of a running demonstration, light and dark, wide and phone.

reciproque demo --port 8123 &
python scripts/screenshots.py http://127.0.0.1:8123 FOLDER [--only NAME]
"""

import argparse
import shutil
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

PAGES = {
    "accueil": "/",
    "liste": "/partenaires/",
    "liste-filtree": "/partenaires/?q=meca",
    "personnes": "/personnes/",
    "carte": "/partenaires/carte/",
    "recherche": "/recherche/?q=atelier",
    "imports": "/imports/",
    "decloisonnement": "/imports/decloisonnement/",
    "entites": "/administration/entites/",
    "comptes": "/administration/comptes/",
    "mon-compte": "/mon-compte/",
    "composants": "/composants/",
}
SIZES = {"large": {"width": 1440, "height": 900}, "telephone": {"width": 390, "height": 844}}


def enter(page: Page, address: str, persona: int) -> None:
    """Come in as one of the personas."""
    page.goto(f"{address}/entrer/")
    page.locator("button[name=persona]").nth(persona).click()
    page.wait_for_load_state()


def links(page: Page, address: str) -> dict[str, str]:
    """The pages of single records, found from the lists."""
    found = {}
    for name, start, pattern in (
        ("fiche", "/partenaires/", "/partenaires/"),
        ("personne", "/personnes/", "/personnes/"),
    ):
        page.goto(address + start)
        for anchor in page.locator(f"main a[href^='{pattern}']").all():
            tail = (anchor.get_attribute("href") or "").removeprefix(pattern).strip("/")
            if tail.isdecimal():
                found[name] = f"{pattern}{tail}/"
                break
    return found


def shoot(browser: Browser, address: str, folder: Path, only: str, persona: int) -> None:
    """Every page in every size and theme."""
    for size, viewport in SIZES.items():
        for theme in ("light", "dark"):
            context = browser.new_context(
                viewport=viewport, locale="fr-FR", reduced_motion="reduce", color_scheme=theme
            )
            context.add_cookies([{"name": "theme", "value": theme, "url": address}])
            page = context.new_page()
            page.goto(f"{address}/entrer/")
            if not only or only == "entrer":
                page.screenshot(path=folder / f"entrer-{size}-{theme}.png")
            enter(page, address, persona)
            for name, path in {**PAGES, **links(page, address)}.items():
                if only and only != name:
                    continue
                page.goto(address + path)
                page.wait_for_load_state("networkidle")
                page.screenshot(path=folder / f"{name}-{size}-{theme}.png")
            context.close()


def main() -> None:
    """Read the command line and shoot."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--persona", type=int, default=0)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        shoot(browser, options.address.rstrip("/"), options.folder, options.only, options.persona)
        browser.close()


if __name__ == "__main__":
    main()
