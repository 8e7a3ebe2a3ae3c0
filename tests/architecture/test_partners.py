"""A partner is whole: adapter, client, stand-in, docs, words. CONTRIBUTING.md has the list."""

from pathlib import Path

import pytest
from flask import Flask

from billify import stand_ins
from billify.application.partners import registry
from billify.application.partners.protocol import Adapter
from billify.domain.connections import Partner
from tests.servers import CHECKOUT

PACKAGE = CHECKOUT / "billify"
FOLDERS = sorted(
    one.parent.name for one in (PACKAGE / "application" / "partners").glob("*/adapter.py")
)


def folder_of(adapter: Adapter) -> str:
    return type(adapter).__module__.split(".")[-2]


@pytest.mark.parametrize("partner", Partner)
def test_every_partner_has_exactly_one_adapter(partner: Partner) -> None:
    assert len([one for one in registry.ADAPTERS if partner in one.partners]) == 1


@pytest.mark.parametrize("partner", Partner)
def test_every_partner_describes_itself(partner: Partner, app: Flask) -> None:
    with app.app_context():
        found = registry.described(partner)

    assert all((found.name, found.title, found.promise, found.how))
    assert all(one.name.isidentifier() and one.label for one in found.fields)
    pages = {found.connect_page, found.next_page, found.own_page, found.renew_page} - {None}
    assert pages <= set(app.view_functions)
    assert bool(found.own_page) is bool(found.own_page_title)


@pytest.mark.parametrize("partner", Partner)
def test_names_in_sentences_differ(partner: Partner, app: Flask) -> None:
    with app.app_context():
        others = {registry.described(one).name for one in Partner if one is not partner}

        assert registry.described(partner).name not in others


def test_every_folder_of_a_partner_is_registered_once() -> None:
    assert sorted(map(folder_of, registry.ADAPTERS)) == FOLDERS


@pytest.mark.parametrize("name", FOLDERS)
def test_a_partner_has_a_client_a_stand_in_and_tests(name: str) -> None:
    wanted = [
        PACKAGE / "integrations" / name / "__init__.py",
        Path(stand_ins.__path__[0]) / name / "__init__.py",
        CHECKOUT / "tests" / "integrations" / f"test_{name}.py",
    ]

    assert [str(one.relative_to(CHECKOUT)) for one in wanted if not one.exists()] == []
    assert f"stand_ins.{name}" in (PACKAGE / "cli" / "commands.py").read_text() + "".join(
        one.read_text() for one in (PACKAGE / "processes").rglob("*.py")
    )


@pytest.mark.parametrize("name", FOLDERS)
def test_a_partner_is_told_of_in_the_docs(name: str) -> None:
    where = f"billify/application/partners/{name}/"

    flows = [one.name for one in (CHECKOUT / "docs" / "flows").glob("*.md")]
    assert [one for one in flows if where in (CHECKOUT / "docs" / "flows" / one).read_text()]
