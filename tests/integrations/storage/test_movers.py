"""Moving spooled bytes home with two movers, kills and deletes in between."""

import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from billify.integrations.storage import (
    SpooledStorage,
)
from tests.fakes.storage import (
    INVOICE,
    KEY,
    Unreliable,
    in_threads,
)

KILLED_MOVER = """
import sys, time
from pathlib import Path
from billify.integrations.storage import SpooledStorage

class Slow:
    def put(self, key, content, media_type):
        print("uploading", flush=True)
        time.sleep(60)

SpooledStorage(Slow(), Path(sys.argv[1])).move(sys.argv[2])
"""


def test_two_movers_upload_once(tmp_path: Path) -> None:
    primary = Unreliable(is_down=True)
    SpooledStorage(primary, tmp_path).put(KEY, INVOICE, "application/pdf")
    primary.is_down = False
    primary.calls = 0
    primary.seconds = 0.2

    in_threads(lambda mover: mover.move(KEY), [SpooledStorage(primary, tmp_path) for _ in "ab"])

    assert primary.calls == 1
    assert primary.kept[KEY] == (INVOICE, "application/pdf")
    assert SpooledStorage(primary, tmp_path).pending() == []


def test_a_mover_that_finds_another_at_work_says_not_yet(tmp_path: Path) -> None:
    primary = Unreliable(is_down=True)
    SpooledStorage(primary, tmp_path).put(KEY, INVOICE, "application/pdf")
    primary.is_down = False
    answers: list[bool] = []

    primary.during_put = lambda: answers.append(SpooledStorage(primary, tmp_path).move(KEY))
    assert SpooledStorage(primary, tmp_path).move(KEY)

    assert answers == [False]


def test_a_crash_between_upload_and_clearing_the_spool_is_repaired(tmp_path: Path) -> None:
    primary = Unreliable(is_down=True)
    storage = SpooledStorage(primary, tmp_path)
    storage.put(KEY, INVOICE, "application/pdf")
    primary.is_down = False
    primary.put(KEY, INVOICE, "application/pdf")  # uploaded, then killed before the delete

    assert storage.pending() == [KEY]
    assert storage.move(KEY)

    assert storage.pending() == []
    assert primary.kept[KEY] == (INVOICE, "application/pdf")


def test_a_mover_killed_at_work_leaves_the_bytes_and_no_lock(tmp_path: Path) -> None:
    SpooledStorage(Unreliable(is_down=True), tmp_path).put(KEY, INVOICE, "application/pdf")
    mover = subprocess.Popen(
        [sys.executable, "-c", KILLED_MOVER, str(tmp_path), KEY], stdout=subprocess.PIPE
    )
    assert mover.stdout is not None
    assert mover.stdout.readline() == b"uploading\n"
    mover.send_signal(signal.SIGKILL)
    mover.wait()
    mover.stdout.close()
    primary = Unreliable()
    storage = SpooledStorage(primary, tmp_path)

    assert storage.pending() == [KEY]
    assert storage.move(KEY)
    assert primary.kept[KEY] == (INVOICE, "application/pdf")


def test_a_delete_waits_for_a_move_so_nothing_comes_back(tmp_path: Path) -> None:
    primary = Unreliable(is_down=True)
    storage = SpooledStorage(primary, tmp_path)
    storage.put(KEY, INVOICE, "application/pdf")
    primary.is_down = False
    deleting = threading.Thread(target=lambda: SpooledStorage(primary, tmp_path).delete(KEY))

    def delete_meanwhile() -> None:
        deleting.start()
        time.sleep(0.1)

    primary.during_put = delete_meanwhile
    storage.move(KEY)
    deleting.join()

    assert primary.kept == {}
    assert storage.pending() == []
