"""What a browser that knows nothing fetches to show a first page: requests, bytes as they travel (compressed, with their headers), time.

python benchmarks/first_page.py HOME [--port 23481] [--user mesure1]

HOME is an installation filled by `reciproque generate`. Chromium is the system's. Each page is opened in a browser without a cache,
then once more with the cache that the first visit left.
"""

from __future__ import annotations

import argparse
import shutil
import time
from pathlib import Path
from typing import Any

from harness import installation, session_for, setup

MOST_BYTES, MOST_REQUESTS = 350_000, 15  # what a first page may cost
PAGES = {
    "sign-in": "/connexion/",
    "home": "/",
    "partners": "/partenaires/",
    "partner page": "/partenaires/{pk}/",
    "map": "/partenaires/carte/",
}
QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]


def visit(page: Any, address: str) -> dict[str, Any]:
    """Open a page; what travelled over the network for it, and what it was made of."""
    client = page.context.new_cdp_session(page)
    client.send("Network.enable")
    sizes: dict[str, float] = {}
    names: dict[str, str] = {}
    client.on("Network.responseReceived", lambda event: names.update({event["requestId"]: event["response"]["url"]}))
    client.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    cached: set[str] = set()
    client.on("Network.requestServedFromCache", lambda event: cached.add(event["requestId"]))
    began = time.perf_counter()
    page.goto(address, wait_until="networkidle")
    wall = time.perf_counter() - began
    client.detach()
    fetched = {key: size for key, size in sizes.items() if key not in cached and names.get(key, "").startswith("http")}
    heavy = sorted(((size, names[key].rsplit("/", 1)[-1]) for key, size in fetched.items()), reverse=True)
    return {
        "requests": len(fetched), "bytes": int(sum(fetched.values())), "seconds": round(wall, 2),
        "heaviest": ", ".join(f"{name or 'page'} {size / 1000:.0f} kB" for size, name in heavy[:4]),
    }  # fmt: skip


def measured(address: str, session: str, key: int) -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """Each page, without then with a cache."""
    from playwright.sync_api import sync_playwright

    found = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET)
        for name, path in PAGES.items():
            context = browser.new_context(locale="fr-FR", viewport={"width": 1440, "height": 900})
            if name != "sign-in":
                context.add_cookies([{"name": "session", "value": session, "url": address}])
            page = context.new_page()
            target = address + path.format(pk=key)
            found[name] = visit(page, target), visit(page, target)
            if name != "sign-in" and "connexion" in page.url:
                raise SystemExit("the session was not taken")
            context.close()
        browser.close()
    return found


def main() -> None:
    """Read the command line, measure, print; fails when a first page costs more than it may."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("home", type=Path)
    parser.add_argument("--port", type=int, default=23481)
    parser.add_argument("--user", default="mesure1")
    options = parser.parse_args()
    home = options.home.resolve()
    with installation(home, options.port):
        setup(home)
        from reciproque.directory.models import Partner

        key = Partner.objects.order_by("pk").values_list("pk", flat=True)[0]
        found = measured(f"http://127.0.0.1:{options.port}", session_for(options.user), key)
    over = False
    for name, (cold, warm) in found.items():
        over = over or cold["bytes"] > MOST_BYTES or cold["requests"] > MOST_REQUESTS
        print(
            f"{name:14s} {cold['requests']:3d} requests  {cold['bytes'] / 1000:6.1f} kB  {cold['seconds']:5.2f} s"
            f"   again {warm['requests']:2d}  {warm['bytes'] / 1000:6.1f} kB   {cold['heaviest']}"
        )
    raise SystemExit(int(over))


if __name__ == "__main__":
    main()
