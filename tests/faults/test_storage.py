"""The store of documents goes away and comes back: nothing is refused, nothing stays behind."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

import boto3
import pytest

from tests.fakes.storage import S3Server
from tests.faults.house import House, Paper, house, wait_until
from tests.faults.papers import scan

pytestmark = pytest.mark.slow
KEYS = {"S3_ACCESS_KEY_ID": "billify", "S3_SECRET_ACCESS_KEY": "not-a-secret"}


@dataclass
class Bucket:
    """A bucket as the test sees it."""

    server: S3Server
    name: str

    def keys(self) -> set[str]:
        client = boto3.client(
            "s3",
            endpoint_url=self.server.url,
            region_name="eu-west-1",
            aws_access_key_id=KEYS["S3_ACCESS_KEY_ID"],
            aws_secret_access_key=KEYS["S3_SECRET_ACCESS_KEY"],
        )
        found = client.list_objects_v2(Bucket=self.name).get("Contents", [])
        client.close()
        return {one["Key"] for one in found}


@pytest.fixture
def bucket() -> Iterator[Bucket]:
    server = S3Server()
    server.start()
    client = boto3.client(
        "s3",
        endpoint_url=server.url,
        region_name="eu-west-1",
        aws_access_key_id=KEYS["S3_ACCESS_KEY_ID"],
        aws_secret_access_key=KEYS["S3_SECRET_ACCESS_KEY"],
    )
    name = f"documents-{uuid4().hex[:8]}"
    client.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    client.close()
    yield Bucket(server, name)
    server.stop()


@pytest.fixture
def billify(bucket: Bucket) -> Iterator[House]:
    with house(S3_BUCKET=bucket.name, S3_ENDPOINT_URL=bucket.server.url, **KEYS) as running:
        yield running


def is_spooled(billify: House, paper: Paper) -> bool:
    row = billify.row(paper)
    assert row is not None
    return row.is_spooled


def test_the_store_goes_away_and_comes_back(billify: House, bucket: Bucket) -> None:
    before, during = scan(), [scan(), scan()]
    assert billify.hand_in(before).status_code == 201
    billify.await_read([before], seconds=60)

    bucket.server.stop()
    answer = billify.hand_in(*during)

    assert answer.status_code == 201
    assert all(is_spooled(billify, paper) for paper in during)
    billify.await_read(during, seconds=90)
    page = billify.browser.get(f"{billify.url}/purchases", timeout=20)
    assert page.status_code == 200

    bucket.server.start()

    wait_until(lambda: not any(is_spooled(billify, p) for p in during), 120, billify.log)
    papers = [before, *during]
    billify.assert_read_once(papers)
    company = billify.cast.anna.company_id
    wanted = {f"{company}/{paper.sha256}" for paper in papers}
    wanted |= {f"{key}.{kept}" for key in wanted for kept in ("page-1.jpg", "words")}
    assert bucket.keys() == wanted
    assert [one for one in (billify.folder / "spool").rglob("*") if one.is_file()] == []


def test_the_web_and_the_store_die_together(billify: House, bucket: Bucket) -> None:
    papers = [scan(), scan()]
    bucket.server.stop()
    assert billify.hand_in(*papers).status_code == 201

    billify.kill("web")
    billify.kill("worker-ocr")
    billify.flush()
    bucket.server.start()

    wait_until(lambda: not any(is_spooled(billify, p) for p in papers), 120, billify.log)
    billify.await_read(papers)
    billify.assert_read_once(papers)
