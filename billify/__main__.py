"""`python -m billify` is the `billify` command."""

import sys

from billify.cli import main

if __name__ == "__main__":
    sys.exit(main())
