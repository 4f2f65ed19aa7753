"""Photograph the pages of a running demonstration, light and dark, wide and phone; walk the import wizard to its last step.

reciproque demo --port 8123 &
python scripts/screenshots.py http://127.0.0.1:8123 FOLDER [--only NAME] [--docs]

`--docs` renews the pictures of the documentation: python scripts/screenshots.py ADDRESS docs/images --docs
"""

import argparse
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

PAGES = {
    "accueil": "/",
    "liste": "/partenaires/",
    "liste-filtree": "/partenaires/?q=meca",
    "personnes": "/personnes/",
    "carte": "/partenaires/carte/",
    "recherche": "/recherche/?q=atelier",
    "doublons": "/doublons/",
    "imports": "/imports/",
    "import-fichier": "/imports/nouveau/",
    "decloisonnement": "/imports/decloisonnement/",
    "reciprocite": "/reciprocite/",
    "mes-partenaires": "/mes-partenaires/",
    "collaborations": "/collaborations/",
    "sollicitations": "/sollicitations/",
    "entites": "/administration/entites/",
    "comptes": "/administration/comptes/",
    "mon-compte": "/mon-compte/",
    "composants": "/composants/",
}
WIZARD = ("import-correspondance", "import-controle", "import-rapprochement", "import-recapitulatif")
SIZES: dict[str, ViewportSize] = {"large": {"width": 1440, "height": 900}, "telephone": {"width": 390, "height": 844}}
DOCUMENTED = {
    "accueil", "liste", "fiche", "personne", "carte", "doublons", "reunir", "import-fichier", *WIZARD, "import-rapport",
    "decloisonnement", "composants", "reciprocite", "mes-partenaires", "collaborations",
}  # fmt: skip
FILE = """Raison sociale;SIRET;Adresse;CP;Commune;Tél.;Interlocuteur;Fonction;Courriel
Établissements Gaborit;3,50E+13;12 rue des Forges;44600;Saint-Nazaire;240221538;Gaborit Hélène;gérante;h.gaborit@gaborit.example
Voilerie du Bocage;;4 quai Ouest;44500;La Baule;02 40 60 11 22;Morvan Yann;chef d'atelier;yann.morvan@voilerie-bocage.example
Chaudronnerie Le Bris;55208131766523;ZA du Prat;56000;Vannes;0297471020;Le Bris Marc;directeur;marc.lebris@chaudronnerie.example
Atelier maritime du Plateau;;;44270;;à définir;néant;;contact@plateau.example ; rh@plateau.example
Cabinet Kerhervé;;8 place Bretagne;35000;Rennes;299301122;KERHERVÃ‰ AnaÃ¯s;associÃ©e;a.kerherve@kerherve.example
Agence Cariou;;;;;0240000000;Cariou Léna;directrice;lena.cariou@cariou.example
Menuiserie Rabaud;;3 rue du Puits;49300;Cholet;0241620000;Rabaud Paul;artisan;paul.rabaud
"""
ON_THE_PHONE = {"accueil", "liste", "fiche", "personne", "carte", "import-controle", "reciprocite", "mes-partenaires"}
SOURCE = "Entreprises d’accueil"
Shot = tuple[str, str]


def enter(page: Page, address: str, persona: int) -> None:
    """Come in as one of the personas."""
    page.goto(f"{address}/entrer/")
    page.locator("button[name=persona]").nth(persona).click()
    page.wait_for_load_state()


def first_link(page: Page, address: str, start: str, pattern: str) -> str:
    """The first record that a page leads to; empty when it leads to none."""
    page.goto(address + start)
    for anchor in page.locator(f"main a[href^='{pattern}']").all():
        path = anchor.get_attribute("href") or ""
        if path.removeprefix(pattern).strip("/").isdecimal():
            return path
    return ""


def records(page: Page, address: str) -> dict[str, str]:
    """The pages of single records: a partner that several units know, one of its people, two to bring together, a report."""
    partner = first_link(page, address, "/partenaires/?q=voilerie+du+bocage", "/partenaires/")
    found = {
        "fiche": partner,
        "personne": first_link(page, address, f"{partner}?onglet=personnes", "/personnes/"),
    }
    page.goto(f"{address}/imports/")
    done = page.locator("main tr", has_text="terminé").locator("a").first
    found["import-rapport"] = (done.get_attribute("href") or "") if done.count() else ""
    page.goto(f"{address}/doublons/")
    face_to_face = page.locator("main a[href*='/reunir/?']")
    if face_to_face.count():
        found["reunir"] = face_to_face.first.get_attribute("href") or ""
    return {name: path for name, path in found.items() if path}


def wizard(page: Page, address: str) -> Iterator[Shot]:
    """Bring a damaged file in; tells each step as it is reached, and forgets the import at the end."""
    page.goto(f"{address}/imports/nouveau/")
    page.locator("input[type=file]").set_input_files(
        {"name": "entreprises_accueil.csv", "mimeType": "text/csv", "buffer": FILE.encode()}
    )
    if (known := page.locator("select[name=source] option", has_text=SOURCE)).count():
        page.locator("select[name=source]").select_option(known.first.get_attribute("value"))
    else:
        page.locator("input[name=name]").fill(SOURCE)
    page.get_by_role("button", name="Lire le fichier").click()
    page.wait_for_url("**/correspondance/")
    start = page.url.removesuffix("correspondance/")
    yield WIZARD[0], page.url
    page.get_by_role("button", name="Contrôler toutes les lignes").click()
    page.wait_for_url("**/controle/", timeout=240_000)
    yield WIZARD[1], page.url
    for name, step in (("import-rapprochement", "rapprochement/"), ("import-recapitulatif", "recapitulatif/")):
        page.goto(start + step)
        yield name, page.url
    page.goto(f"{start}correspondance/")
    page.get_by_role("button", name="Abandonner").click()
    page.wait_for_url("**/imports/")


def session(browser: Browser, address: str, size: str, theme: Any, persona: int) -> Page:
    """Somebody signed in, in one size and one theme."""
    context = browser.new_context(
        viewport=SIZES[size], locale="fr-FR", reduced_motion="reduce", color_scheme=theme, base_url=address
    )
    context.add_cookies([{"name": "theme", "value": theme, "url": address}])
    page = context.new_page()
    enter(page, address, persona)
    return page


def shoot(browser: Browser, options: argparse.Namespace) -> None:
    """Every page in every size and theme."""
    address = options.address.rstrip("/")
    for size in SIZES:
        for theme in ("light", "dark"):
            page = session(browser, address, size, theme, options.persona)
            for name, path in {**PAGES, **records(page, address)}.items():
                if wanted(name, options):
                    page.goto(address + path)
                    photograph(page, name, size, theme, options)
            if any(wanted(name, options) for name in WIZARD):
                for name, _url in wizard(page, address):
                    photograph(page, name, size, theme, options)
            page.context.close()


def wanted(name: str, options: argparse.Namespace) -> bool:
    """Whether this picture is asked for."""
    return (not options.only or name.startswith(options.only)) and (not options.docs or name in DOCUMENTED)


def photograph(page: Page, name: str, size: str, theme: str, options: argparse.Namespace) -> None:
    """One picture. Those of the documentation have plain names: `liste.png`, `liste-sombre.png`, `liste-telephone.png`."""
    page.wait_for_load_state("networkidle")
    page.evaluate("scrollTo(0, 0)")  # a form refused takes the focus, and the page with it
    if not options.docs:
        page.screenshot(path=options.folder / f"{name}-{size}-{theme}.png")
        return
    tail = ("-telephone" if size == "telephone" else "") + ("-sombre" if theme == "dark" else "")
    if wanted(name, options) and (size != "telephone" or (theme == "light" and name in ON_THE_PHONE)):
        page.screenshot(path=options.folder / f"{name}{tail}.png")


def main() -> None:
    """Read the command line and shoot."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--docs", action="store_true")
    parser.add_argument("--persona", type=int, default=0)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        shoot(browser, options)
        browser.close()


if __name__ == "__main__":
    main()
