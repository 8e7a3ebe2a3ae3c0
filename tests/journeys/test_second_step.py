"""Setting up an app for codes and logging in with it; a recovery code; a passkey."""

import re
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pyotp
import pytest
from playwright.sync_api import Page, expect

from billify.application import auth, second_step
from billify.data import tenancy
from tests.journeys.conftest import Window
from tests.journeys.people import PASSWORD, House, Someone
from tests.journeys.product import Product

SECURITY = "/account/security"


def log_in(page: Page, who: Someone, at: str = "") -> None:
    """Give the e-mail address and the password."""
    page.goto(f"{at}/log-in")
    page.get_by_label("E-mail").fill(who.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()


def log_out(page: Page) -> None:
    page.get_by_role("button", name="Anna").click()
    page.get_by_role("button", name="Log out", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Log in")


def expect_inside(page: Page, house: House) -> None:
    expect(page).to_have_url(re.compile(re.escape(house.home)))


def test_an_app_is_set_up_and_asked_for(window: Window, house: House) -> None:
    page = window(locale="en")
    log_in(page, house.anna)
    expect_inside(page, house)
    page.goto(SECURITY)

    page.get_by_role("link", name="Set up").click()
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    app = pyotp.TOTP(page.locator("code.seed").inner_text().replace(" ", ""))
    page.get_by_label("Code of the app").fill(app.now())
    page.get_by_role("button", name="Turn on").click()
    expect(page.locator("#codes code")).to_have_count(10)
    codes = page.locator("#codes code").all_inner_texts()
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_text("10 of 10 recovery codes")).to_be_visible()
    log_out(page)

    log_in(page, house.anna)
    expect(page.get_by_role("heading", level=1)).to_have_text("Second step")
    page.get_by_label("Code").fill(next_code(app, house.anna))
    page.get_by_role("button", name="Log in").click()
    expect_inside(page, house)
    log_out(page)

    log_in(page, house.anna)
    page.get_by_role("link", name="Use a recovery code").click()
    page.get_by_label("Code").fill(codes[0])
    page.get_by_role("button", name="Log in").click()
    expect_inside(page, house)
    page.goto(SECURITY)
    expect(page.get_by_text("9 of 10 recovery codes")).to_be_visible()


def next_code(app: pyotp.TOTP, who: Someone) -> str:
    """The code after the one that was used: the app's clock runs half a minute fast, so that
    nobody has to wait for it."""
    with tenancy.user_scope(who.user_id):
        assert auth.has_second_step(user_id=who.user_id)
        assert second_step.codes_left(user_id=who.user_id) == 10
    return app.at(datetime.now(UTC), counter_offset=1)


@pytest.fixture
def by_name(product: Product) -> str:
    """The address by name: browsers tie passkeys to names only."""
    return f"http://localhost:{urlsplit(product.address).port}"


def test_a_passkey_is_made_and_opens_the_account(
    window: Window, house: House, by_name: str
) -> None:
    page = window(locale="en")
    put_device_in(page)
    log_in(page, house.anna, at=by_name)
    expect_inside(page, house)
    page.goto(f"{by_name}{SECURITY}")

    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name").fill("My laptop")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.get_by_role("link", name="My laptop")).to_be_visible()
    log_out(page)

    page.get_by_role("button", name="Log in with a passkey").click()
    expect_inside(page, house)
    page.goto(f"{by_name}{SECURITY}")
    row = page.get_by_role("row").filter(has_text="My laptop")
    expect(row).not_to_contain_text("Never")
    row.get_by_role("link").click()
    page.get_by_role("link", name="Remove").click()
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_role("link", name="My laptop")).to_have_count(0)


def put_device_in(page: Page) -> None:
    """A device that its owner unlocks by a fingerprint, as the browser's own tools offer it.

    It would answer at once when its passkey is only suggested, so nothing is suggested here.
    """
    page.add_init_script("PublicKeyCredential.isConditionalMediationAvailable = async () => false")
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable", {"enableUI": False})
    tools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
