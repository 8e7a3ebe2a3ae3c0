"""What goes wrong with an upload is said on its row, and can be tried again or taken away."""

import io

import pypdfium2
import pytest
from playwright.sync_api import Dialog, expect

from tests.journeys.conftest import Window
from tests.journeys.papers import Letter
from tests.journeys.people import House
from tests.journeys.steps import expect_state, hand_in, inbox_row


def blank() -> bytes:
    """A PDF with an empty page: sound, and nothing to read on it."""
    document = pypdfium2.PdfDocument.new()
    document.new_page(595, 842)
    made = io.BytesIO()
    document.save(made)
    document.close()
    return made.getvalue()


@pytest.mark.slow
def test_a_wrong_file_gets_its_sentence_and_the_others_go_on(window: Window, house: House) -> None:
    page = window(house.anna)
    page.goto(f"{house.home}purchases")

    hand_in(
        page, ("foto.pdf", b"GIF89a no invoice"), ("leeg.pdf", b""), ("goed.pdf", Letter().pdf())
    )

    refused = page.locator(".sending.is-failed")
    expect(refused.filter(has_text="foto.pdf")).to_contain_text(
        "This is not a PDF, a picture or an e-invoice."
    )
    expect(refused.filter(has_text="leeg.pdf")).to_contain_text("This file is empty.")
    expect_state(inbox_row(page, "goed.pdf"), "To check")
    refused.filter(has_text="leeg.pdf").get_by_role("button", name="Leave it").click()
    expect(refused).to_have_count(1)


@pytest.mark.slow
def test_an_upload_without_connection_is_sent_by_trying_again(window: Window, house: House) -> None:
    page = window(house.anna)
    page.goto(f"{house.home}purchases")
    page.context.set_offline(True)
    hand_in(page, ("bloem.pdf", Letter().pdf()))
    row = page.locator(".sending")
    expect(row).to_contain_text("It could not be sent.")

    page.context.set_offline(False)
    row.get_by_role("button", name="Try again").click()

    expect_state(inbox_row(page, "bloem.pdf"), "To check")
    expect(row).to_have_count(0)


def test_a_document_that_cannot_be_read_says_why_and_is_deleted_only_when_asked_twice(
    window: Window, house: House
) -> None:
    page = window(house.anna)
    page.goto(f"{house.home}purchases")
    hand_in(page, ("blanco.pdf", blank()))
    row = inbox_row(page, "blanco.pdf")
    expect_state(row, "Failed")
    expect(row).to_contain_text("No text was found in this document. Is it blank?")

    with page.expect_response(lambda answer: answer.url.endswith("/retry")) as tried:
        row.get_by_role("button", name="Try again").click()
    assert "Reading" in tried.value.text()
    expect_state(row, "Failed")

    questions: list[str] = []

    def answer(dialog: Dialog) -> None:
        questions.append(dialog.message)
        if len(questions) == 1:
            dialog.dismiss()
        else:
            dialog.accept()

    page.on("dialog", answer)
    row.get_by_role("button", name="Delete this upload").click()
    expect(row).to_have_count(1)
    row.get_by_role("button", name="Delete this upload").click()
    expect(row).to_have_count(0)
    assert questions[0].startswith("Delete this upload?")
    expect(page.locator("#toasts")).to_contain_text("blanco.pdf was deleted.")


@pytest.mark.slow
def test_the_same_file_again_is_told_and_leads_to_the_first(window: Window, house: House) -> None:
    page = window(house.anna)
    page.goto(f"{house.home}purchases")
    letter = Letter().pdf()
    hand_in(page, ("bloem.pdf", letter))
    expect_state(inbox_row(page, "bloem.pdf"), "To check")

    hand_in(page, ("bloem (1).pdf", letter))

    note = page.locator(".inbox__note")
    expect(note).to_contain_text("bloem (1).pdf was already here.")
    note.get_by_role("link", name="Open it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Molens van Deinze NV")
