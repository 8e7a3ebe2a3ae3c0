"""PostgreSQL, Valkey and Tesseract from Python wheels, for a machine that has none of them.

`start()` gives the environment variables that lead to them; a variable already given wins.
"""

from billify.embedded.parts import Embedded, start
from billify.embedded.place import CannotStart

__all__ = ["CannotStart", "Embedded", "start"]
