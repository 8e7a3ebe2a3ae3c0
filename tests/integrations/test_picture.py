"""Pictures are turned, cut, straightened and levelled before they are read."""

import io

import numpy as np
import pytest
from PIL import Image

from billify.integrations import picture
from tests.integrations import papers

LINES = tuple(f"Factuurregel {n}  met een bedrag van  {n},00 EUR" for n in range(1, 17))
MOST = 50_000_000


@pytest.mark.parametrize("lean", [-3.0, -0.7, 0.0, 1.5, 4.0])
def test_a_leaning_page_is_turned_level(lean: float) -> None:
    leaning = papers.picture_of(*LINES).rotate(lean, Image.Resampling.BICUBIC, fillcolor=255)

    assert picture.skew(leaning) == pytest.approx(-lean, abs=0.25)


def test_a_sheet_on_a_dark_table_is_cut_out() -> None:
    table = Image.new("L", (1600, 2200), 70)
    table.paste(papers.picture_of(*LINES), (180, 220))

    sheet = picture.straightened(table)

    assert sheet.size == pytest.approx((1240, 1754), abs=30)
    assert np.asarray(sheet)[40:-40, 40:-40].min() < 60
    assert np.median(np.asarray(sheet)) == 255


def test_a_page_without_edges_stays_whole() -> None:
    page = papers.picture_of(*LINES)

    assert picture.straightened(page) is page


def test_uneven_light_is_levelled() -> None:
    shade = np.linspace(90, 250, 1240)[None, :] / 255
    page = Image.fromarray((np.asarray(papers.picture_of(*LINES)) * shade).astype(np.uint8))

    level = np.asarray(picture.flattened(page))

    assert np.percentile(level, 20) > 235
    assert level.min() < 60


def test_a_small_picture_is_enlarged_and_a_large_one_kept() -> None:
    assert min(picture.enlarged(Image.new("L", (850, 1100))).size) == picture.SHORT_SIDE
    assert picture.enlarged(Image.new("L", (2480, 3508))).size == (2480, 3508)


@pytest.mark.parametrize("scale", [0.6, 1.0, 1.7])
def test_the_height_of_print_is_measured(scale: float) -> None:
    page = papers.picture_of(*LINES)
    page = page.resize((round(page.width * scale), round(page.height * scale)))

    # Letters of 36 points with their tails stand about 31 points high.
    assert picture.letter_height(page) == pytest.approx(31 * scale, rel=0.2)


def test_a_blank_page_has_no_height_of_print() -> None:
    assert picture.letter_height(Image.new("L", (1240, 1754), 255)) == 0


@pytest.mark.parametrize("scale", [0.5, 2.0])
def test_print_is_brought_to_the_height_that_reads_best(scale: float) -> None:
    page = papers.picture_of(*LINES)
    page = page.resize((round(page.width * scale), round(page.height * scale)))

    brought = picture.letter_height(picture.enlarged(page))

    assert brought == pytest.approx(picture.LETTERS, rel=0.25)


def test_a_very_large_picture_is_made_smaller_on_loading() -> None:
    content = papers.packed(Image.new("L", (6000, 5000), 255), "JPEG")

    loaded = picture.loaded(content, most_pixels=MOST)

    assert loaded.width * loaded.height <= picture.MOST_PIXELS * 1.01


def test_the_camera_says_which_side_is_up() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    out = io.BytesIO()
    Image.new("RGB", (400, 300), "white").save(out, "JPEG", exif=exif)

    assert picture.loaded(out.getvalue(), most_pixels=MOST).size == (300, 400)


def test_transparency_is_paper() -> None:
    content = papers.packed(Image.new("RGBA", (40, 40), (0, 0, 0, 0)))

    assert np.asarray(picture.loaded(content, most_pixels=MOST)).min() == 255


def test_a_phone_s_heic_is_decoded() -> None:
    pillow_heif = pytest.importorskip("pillow_heif")
    out = io.BytesIO()
    pillow_heif.from_pillow(papers.picture_of("Totaal").convert("RGB")).save(out, quality=60)

    assert picture.loaded(out.getvalue(), most_pixels=MOST).size == (1240, 1754)


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n nothing", b"\xff\xd8\xff\xe0 nothing"])
def test_a_damaged_picture_is_told(content: bytes) -> None:
    with pytest.raises(picture.Unreadable):
        picture.loaded(content, most_pixels=MOST)


def test_a_preview_keeps_the_shape() -> None:
    shown = Image.open(io.BytesIO(picture.preview(Image.new("L", (2480, 3508), 255))))

    assert shown.format == "JPEG"
    assert shown.size == (877, 1240)


def test_ink_tells_a_printed_page_from_a_blank_one() -> None:
    assert picture.has_ink(papers.picture_of("Totaal"))
    assert not picture.has_ink(Image.new("L", (1240, 1754), 255))
