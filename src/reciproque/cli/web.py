"""The site: gunicorn with threads, in a process that has already loaded the application."""

import os
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger


class Log(Logger):  # type: ignore[misc]
    """What gunicorn says goes where everything else does: JSON lines, set up by the settings."""

    def setup(self, cfg: Any) -> None:
        """No handler of its own."""
        self.error_log.setLevel(self.LOG_LEVELS.get(cfg.loglevel.lower(), self.LOG_LEVELS["warning"]))
        self.error_log.handlers.clear()
        self.error_log.propagate = True


class Site(BaseApplication):  # type: ignore[misc]
    """gunicorn told what to serve and how, without a configuration file."""

    def __init__(self, options: dict[str, Any]) -> None:
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        """Give gunicorn our options."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """The WSGI application, already imported."""
        from config.wsgi import application

        return application


def serve_web(host: str, port: int) -> None:
    """Serve until told to stop. `WEB_WORKERS` processes of `WEB_THREADS` threads."""
    _limit_queries()
    Site(
        {
            "bind": f"{host}:{port}",
            "workers": int(os.environ.get("WEB_WORKERS") or 1),
            "threads": int(os.environ.get("WEB_THREADS") or 5),
            "worker_class": "gthread",
            "preload_app": True,
            "timeout": 60,
            "graceful_timeout": 4,
            "keepalive": 15,
            "worker_tmp_dir": "/dev/shm" if os.path.isdir("/dev/shm") else None,  # noqa: PTH112, S108
            "control_socket_disable": True,
            "loglevel": "warning",
            "logger_class": Log,
            "post_worker_init": _born,
            "limit_request_line": 8000,
        }
    ).run()


def _born(_worker: Any) -> None:
    from reciproque.sourcing import waking

    waking.allow()


def _limit_queries() -> None:
    """No request may hold the database: every connection of the site is born with its limits."""
    from django.conf import settings
    from django.db import connections

    options = connections.settings["default"].setdefault("OPTIONS", {})
    limits = f"-c statement_timeout={settings.WEB_STATEMENT_TIMEOUT} -c lock_timeout=5000"
    options["options"] = f"{options.get('options', '')} {limits}".strip()
