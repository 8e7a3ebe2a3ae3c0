"""How a person wants to be told: a table of kinds and ways, and the hours for mails."""

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext as _

from billify.application import notification_choices
from billify.application.notification_choices import CHOOSABLE, Choices
from billify.domain.notifications import Hours, MailWish, Wish
from billify.domain.refusal import N_, Refusal
from billify.web import htmx, languages, notification_words
from billify.web.access import me, person

bp = Blueprint("notification_choices", __name__)
HOURS = range(24)


@bp.route("/account/notifications", methods=["GET", "POST"])
@person
def index() -> Response:
    """The choices of the person."""
    user_id = me().user_id
    if request.method == "GET":
        return _page(notification_choices.current(user_id=user_id))
    try:
        wanted = _asked()
    except Refusal as refusal:
        kept = notification_choices.current(user_id=user_id)
        return _page(kept, refusal=languages.sentence(refusal), status=422)
    notification_choices.choose(user_id=user_id, choices=wanted)
    flash(_("Saved."), "good")
    return htmx.go(url_for("notification_choices.index"))


def _page(choices: Choices, *, refusal: str | None = None, status: int = 200) -> Response:
    return htmx.page(
        "notification_choices/index.html",
        status=status,
        refusal=refusal,
        lines=[(kind, notification_words.KINDS[kind], choices.wishes[kind]) for kind in CHOOSABLE],
        wishes=[(wish.value, name) for wish, name in notification_words.WISHES.items()],
        hours=choices.hours,
        clock=[(str(hour), f"{hour:02d}:00") for hour in HOURS],
    )


def _asked() -> Choices:
    """What the form says. Refuses what it does not offer."""
    digest = _hour("digest_hour")
    start, end = _hour("quiet_from"), _hour("quiet_until")
    if digest is None or (start is None) != (end is None):
        raise Refusal(N_("Quiet hours need both an hour to begin and one to end."))
    try:
        wishes = {
            kind: Wish(f"in_app.{kind}" in request.form, MailWish(request.form[f"mail.{kind}"]))
            for kind in CHOOSABLE
        }
    except (KeyError, ValueError):
        raise Refusal(N_("Choose for each line how you want to be told.")) from None
    return Choices(wishes, Hours(digest, start, end))


def _hour(name: str) -> int | None:
    text = request.form.get(name, "")
    return int(text) if text in {str(hour) for hour in HOURS} else None
