"""Rules for bank lines on screen: tried before they count, used, put in order, taken back."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from billify.data.db import db
from billify.data.models import BankRule, BankRuleRun, BankTransaction, Category
from billify.data.types import uuid7
from billify.domain.banking import MatchState
from tests import factories
from tests.cast import Cast
from tests.factories import books_of

RULES = "/c/bakkerij-anna/bank/rules"
CATEGORIES = "/c/bakkerij-anna/bank/categories"


def described(**more: str) -> dict[str, str]:
    """What a person fills in for a rule."""
    return {
        "words": "PROXIMUS",
        "category": "telecom",
        "flow": "out",
        "account": "",
        "is_active": "1",
        "do": "save",
        **more,
    }


def line(cast: Cast, name: str = "Proximus NV") -> UUID:
    with books_of(cast.anna):
        account = factories.account(iban=None)
        return factories.movement(on=account, amount="-45.00", counterparty_name=name).id


def state(cast: Cast, key: UUID) -> MatchState:
    with books_of(cast.anna):
        db.session.expire_all()
        return db.session.get_one(BankTransaction, key).match_state


def every(cast: Cast, model: Any) -> list[Any]:  # Any: a model and its rows
    with books_of(cast.anna):
        db.session.expire_all()
        order = model.position if hasattr(model, "position") else model.id
        return list(db.session.scalars(select(model).order_by(order)))


def test_the_room_is_empty_at_first(cast: Cast) -> None:
    assert "No rule yet" in cast.anna.client().get(RULES).text


def test_a_rule_is_tried_before_it_counts(cast: Cast) -> None:
    proximus, other = line(cast), line(cast, "Proximuseum")

    answer = cast.anna.client().post(f"{RULES}/new", data=described(do="try"))

    assert answer.status_code == 200
    assert "1 of the lines that wait would get this category." in answer.text
    assert "Proximus NV" in answer.text
    assert "Proximuseum" not in answer.text
    assert every(cast, BankRule) == []
    assert {state(cast, proximus), state(cast, other)} == {MatchState.NEW}


def test_a_rule_is_kept_and_used_and_its_use_taken_back(cast: Cast) -> None:
    proximus = line(cast)
    client = cast.anna.client()

    client.post(f"{RULES}/new", data=described(do="use"))

    assert state(cast, proximus) is MatchState.SET_ASIDE
    listed = client.get(RULES).text
    assert "PROXIMUS" in listed
    assert "Telephone and internet" in listed
    (use,) = every(cast, BankRuleRun)

    client.post(f"{RULES}/runs/{use.id}/undoing")

    assert state(cast, proximus) is MatchState.NEW
    assert "Taken back" in client.get(RULES).text
    assert not every(cast, BankRule)[0].is_active


def test_a_rule_begins_with_the_name_of_the_line_it_is_made_of(cast: Cast) -> None:
    text = cast.anna.client().get(f"{RULES}/new?line={line(cast)}").text

    assert 'value="Proximus NV"' in text


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"words": ""}, "Fill this in."),
        ({"words": "a"}, "Write at least three letters or digits to look for."),
        ({"words": "x" * 81}, "At most 80 characters."),
        ({"category": ""}, "Choose one"),
        ({"category": "casino"}, "Choose a category from the list."),
        ({"flow": "sideways"}, "Choose one from the list."),
        ({"account": "x"}, "Choose one from the list."),
    ],
    ids=["empty", "short", "long", "no category", "strange category", "flow", "account"],
)
def test_a_mistake_gets_a_sentence(cast: Cast, given: dict[str, str], said: str) -> None:
    answer = cast.anna.client().post(f"{RULES}/new", data=described(**given))

    assert answer.status_code == 422
    assert said in answer.text
    assert every(cast, BankRule) == []


def test_rules_change_places(cast: Cast) -> None:
    client = cast.anna.client()
    for words in ("PROXIMUS", "TELENET"):
        client.post(f"{RULES}/new", data=described(words=words))
    _first, second = every(cast, BankRule)

    client.post(f"{RULES}/{second.id}/moving", data={"to": "up"})
    client.post(f"{RULES}/{second.id}/moving", data={"to": "up"})

    assert [one.words for one in every(cast, BankRule)] == ["TELENET", "PROXIMUS"]


def test_a_rule_is_changed_and_deleted_until_it_was_used(cast: Cast) -> None:
    client = cast.anna.client()
    client.post(f"{RULES}/new", data=described())
    (rule,) = every(cast, BankRule)
    client.post(f"{RULES}/{rule.id}", data=described(words="TELENET"))
    assert every(cast, BankRule)[0].words == "TELENET"

    client.post(f"{RULES}/{rule.id}/deletion")

    assert every(cast, BankRule) == []
    line(cast)
    client.post(f"{RULES}/new", data=described(do="use"))
    (used,) = every(cast, BankRule)
    answer = client.post(f"{RULES}/{used.id}/deletion")
    assert answer.status_code == 422
    assert "Switch it off" in answer.text


def test_a_strange_rule_is_not_found(cast: Cast) -> None:
    client = cast.anna.client()

    assert client.get(f"{RULES}/{uuid7()}").status_code == 404
    for deed in ("moving", "running", "deletion"):
        assert client.post(f"{RULES}/{uuid7()}/{deed}").status_code == 404
    assert client.post(f"{RULES}/runs/{uuid7()}/undoing").status_code == 404
    assert client.get(f"{RULES}/new?line=x").status_code == 404


def test_who_may_only_look_makes_no_rule(cast: Cast) -> None:
    assert cast.bram.client().get(RULES).status_code == 200
    assert cast.bram.client().post(f"{RULES}/new", data=described()).status_code == 403


def test_categories_stand_ready_and_take_one_of_ones_own(cast: Cast) -> None:
    client = cast.anna.client()
    assert "Telephone and internet" in client.get(CATEGORIES).text
    assert every(cast, Category) == []

    client.post(CATEGORIES, data={"name": "Marktkramen"})

    known = every(cast, Category)
    assert known[-1].name == "Marktkramen"
    assert client.post(CATEGORIES, data={"name": "marktkramen"}).status_code == 422


def test_a_category_is_renamed_hidden_and_deleted(cast: Cast) -> None:
    client = cast.anna.client()
    client.post(CATEGORIES, data={"name": "Marktkramen"})
    own = every(cast, Category)[-1]

    client.post(f"{CATEGORIES}/{own.id}", data={"name": "Markten"})

    changed = every(cast, Category)[-1]
    assert (changed.name, changed.is_active) == ("Markten", False)
    assert client.post(f"{CATEGORIES}/{own.id}", data={"name": " "}).status_code == 422
    client.post(f"{CATEGORIES}/{own.id}", data={"do": "drop"})
    assert every(cast, Category)[-1].name != "Markten"


def test_a_default_category_keeps_its_name_in_every_language(cast: Cast) -> None:
    client = cast.anna.client()
    client.post(CATEGORIES, data={"name": "Marktkramen"})
    telecom = next(one for one in every(cast, Category) if one.code == "telecom")
    client.set_cookie("language", "nl")

    client.post(
        f"{CATEGORIES}/{telecom.id}", data={"name": "Telephone and internet", "active": "1"}
    )

    kept = next(one for one in every(cast, Category) if one.code == "telecom")
    assert kept.name == "Telephone and internet"
