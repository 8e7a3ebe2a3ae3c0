"""The Valkey (Redis) server: bells of the queue, topic versions, rate limits. Never the truth."""

from functools import lru_cache
from typing import cast
from uuid import UUID

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

Down = RedisError
_LIVE_FOR = 7 * 24 * 3600


@lru_cache(maxsize=4)
def connect(url: str) -> Redis:
    """A client with its pool; short waits and no second try, since nobody may hang on a bell."""
    return Redis.from_url(
        url, socket_timeout=3, socket_connect_timeout=1, retry=Retry(NoBackoff(), 0)
    )


def ping(client: Redis) -> None:
    """Raise Down when the server doesn't answer."""
    client.ping()


def blocking(url: str) -> Redis:
    """A client for workers, which wait long for a bell."""
    return Redis.from_url(url, socket_connect_timeout=2, health_check_interval=30)


def bump(client: Redis, company_id: UUID, topics: frozenset[str]) -> None:
    """Count each topic of a company one up."""
    key = f"live:{company_id}"
    pipe = client.pipeline(transaction=False)
    for topic in sorted(topics):
        pipe.hincrby(key, topic, 1)
    pipe.expire(key, _LIVE_FOR)
    pipe.execute()


def versions(client: Redis, company_id: UUID) -> dict[str, int]:
    """The count of every topic that has changed so far."""
    # cast: the client's type also covers its asynchronous twin
    found = cast(dict[bytes, bytes], client.hgetall(f"live:{company_id}"))
    return {topic.decode(): int(count) for topic, count in found.items()}


def once(client: Redis, key: str, seconds: int) -> bool:
    """Is this the first time that a key is named within so many seconds?"""
    return bool(client.set(f"once:{key}", 1, nx=True, ex=seconds))
