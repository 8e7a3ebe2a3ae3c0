import os
import subprocess
from pathlib import Path

import pytest

from billify import embedded


def test_the_four_languages_are_there(tmp_path: Path) -> None:
    found = embedded.start(tmp_path, {"tesseract"}).variables

    listed = subprocess.run(
        [found["TESSERACT_CMD"], "--list-langs"],
        env={"TESSDATA_PREFIX": found["TESSDATA_PREFIX"]},
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert {"nld", "fra", "deu", "eng"} <= set(listed.split())


def test_a_torn_language_file_is_made_again(tmp_path: Path) -> None:
    folder = Path(embedded.start(tmp_path, {"tesseract"}).variables["TESSDATA_PREFIX"])
    whole = (folder / "fra.traineddata").stat().st_size
    os.truncate(folder / "fra.traineddata", 1000)

    embedded.start(tmp_path, {"tesseract"})

    assert (folder / "fra.traineddata").stat().st_size == whole


@pytest.mark.parametrize("given", [{}, {"TESSERACT_CMD": "/usr/bin/tesseract"}])
def test_a_given_part_is_not_embedded(given: dict[str, str]) -> None:
    missing = embedded.missing(given, {"tesseract", "valkey"})

    assert missing == {"tesseract", "valkey"} - ({"tesseract"} if given else set())
