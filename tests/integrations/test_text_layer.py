"""Text layers are judged by their words."""

import pytest

from billify.domain.reading import Word
from billify.integrations.text_layer import Trust, trust

SENTENCE = "Factuur van Drukkerij Peeters voor geleverd drukwerk, te betalen voor 3 maart 2026. "


def words(text: str) -> list[Word]:
    return [Word(part, 0, 0, 1, 1) for part in text.split()]


@pytest.mark.parametrize(
    ("text", "share", "is_hidden", "expected"),
    [
        ("", 0.0, False, Trust.PARTIAL),
        ("Factuur van Drukkerij Peeters 2026", 0.5, False, Trust.SOUND),
        ("Gescand", 0.5, False, Trust.PARTIAL),
        ("Gescand", 0.0, False, Trust.SOUND),
        ("\ue001\ue002\ue003\ue004\ue005 \ue006\ue007", 0.0, False, Trust.RUBBISH),
        ("\ufffd\ufffd\ufffd \ufffd\ufffd", 0.0, False, Trust.RUBBISH),
        (")DFWXXU YDQ GUXNNHULM 3HHWHUV YRRU JHOHYHUG GUXNZHUN", 0.0, False, Trust.RUBBISH),
        ("%&$# *(!@ ^&%$ #@!* (&^% $#@! *&^% $#@! &^%$", 0.0, False, Trust.RUBBISH),
        (SENTENCE, 0.9, False, Trust.PARTIAL),
        (SENTENCE * 4, 0.9, False, Trust.SOUND),
        (SENTENCE * 4, 0.9, True, Trust.SOUND),
        ("F@ctu|r v~n Dr;kk~r|j P^^t#rs t0taa1 6eta1en l2|,OO " * 6, 0.9, True, Trust.RUBBISH),
        ("Facture n° 17 réglée à réception, échéance été " * 8, 0.9, True, Trust.SOUND),
        ("Τιμολόγιο προς πληρωμή έως τις τρεις Μαρτίου", 0.0, False, Trust.SOUND),
        ("BE0123456789 12-345-67 XK4432 ZPRT-998 QQ 7781", 0.0, False, Trust.SOUND),
    ],
)
def test_a_text_layer_is_believed_as_far_as_it_makes_sense(
    text: str, share: float, is_hidden: bool, expected: Trust
) -> None:
    assert trust(words(text), picture_share=share, is_hidden=is_hidden) is expected
