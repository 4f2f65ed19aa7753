"""The nightly round: stock files laid down in the register's folder are loaded, then the network is compared with the register."""

from pathlib import Path

import structlog
from django.conf import settings
from django.utils import timezone

from reciproque.sourcing.register import proposing

log = structlog.get_logger("reciproque.sourcing")
STOCK, LOADED = "stock", "stock.loaded"


def load_waiting() -> bool:
    """Load the stock files of `SIRENE_DIR/stock` when they are not those already loaded; says whether it did."""
    root = Path(settings.SIRENE_DIR)
    files = sorted(path for path in (root / STOCK).glob("*") if path.suffix.lower() in {".zip", ".csv", ".parquet"})
    if not files:
        return False
    from reciproque.engines.register.loading import load  # noqa: PLC0415 -- compiled
    from reciproque.engines.register.reading import StockError  # noqa: PLC0415
    from reciproque.engines.register.staging import stock_of  # noqa: PLC0415

    try:
        mark = stock_of(files).mark
        known = root / LOADED
        if known.is_file() and known.read_text().strip() == mark:
            return False
        load(
            files, root, loaded_at=timezone.now().isoformat(timespec="seconds"), departments=settings.SIRENE_DEPARTMENTS
        )
    except StockError as refusal:
        log.warning("register_not_loaded", reason=str(refusal))
        return False
    known.write_text(mark)
    return True


def follow() -> None:
    """What changed in the register, what became of the companies of the network, and who the other partners are."""
    load_waiting()
    proposing.check_life()
    proposing.qualify_network()
