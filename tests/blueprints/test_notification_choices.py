"""A person's choices: shown, kept, and refused when they make no sense."""

from billify.application import notification_choices
from billify.application.notification_choices import CHOOSABLE, Choices
from billify.data import tenancy
from billify.domain.notifications import Hours, MailWish, NotificationKind, Wish
from tests.cast import Cast, Member

PATH = "/account/notifications"


def form(**more: str) -> dict[str, str]:
    mails = {f"mail.{kind}": "none" for kind in CHOOSABLE}
    return {**mails, "digest_hour": "7", "quiet_from": "", "quiet_until": "", **more}


def kept(member: Member) -> Choices:
    with tenancy.user_scope(member.user_id):
        return notification_choices.current(user_id=member.user_id)


def test_who_chose_nothing_sees_what_is_usual(cast: Cast) -> None:
    page = cast.anna.client().get(PATH).get_data(as_text=True)

    assert 'name="mail.below_floor"' in page
    assert '<option value="instant" selected>' in page


def test_choices_are_kept(cast: Cast) -> None:
    wanted = {"in_app.to_approve": "1", "mail.to_approve": "digest"}

    answer = cast.anna.client().post(
        PATH, data=form(digest_hour="18", quiet_from="22", quiet_until="6", **wanted)
    )

    assert answer.status_code == 303
    choices = kept(cast.anna)
    assert choices.hours == Hours(18, 22, 6)
    assert choices.wishes[NotificationKind.TO_APPROVE] == Wish(in_app=True, mail=MailWish.DIGEST)
    assert choices.wishes[NotificationKind.BELOW_FLOOR] == Wish(in_app=False, mail=MailWish.NONE)


def test_one_person_does_not_choose_for_another(cast: Cast) -> None:
    before = kept(cast.bram)

    cast.anna.client().post(PATH, data=form())

    assert kept(cast.bram) == before


def test_half_of_the_quiet_hours_is_refused(cast: Cast) -> None:
    answer = cast.anna.client().post(PATH, data=form(quiet_from="22"))

    assert answer.status_code == 422
    assert "both an hour to begin and one to end" in answer.get_data(as_text=True)


def test_a_way_that_is_not_offered_is_refused(cast: Cast) -> None:
    answer = cast.anna.client().post(PATH, data=form(**{"mail.to_approve": "pigeon"}))

    assert answer.status_code == 422
