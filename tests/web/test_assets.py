"""Static files: one style sheet, content in the address, packed."""

import gzip
import re
from pathlib import Path

import pytest
from flask import Flask

from billify.web import assets

KILOBYTE = 1000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "css" / "parts").mkdir(parents=True)
    (tmp_path / "css" / "app.css").write_text(
        '@layer base, parts;\n@import url("parts/chip.css") layer(parts);\n'
    )
    (tmp_path / "css" / "parts" / "chip.css").write_text("/* why */\n.chip {\n  color: red;\n}\n")
    (tmp_path / "letter.woff2").write_bytes(b"font")
    return tmp_path


@pytest.fixture
def app(folder: Path) -> Flask:
    app = Flask(__name__)
    assets.init_app(app, folder=folder)
    return app


def url(app: Flask, name: str) -> str:
    address: str = app.jinja_env.globals["asset"](name)
    return address


def test_imports_are_put_in_place_inside_their_layer(app: Flask) -> None:
    answer = app.test_client().get(url(app, "css/app.css"))

    assert answer.text == "@layer base, parts;\n@layer parts {\n.chip {\ncolor: red;\n}\n}\n"
    assert answer.content_type == "text/css; charset=utf-8"


def test_an_address_of_this_version_is_kept_for_good(app: Flask) -> None:
    answer = app.test_client().get(url(app, "css/app.css"))

    assert answer.headers["Cache-Control"] == assets.FOREVER


def test_an_address_of_an_older_version_is_answered_but_not_kept(app: Flask) -> None:
    answer = app.test_client().get("/assets/older/css/app.css")

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == assets.ONE_MINUTE


def test_text_is_packed_for_who_takes_it(app: Flask) -> None:
    client = app.test_client()

    packed = client.get(url(app, "css/app.css"), headers={"Accept-Encoding": "gzip, br"})
    plain = client.get(url(app, "css/app.css"))

    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert "Content-Encoding" not in plain.headers


def test_a_font_is_sent_as_it_is(app: Flask) -> None:
    answer = app.test_client().get(url(app, "letter.woff2"), headers={"Accept-Encoding": "gzip"})

    assert answer.content_type == "font/woff2"
    assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize("name", ["css/none.css", "../secret", "css/../../secret"])
def test_only_files_of_the_folder_are_answered(app: Flask, name: str) -> None:
    assert app.test_client().get(f"/assets/x/{name}").status_code == 404


def test_a_name_that_does_not_exist_fails_loudly(app: Flask) -> None:
    with pytest.raises(LookupError):
        url(app, "css/none.css")


def test_the_version_follows_the_content(app: Flask, folder: Path) -> None:
    before = url(app, "css/app.css")

    (folder / "letter.woff2").write_bytes(b"another font")
    app.extensions["assets"].reload()

    assert url(app, "css/app.css") != before


def test_what_every_page_fetches_stays_light() -> None:
    files = assets.Assets(assets.STATIC).files
    own_js = [n for n in files if n.startswith("js/") and n.removeprefix("js/") not in OF_FEW_PAGES]
    fetched = ["css/app.css", "vendor/htmx/htmx.min.js", "img/icons.svg", *own_js]

    weight = sum(len(files[name].packed or b"") for name in fetched)
    weight += len(files["fonts/inter-latin.woff2"].content)

    assert weight < 72 * KILOBYTE, f"{weight} bytes before the page itself"


OF_FEW_PAGES = {"passkeys.js", "copy-text.js"}
"""Fetched by the pages that need them, and by no other."""


def test_own_scripts_stay_small() -> None:
    lengths = {
        path.name: len(path.read_text().splitlines())
        for path in (assets.STATIC / "js").glob("*.js")
    }

    # Every page loads these, compressed less than a small picture.
    assert sum(count for name, count in lengths.items() if name not in OF_FEW_PAGES) < 850
    assert max(lengths.values()) <= 80


def test_every_part_of_the_style_sheet_is_imported() -> None:
    css = assets.STATIC / "css"
    app = (css / "app.css").read_text()

    parts = {path.relative_to(css).as_posix() for path in css.rglob("*.css")} - {"app.css"}

    assert {part for part in parts if f'url("{part}")' not in app} == set()


def test_every_icon_a_template_names_is_in_the_sprite() -> None:
    sprite = (assets.STATIC / "img" / "icons.svg").read_text()
    templates = assets.STATIC.parent / "templates"
    pattern = re.compile(r'icon(?:_name)?(?:\(|=)"([a-z0-9-]+)"')

    named = {
        name for path in templates.rglob("*.html") for name in pattern.findall(path.read_text())
    }

    assert {name for name in named if f'id="{name}"' not in sprite} == set()
