"""Pages and fragments: how a route answers a browser and an htmx request."""

import json

from flask import Flask, Response, make_response, render_template, request

from billify.application import live


def is_htmx() -> bool:
    """Does the page's own script ask, wanting a part and not a page?"""
    return request.headers.get("HX-Request") == "true"


def fragment(template: str, *, status: int = 200, **context: object) -> Response:
    """One part of a page, as the page itself would include it."""
    return make_response(render_template(template, **context), status)


def page(template: str, *, status: int = 200, **context: object) -> Response:
    """A whole page."""
    return make_response(render_template(template, **context), status)


def go(address: str) -> Response:
    """To another page, with or without script."""
    if is_htmx():
        return Response(status=200, headers={"HX-Redirect": address})
    return Response(status=303, headers={"Location": address})


def moved(template: str, address: str, **context: object) -> Response:
    """Another page's work in place of this one's, under its own address: no page is loaded."""
    response = make_response(render_template(template, **context))
    response.headers["HX-Retarget"] = "#main"
    response.headers["HX-Reswap"] = "innerHTML show:top showTarget:body"
    response.headers["HX-Push-Url"] = address
    return response


def toast(response: Response, message: str, tone: str = "good") -> Response:
    """Show a short message beside what the answer changes."""
    events = json.loads(response.headers.get("HX-Trigger", "{}"))
    events["toast"] = {"message": message, "tone": tone}
    response.headers["HX-Trigger"] = json.dumps(events)
    return response


def init_app(app: Flask) -> None:
    """Tell the acting page at once which topics its request has changed."""
    app.before_request(live.forget)
    app.after_request(_tell_topics)


def _tell_topics(response: Response) -> Response:
    changed = live.touched()
    if changed and is_htmx():
        events = json.loads(response.headers.get("HX-Trigger", "{}"))
        events.update({f"{topic}-changed": True for topic in sorted(changed)})
        response.headers["HX-Trigger"] = json.dumps(events)
    return response
