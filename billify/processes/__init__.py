"""The processes of Billify: `up()` runs them all under one parent, `run()` is one of them."""

from billify.processes.environment import environment
from billify.processes.starting import run, up

__all__ = ["environment", "run", "up"]
