"""The page of all components."""

import pytest
from flask.testing import FlaskClient


@pytest.mark.parametrize("language", ["nl", "fr", "en", "de"])
@pytest.mark.parametrize("path", ["/ui", "/ui/check"])
def test_the_components_show_in_each_language(
    client: FlaskClient, path: str, language: str
) -> None:
    client.set_cookie("language", language)

    answer = client.get(path)

    assert answer.status_code == 200
    assert f'lang="{language}"' in answer.text


def test_the_theme_chosen_before_is_drawn_at_once(client: FlaskClient) -> None:
    client.set_cookie("theme", "dark")

    assert 'data-theme="dark"' in client.get("/ui").text


@pytest.mark.parametrize("theme", ["", "dark.evil", '"><script>'])
def test_an_unknown_theme_is_left_out(client: FlaskClient, theme: str) -> None:
    client.set_cookie("theme", theme)

    assert "data-theme=" not in client.get("/ui").text


def test_the_example_page_is_an_image(client: FlaskClient) -> None:
    assert client.get("/ui/page.svg").content_type == "image/svg+xml"
