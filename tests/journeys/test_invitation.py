"""From an owner's invitation to a colleague at work: the mail, the account, the second step."""

import re
from uuid import uuid4

import pyotp
from playwright.sync_api import Page, expect

from billify.application import people
from tests.journeys.conftest import Window
from tests.journeys.people import PASSWORD, House


def staff() -> tuple[str, str]:
    """The address and password of somebody who runs the back office."""
    email = f"sam-{uuid4().hex[:8]}@example.be"
    password = people.make_staff(email=email, name="Sam")
    assert password is not None
    return email, password


def log_in(page: Page, email: str, password: str) -> None:
    page.goto("/log-in")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in", exact=True).click()
    expect(page).not_to_have_url(re.compile("/log-in"))


def link_of(page: Page, email: str) -> str:
    """The address in a mail, as the mailbox of the back office shows it."""
    page.goto("/back-office/mails")
    page.get_by_role("link", name=email).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("invites you to Bakkerij Anna")
    frame = page.frame_locator("iframe.mail__frame")
    expect(frame.get_by_role("link", name="Accept the invitation")).to_be_visible()
    address = page.locator("pre a").first.get_attribute("href") or ""
    return address[address.index("/invitations/") :]


def set_up_app(page: Page, password: str) -> pyotp.TOTP:
    page.goto("/account/security")
    page.get_by_role("link", name="Set up").click()
    page.get_by_label("Your password").fill(password)
    page.get_by_role("button", name="Go on").click()
    app = pyotp.TOTP(page.locator("code.seed").inner_text().replace(" ", ""))
    page.get_by_label("Code of the app").fill(app.now())
    page.get_by_role("button", name="Turn on").click()
    page.get_by_role("link", name="I have kept them").click()
    return app


def test_who_is_invited_joins_and_works_with_the_rights_of_the_role(
    window: Window, house: House
) -> None:
    email = f"gust-{uuid4().hex[:8]}@example.be"
    owner = window(house.anna)
    owner.goto(f"{house.home}settings/people")
    owner.get_by_role("link", name="Invite", exact=True).click()
    owner.get_by_label("E-mail").fill(email)
    owner.get_by_label("Role", exact=True).select_option("bookkeeper")
    owner.get_by_label("Language of the mail").select_option("en")
    owner.get_by_role("button", name="Send the invitation").click()
    expect(owner.get_by_role("row", name=email)).to_contain_text("Waits")

    office = window(locale="en")
    log_in(office, *staff())
    link = link_of(office, email)

    gust = window(locale="en")
    gust.goto(link)
    gust.get_by_label("Your name").fill("Gust")
    gust.get_by_label("Password").fill(PASSWORD)
    gust.get_by_role("button", name="Make an account and join").click()
    expect(gust).to_have_url(re.compile(re.escape(house.home)))
    expect(gust.get_by_text("Welcome to Bakkerij Anna")).to_be_visible()
    expect(gust.get_by_role("link", name="Bank", exact=True)).to_be_visible()
    expect(gust.get_by_role("link", name="Settings")).to_have_count(0)

    set_up_app(gust, PASSWORD)
    gust.get_by_role("button", name="Gust").click()
    gust.get_by_role("button", name="Log out", exact=True).click()
    gust.get_by_label("E-mail").fill(email)
    gust.get_by_label("Password").fill(PASSWORD)
    gust.get_by_role("button", name="Log in", exact=True).click()
    expect(gust.get_by_role("heading", level=1)).to_have_text("Second step")

    owner.reload()
    expect(owner.get_by_role("row", name=email)).to_contain_text("Bookkeeper")
    owner.goto(f"{house.home}settings/audit")
    expect(owner.get_by_text("Joined by invitation")).to_be_visible()
    # Staff opened the mail that is about this company: it can see that.
    expect(owner.get_by_text("Sam").first).to_be_visible()
