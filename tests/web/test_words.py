"""Texts in templates, looked up once per language."""

from pathlib import Path

import pytest
from babel.messages import mofile
from babel.messages.catalog import Catalog
from flask import Flask, render_template_string
from flask_babel import Babel, force_locale

from billify.web import words


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    folder = tmp_path / "nl" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    catalog = Catalog(locale="nl")
    catalog.add("Overdue", "Vervallen")
    catalog.add("Half of %(name)s", "De helft van %(name)s")
    with (folder / "messages.mo").open("wb") as file:
        mofile.write_mo(file, catalog)
    app = Flask(__name__)
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(tmp_path)
    Babel(app, default_locale="en")
    words.init_app(app)
    words._known.clear()
    return app


def shown(app: Flask, template: str, language: str, **values: object) -> str:
    with app.test_request_context(), force_locale(language):
        return render_template_string(template, **values)


def test_a_text_is_in_the_language_of_the_request(app: Flask) -> None:
    template = "{{ _('Overdue') }}"

    assert shown(app, template, "nl") == "Vervallen"
    assert shown(app, template, "en") == "Overdue"
    assert shown(app, template, "nl") == "Vervallen"


def test_values_are_escaped(app: Flask) -> None:
    template = "{{ _('Half of %(name)s', name=name) }}"

    assert shown(app, template, "nl", name="<b>") == "De helft van &lt;b&gt;"


def test_a_percent_sign_is_written_twice_and_shown_once(app: Flask) -> None:
    assert shown(app, "{{ _('100 %% paid') }}", "en") == "100 % paid"


def test_a_marked_text_stays_as_it_is(app: Flask) -> None:
    assert shown(app, "{{ N_('Overdue') }}", "nl") == "Overdue"
