"""The `reciproque` command: everything that an installation needs, in one place. Nothing heavy is imported before it is needed."""

import sys

from reciproque.cli import place
from reciproque.cli.french import refusal
from reciproque.cli.parser import build

OK, REFUSED, USAGE, ABSENT, INTERRUPTED = 0, 1, 2, 3, 130


def main(words: list[str] | None = None) -> int:
    """Run one command; returns its exit code (0 done, 1 refused or failed, 2 misused or unknown thing, 3 not running,
    130 interrupted)."""
    options = build().parse_args(words)
    options.prepare(options)
    try:
        code = options.run(options)
    except KeyboardInterrupt:
        return _interrupted()
    except Exception as error:
        if isinstance(error.__cause__, KeyboardInterrupt):  # in the middle of compiled code
            return _interrupted()
        if (said := refusal(error)) is None:
            raise
        print(said, file=sys.stderr)
        return REFUSED
    finally:
        place.leave()
    return int(code or OK)


def _interrupted() -> int:
    print("Interrompu.", file=sys.stderr)
    return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
