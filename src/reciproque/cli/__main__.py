"""`python -m reciproque.cli`."""

import sys

from reciproque.cli import main

sys.exit(main())
