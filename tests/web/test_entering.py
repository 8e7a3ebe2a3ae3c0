"""Where the way in may lead to."""

import pytest

from billify.web import entering


@pytest.mark.parametrize(
    "wanted",
    [
        None,
        "",
        "home",
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/c/\\evil.example",
        "/\t/evil.example",
        "/c/x\r\nSet-Cookie: a=b",
        "/c/x y",
        "/c/x\x00",
    ],
)
def test_what_may_lead_elsewhere_is_dropped(wanted: str | None) -> None:
    assert entering.safe_address(wanted) is None


@pytest.mark.parametrize("wanted", ["/", "/c/bakkerij-anna/purchases?state=open&q=caf%C3%A9"])
def test_a_page_of_ours_is_kept(wanted: str) -> None:
    assert entering.safe_address(wanted) == wanted
