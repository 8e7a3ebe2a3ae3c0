"""The blueprints whose address names a company: /c/<company>/…"""

from flask import Blueprint

from billify.blueprints import live

BLUEPRINTS: tuple[Blueprint, ...] = (live.bp,)
