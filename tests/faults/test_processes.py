"""Kill what runs, empty what waits, stop what keeps: afterwards every document that was accepted
is there and was read exactly once."""

import contextlib
import os
import signal
import socket
import threading
import time
from pathlib import Path

import pytest
import requests

from tests.faults.house import House, Paper, wait_until
from tests.faults.papers import scan

pytestmark = pytest.mark.slow


def pages_read(billify: House, paper: Paper) -> int:
    row = billify.row(paper)
    return 0 if row is None else row.pages_read


def test_a_document_is_read_by_itself(billify: House) -> None:
    papers = [scan(), scan()]

    assert billify.hand_in(*papers).status_code == 201

    billify.await_read(papers, seconds=60)
    billify.assert_read_once(papers)


def test_the_reader_is_killed_in_the_middle_of_a_page(billify: House) -> None:
    long, short = scan(pages=6), scan()
    assert billify.hand_in(long, short).status_code == 201
    wait_until(lambda: pages_read(billify, long) in (1, 2, 3, 4), 60, billify.log)

    killed = billify.kill("worker-ocr")

    row = billify.row(long)
    assert row is not None
    assert row.status == "reading"
    billify.await_read([long, short])
    assert billify.worker("worker-ocr") != killed
    billify.assert_read_once([long, short])
    attempts = billify.query(
        "SELECT attempts FROM job WHERE arguments->>'document_id' = %s AND name = 'documents.read'",
        str(row.id),
    )
    assert attempts == [(2,)]


def test_nothing_of_a_killed_reader_goes_on(billify: House) -> None:
    """Its child and Tesseract end with it, else they would read beside the next one."""
    paper = scan(pages=6)
    billify.hand_in(paper)
    wait_until(lambda: pages_read(billify, paper) >= 1, 60, billify.log)
    group = os.getpgid(billify.worker("worker-ocr"))

    billify.kill("worker-ocr")

    wait_until(lambda: not processes_of(group), 10, billify.log)
    billify.await_read([paper])
    billify.assert_read_once([paper])


def test_the_queue_is_emptied(billify: House) -> None:
    papers = [scan() for _ in range(4)]
    worker = billify.worker("worker-ocr")
    os.kill(worker, signal.SIGSTOP)
    assert billify.hand_in(*papers).status_code == 201

    billify.flush()
    os.kill(worker, signal.SIGCONT)

    billify.await_read(papers)
    billify.assert_read_once(papers)


def test_postgresql_stops_and_starts(billify: House) -> None:
    papers = [scan(pages=4), scan(pages=2), scan()]
    assert billify.hand_in(*papers).status_code == 201
    wait_until(lambda: pages_read(billify, papers[0]) >= 1, 60, billify.log)

    billify.postgres.stop()
    page = billify.browser.get(f"{billify.url}/purchases", timeout=30)
    refused = billify.hand_in(scan())
    time.sleep(10)
    billify.postgres.ensure()

    assert (page.status_code, refused.status_code) == (503, 503)
    assert page.headers["Retry-After"]
    billify.await_read(papers)
    billify.assert_read_once(papers)


def test_postgresql_is_killed(billify: House) -> None:
    papers = [scan(pages=3), scan()]
    assert billify.hand_in(*papers).status_code == 201
    pid = billify.postgres.pid()
    assert pid is not None

    os.kill(pid, signal.SIGKILL)
    billify.postgres.ensure()

    billify.await_read(papers)
    billify.assert_read_once(papers)


def test_the_web_is_killed_in_the_middle_of_an_upload(billify: House) -> None:
    paper = scan(pages=3)
    request = requests.Request(
        "POST", f"{billify.url}/documents", files={"files": (paper.name, paper.content)}
    )
    wire = billify.browser.prepare_request(request)
    assert isinstance(wire.body, bytes)
    head = f"POST {wire.path_url} HTTP/1.1\r\nHost: 127.0.0.1\r\n" + "".join(
        f"{name}: {value}\r\n" for name, value in wire.headers.items()
    )
    with socket.create_connection(("127.0.0.1", billify.port)) as half:
        half.sendall(head.encode() + b"\r\n" + wire.body[: len(wire.body) // 2])
        time.sleep(1)

        billify.kill("web")

        half.settimeout(10)
        assert half.recv(100) == b""
    wait_until(billify.answers, 30, billify.log)
    assert billify.row(paper) is None
    assert billify.hand_in(paper).status_code == 201
    billify.await_read([paper])
    billify.assert_read_once([paper])


def test_the_web_is_killed_again_and_again_under_uploads(billify: House) -> None:
    """Each sender tries until it is told that the file was taken."""
    papers = [scan() for _ in range(8)]
    threads = [threading.Thread(target=insist, args=(billify, paper)) for paper in papers]
    for thread in threads:
        thread.start()
    for _ in range(3):
        time.sleep(0.4)
        billify.kill("web")
    for thread in threads:
        thread.join(timeout=90)

    billify.await_read(papers)
    billify.assert_read_once(papers)


def test_valkey_is_away_during_an_upload(billify: House) -> None:
    papers = [scan(), scan()]

    billify.valkey.stop()
    answer = billify.hand_in(*papers)
    page = billify.browser.get(f"{billify.url}/purchases", timeout=30)
    billify.valkey.ensure()

    assert (answer.status_code, page.status_code) == (201, 200), billify.log()
    billify.await_read(papers)
    billify.assert_read_once(papers)


def test_valkey_is_away_while_the_web_starts(billify: House) -> None:
    papers = [scan(), scan()]

    billify.valkey.stop()
    billify.kill("web")
    time.sleep(1)
    wait_until(billify.answers, 30, billify.log)
    answer = billify.hand_in(*papers)
    billify.valkey.ensure()

    assert answer.status_code == 201, billify.log()
    billify.await_read(papers)
    billify.assert_read_once(papers)


def test_everything_stops_and_starts_again(billify: House) -> None:
    papers = [scan(pages=4), scan()]
    assert billify.hand_in(*papers).status_code == 201
    wait_until(lambda: pages_read(billify, papers[0]) >= 1, 60, billify.log)

    assert billify.process is not None
    os.kill(billify.process.pid, signal.SIGKILL)
    billify.process.wait()
    billify.valkey.stop()
    billify.postgres.stop()
    billify.postgres.ensure()
    billify.valkey.ensure()
    # Orphans finish what they answer, which takes seconds, and hold the port until then.
    wait_until(lambda: not billify.listens(), 20, billify.log)
    billify.start()

    billify.await_read(papers)
    billify.assert_read_once(papers)


def insist(billify: House, paper: Paper) -> None:
    for _ in range(40):
        try:
            files = {"files": (paper.name, paper.content)}
            answer = requests.post(
                f"{billify.url}/documents",
                files=files,
                headers={**billify.browser.headers, "HX-Request": "true"},
                cookies=billify.browser.cookies,
                timeout=30,
            )
        except requests.RequestException:
            time.sleep(0.3)
            continue
        if answer.status_code == 201:
            return
        time.sleep(0.3)
    raise AssertionError(f"{paper.name} was never taken")


def processes_of(group: int) -> list[int]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(ProcessLookupError):
            if os.getpgid(int(folder.name)) == group:
                found.append(int(folder.name))
    return found
