"""Some hundreds of damaged documents: each ends in fields or in a sentence."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "benchmarks" / "fuzz_documents.py"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "count"),
    [
        ("damaged_pdf", 50),
        ("made_pdf", 20),
        ("damaged_xml", 60),
        ("hostile_xml", 20),
        ("damaged_picture", 20),
        ("noise", 20),
        ("bomb", 4),
        ("read_picture", 4),
        ("large_pdf", 2),
    ],
)
def test_every_damaged_document_ends_in_fields_or_a_sentence(kind: str, count: int) -> None:
    command = [sys.executable, str(SCRIPT), "--seed", "3", "--count", str(count), "--only", kind]

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout[-2_000:] + done.stderr[-2_000:]
