"""A worker: one process, one queue, so that a bell taken by a crashed worker is not lost twice."""

import gc
from typing import Any

import structlog
from flask import Flask
from rq import Queue, Worker
from rq.job import Job

from billify.application import documents, faults, ports
from billify.data.db import db

log = structlog.get_logger()


def work(app: Flask, queue: str) -> None:
    """Wait for bells and run jobs, each in a child process of its own, until told to stop."""
    with app.app_context():
        client = ports.waiting_redis()
        ports.storage().prepare()
        if queue == "ocr":
            documents.prepare()
        # What is there by now stays: a collection in a job's process would copy all of its pages.
        gc.collect()
        gc.freeze()
        queues = [Queue(queue, connection=client)]
        _Worker(queues, connection=client).work(logging_level="WARNING")


class _Worker(Worker):
    """Forks for each job; the child opens connections of its own."""

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        """In the child: forget the parent's database connections, which two can't share."""
        db.engine.dispose(close=False)
        super().main_work_horse(job, queue)

    def handle_exception(self, job: Job, *exc_info: Any) -> None:  # Any: as rq has it
        """What a bell of the clock raised, or the runner itself. rq's own way writes the message
        of the exception into the log, which may hold what belongs to a company."""
        error: BaseException = exc_info[1]
        name = (job.func_name or "?").removeprefix("billify.tasks.")
        log.error("bell.failed", bell=name, error=type(error).__name__)
        faults.record(error, during=name)
