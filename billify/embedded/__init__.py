"""PostgreSQL, Valkey and Tesseract from Python wheels, for a machine that has none of them.

`start()` gives the environment variables that lead to them.
"""

from billify.embedded.parts import Embedded, Part, missing, start
from billify.embedded.place import CannotStart, refused_clearly

__all__ = ["CannotStart", "Embedded", "Part", "missing", "refused_clearly", "start"]
