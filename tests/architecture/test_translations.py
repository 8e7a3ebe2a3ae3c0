"""Every text exists in every language."""

import pytest

from billify.translations import __main__ as catalogues


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_every_text_is_translated(language: str) -> None:
    assert list(catalogues.problems(language)) == []
