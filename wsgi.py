"""For gunicorn: `gunicorn wsgi:app`."""

from billify.factory import create_app

app = create_app()
