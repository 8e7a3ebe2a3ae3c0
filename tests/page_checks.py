"""A test browser that checks every HTML answer by itself."""

from collections import Counter
from typing import Any

from flask import current_app, g
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import event
from werkzeug.test import TestResponse

from billify.data.db import db

MOST_QUERIES = 8
"""A page's five, and the three that find the session, the places and the language."""


class CheckedClient(FlaskClient):
    """Checks title, ids, labels, form tokens, inline scripts and the number of queries."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:  # Any: as the base class
        """Ask, and check what comes back."""
        statements: list[str] = []

        def note(*seen: Any) -> None:  # Any: as SQLAlchemy gives it
            scope_only = ("SELECT set_config", "SAVEPOINT", "RELEASE", "ROLLBACK")
            # A look of staff is written down before it is answered, which is no reading.
            is_written_down = "audit_head" in seen[2] or "INTO audit_event" in seen[2]
            # What is announced is asked for once in fifteen seconds, by whoever comes by.
            is_kept = "FROM announcement" in seen[2]
            if not (seen[2].startswith(scope_only) or is_written_down or is_kept):
                statements.append(seen[2])

        _forget_the_last_request()
        engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            response = super().open(*args, **kwargs)
        finally:
            event.remove(engine, "before_cursor_execute", note)
        if response.mimetype == "text/html" and response.data and response.status_code != 500:
            check_page(response)
            if response.request.method == "GET":
                assert len(statements) <= MOST_QUERIES, "\n\n".join(statements)
        return response


def _forget_the_last_request() -> None:
    """A test keeps one application context open, so who was signed in would stay so."""
    for name in list(g):
        g.pop(name)


def check_page(response: TestResponse) -> None:
    """What every page and fragment must be."""
    is_page = b"<!doctype html>" in response.data[:200].lower()
    tree = html.document_fromstring(response.get_data(as_text=True))
    where = f"{response.request.method} {response.request.path}"
    _check_ids(tree, where)
    _check_fields(tree, where)
    assert not tree.xpath("//*[@style]"), f"{where}: inline style"
    assert not tree.xpath("//script[not(@src) and not(@type='application/json')]"), where
    assert not [a for a in tree.xpath("//@*") if getattr(a, "attrname", "").startswith("on")], where
    if is_page:
        assert tree.xpath("string(//title)").strip(), f"{where}: no title"
        assert len(tree.xpath("//h1")) == 1, f"{where}: not exactly one h1"
        assert tree.get("lang"), f"{where}: no language"


def _check_ids(tree: html.HtmlElement, where: str) -> None:
    twice = [name for name, count in Counter(tree.xpath("//@id")).items() if count > 1]
    assert not twice, f"{where}: ids twice: {twice}"


def _check_fields(tree: html.HtmlElement, where: str) -> None:
    labelled = set(tree.xpath("//label/@for"))
    for field in tree.xpath(
        "//input[not(@type='hidden' or @type='submit')] | //select | //textarea"
    ):
        is_named = (
            field.get("id") in labelled
            or field.get("aria-label")
            or field.get("aria-labelledby")
            or field.xpath("ancestor::label")
        )
        assert is_named, f"{where}: a field without a label: {html.tostring(field)[:200]!r}"
    for form in tree.xpath("//form[translate(@method, 'POST', 'post') = 'post']"):
        if current_app.config["WTF_CSRF_ENABLED"]:
            assert form.xpath(".//input[@name='csrf_token']"), f"{where}: a form without a token"
