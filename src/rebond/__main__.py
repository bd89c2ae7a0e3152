"""The `rebond` command."""

import sys

from rebond.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
