"""The form of a new invoice sent twice, as a double click or the back button does."""

import re

from tests.cast import Cast

FIELDS = {"contact_name": "Gist BV", "number": "7", "issue_date": "20/11/2026"}


def test_a_new_invoice_sent_twice_is_entered_once(cast: Cast) -> None:
    client = cast.anna.client()
    address = f"/c/{cast.anna.slug}/invoices/new?direction=purchase"
    key = re.search(r'name="key" value="([^"]+)"', client.get(address).text)
    assert key is not None
    sent = {**FIELDS, "gross_amount": "50,00", "key": key[1], "do": "approve"}

    first = client.post(address, data=sent)
    second = client.post(address, data=sent)

    assert first.status_code == second.status_code == 303
    assert second.location == first.location == f"/c/{cast.anna.slug}/invoices/{key[1]}"
