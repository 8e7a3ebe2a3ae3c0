"""Conditions of policies in words."""

from billify.domain import fence


def test_a_known_condition_is_said() -> None:
    words = fence.WORDS["company_id = app_company()"]

    assert fence.parts("((company_id = app_company()))") == [(words, True)]


def test_an_unknown_part_is_shown_as_it_is() -> None:
    found = fence.parts("(app_system() AND (state = ANY (ARRAY['a'::text, 'b'::text])))")

    assert found == [
        (fence.WORDS["app_system()"], True),
        (fence.AND, True),
        ("state = ANY (ARRAY['a'::text, 'b'::text])", False),
    ]


def test_what_stands_in_brackets_is_one_part() -> None:
    found = fence.parts("(app_system() OR (EXISTS ( SELECT WHERE ((a = b) AND (c = d)))))")

    assert [words for words, _ in found[1:]] == [
        fence.OR,
        "EXISTS ( SELECT WHERE ((a = b) AND (c = d)))",
    ]


def test_no_condition_has_no_part() -> None:
    assert fence.parts(None) == []
