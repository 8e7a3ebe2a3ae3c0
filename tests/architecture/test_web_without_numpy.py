"""The web process reads forecasts that a worker made; what they are made with stays out of it."""

import subprocess
import sys

from tests.servers import CHECKOUT

_LOADS = """
import sys
import billify.blueprints.company, billify.factory, billify.tasks.schedule
from billify.tasks import registry
registry.load()
print([name for name in ("numpy", "scipy", "pandas") if name in sys.modules])
"""


def test_nothing_that_web_clock_or_a_waiting_worker_imports_loads_numpy() -> None:
    run = subprocess.run(
        [sys.executable, "-c", _LOADS], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )

    assert run.stdout.strip() == "[]"
