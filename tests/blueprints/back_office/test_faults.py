"""Faults as staff see them: grouped, put away, back when they happen again."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from billify.application import faults
from tests.cast import Cast

PRIVATE = "BE68 5390 0754 7034"


def happen(company: Cast | None = None) -> None:
    try:
        raise LookupError(PRIVATE)
    except LookupError as error:
        faults.record(
            error, during="documents.read", company_id=company.anna.company_id if company else None
        )


def test_a_mistake_in_a_page_becomes_a_fault(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise LookupError("anna@example.be")

    monkeypatch.setitem(app.view_functions, "health.live", _public(broken))
    assert app.test_client().get("/health/live").status_code == 500

    page = cast.dirk.client().get("/back-office/faults").text
    assert "LookupError" in page
    assert "GET /health/live" in page
    assert "anna@" not in page


def test_a_fault_is_put_away_and_taken_back(cast: Cast, staff: FlaskClient) -> None:
    happen(cast)
    fingerprint = faults.page()[0][0].fingerprint

    shown = staff.get(f"/back-office/faults/{fingerprint}").text
    assert "Bakkerij Anna" in shown
    assert "5390 0754" not in shown
    staff.post(f"/back-office/faults/{fingerprint}/putting-away")
    assert "LookupError" not in staff.get("/back-office/faults").text
    assert "LookupError" in staff.get("/back-office/faults?view=away").text
    staff.post(f"/back-office/faults/{fingerprint}/taking-back")
    assert "LookupError" in staff.get("/back-office/faults").text


def test_an_unknown_fault_is_not_there(staff: FlaskClient) -> None:
    assert staff.get("/back-office/faults/none").status_code == 404
    assert staff.post("/back-office/faults/none/putting-away").status_code == 404
    assert staff.get("/back-office/faults?before=x").status_code == 404
    assert staff.get("/back-office/faults?before=2026-03-02_x").status_code == 404


def _public(view: object) -> object:
    from billify.web.access import public

    return public(view)  # type: ignore[type-var]
