"""Staff find jobs that were given up, start one anew, which is done, and put another away; the
company can read both. Also without script."""

from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from billify.application import people
from billify.data import tenancy
from billify.data.db import transaction
from billify.data.models import Job
from billify.data.types import uuid7
from billify.domain.jobs import JobStatus
from tests.journeys.conftest import Window
from tests.journeys.people import House, Someone, enter
from tests.journeys.steps import WITH_AND_WITHOUT_SCRIPT

TRIES = 20


@pytest.fixture
def sam(house: House) -> Someone:
    """One of the staff."""
    email = f"sam-{house.slug}@billify.example"
    password = people.make_staff(email=email, name="Sam")
    assert password is not None
    return enter("Sam", email, password)


def give_up(house: House, name: str) -> UUID:
    """A job of the company that failed eight times."""
    with tenancy.company_scope(house.company_id), transaction() as session:
        job = Job(
            id=uuid7(),
            name=name,
            queue="default",
            status=JobStatus.DEAD,
            attempts=8,
            error="ConnectionResetError",
            stack="billify/application/bank_rules.py:71 in explain_lines",
        )
        session.add(job)
    return job.id


@pytest.mark.parametrize("has_script", WITH_AND_WITHOUT_SCRIPT)
def test_a_dead_letter_is_started_anew_and_another_put_away(
    has_script: bool, window: Window, house: House, sam: Someone
) -> None:
    give_up(house, "matching.propose")
    unwanted = give_up(house, "documents.store")
    page = window(sam, java_script_enabled=has_script)

    page.goto("/back-office/jobs?name=matching.propose")
    page.get_by_role("link", name="matching.propose").first.click()
    expect(
        page.get_by_text("billify/application/bank_rules.py:71 in explain_lines")
    ).to_be_visible()
    job_page = page.url
    page.get_by_role("button", name="Start anew").click()
    expect(page.get_by_text("1 job begins anew.").first).to_be_visible()
    page.goto(job_page)
    reload_until(page, "Done")
    expect(page.locator(".chip", has_text="Done")).to_be_visible()

    page.goto("/back-office/jobs?name=documents.store")
    page.locator(f'input[name="ids"][value="{unwanted}"]').check()
    page.get_by_label("Reason for putting away").fill("The lines were set aside by hand")
    page.get_by_role("button", name="Put away").click()
    expect(page.get_by_text("1 job was put away.").first).to_be_visible()
    page.goto(f"/back-office/jobs/{unwanted}")
    expect(page.get_by_text("The lines were set aside by hand")).to_be_visible()

    log = window(house.anna, java_script_enabled=has_script)
    log.goto(f"/c/{house.slug}/settings/audit")
    expect(log.get_by_text("Given up job started anew").first).to_be_visible()
    expect(log.get_by_text("Given up job put away").first).to_be_visible()
    expect(log.get_by_text("Looked at by support").first).to_be_visible()


def reload_until(page: Page, words: str) -> None:
    """What a person does while a worker is busy."""
    for _ in range(TRIES):
        if page.locator(".chip", has_text=words).count():
            return
        page.wait_for_timeout(1000)
        page.reload()
