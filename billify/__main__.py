"""`python -m billify` is the `billify` command."""

from billify.cli import main

raise SystemExit(main())
