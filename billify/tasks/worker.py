"""A worker: one process, one queue, so that a bell taken by a crashed worker is not lost twice."""

import gc

from flask import Flask
from rq import Queue, Worker
from rq.job import Job

from billify.application import documents, ports
from billify.data.db import db


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
        _Worker([Queue(queue, connection=client)], connection=client).work(logging_level="WARNING")


class _Worker(Worker):
    """Forks for each job; the child opens connections of its own."""

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        """In the child: forget the parent's database connections, which two can't share."""
        db.engine.dispose(close=False)
        super().main_work_horse(job, queue)
