"""create_app(): joins the rooms. No logic of its own."""

import os

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from billify.blueprints import (
    auth,
    back_office,
    board,
    company,
    consents,
    email_change,
    health,
    joining,
    notification_choices,
    passkeys,
    privacy,
    recovery,
    told,
    ui,
)
from billify.blueprints.security import bp as security_pages
from billify.config import Settings
from billify.data.db import db
from billify.web import (
    access,
    assets,
    bars,
    errors,
    features,
    figures,
    filters,
    forecast_words,
    htmx,
    invoice_reading,
    languages,
    layout,
    limits,
    logs,
    mail_paper,
    marks,
    metrics,
    notification_words,
    people,
    request_id,
    rooms,
    security,
    templating,
    verbs,
)

MEBIBYTE = 1024 * 1024
LARGEST_REQUEST = 300 * MEBIBYTE
LARGEST_FORM = 2 * MEBIBYTE


def create_app(settings: Settings | None = None) -> Flask:
    """The application with these settings, by default those of the environment."""
    settings = settings or Settings.load(os.environ)
    app = Flask(__name__)
    app.config.update(_flask_settings(settings))
    if settings.trusted_proxies:
        proxies = settings.trusted_proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # the documented way
            app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies
        )
    db.init_app(app)
    request_id.init_app(app)
    logs.init_app(app)
    metrics.init_app(app)
    security.init_app(app, is_production=settings.is_production)
    languages.init_app(app)
    htmx.init_app(app)
    limits.init_app(app)
    access.init_app(app)
    errors.init_app(app)
    filters.init_app(app)
    assets.init_app(app)
    marks.init_app(app)
    templating.init_app(app)
    layout.init_app(app)
    verbs.init_app(app)
    figures.init_app(app)
    rooms.init_app(app)
    features.init_app(app)
    bars.init_app(app)
    forecast_words.init_app(app)
    notification_words.init_app(app)
    people.init_app(app)
    mail_paper.init_app(app)
    invoice_reading.init_app(app)
    _register(app, settings)
    return app


def _flask_settings(settings: Settings) -> dict[str, object]:
    return {
        "SETTINGS": settings,
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": {
            "pool_size": settings.db_pool_size,
            "max_overflow": 10,
            "pool_pre_ping": True,
            "pool_timeout": 10,
            "connect_args": {"connect_timeout": 5, "application_name": "billify"},
        },
        "MAX_CONTENT_LENGTH": LARGEST_REQUEST,
        "MAX_FORM_MEMORY_SIZE": LARGEST_FORM,
        "MAX_FORM_PARTS": 5000,
        "SESSION_COOKIE_NAME": "billify_form",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.is_production,
        "WTF_CSRF_TIME_LIMIT": 12 * 3600,
        "WTF_CSRF_SSL_STRICT": settings.is_production,
        "TEMPLATES_AUTO_RELOAD": False,
    }


def _register(app: Flask, settings: Settings) -> None:
    app.register_blueprint(health.bp)
    app.register_blueprint(auth.bp)
    app.register_blueprint(joining.bp)
    app.register_blueprint(recovery.bp)
    app.register_blueprint(email_change.bp)
    app.register_blueprint(security_pages)
    app.register_blueprint(passkeys.bp)
    app.register_blueprint(board.bp)
    app.register_blueprint(consents.bp)
    app.register_blueprint(told.bp)
    app.register_blueprint(notification_choices.bp)
    app.register_blueprint(privacy.bp)
    for blueprint in company.BLUEPRINTS:
        app.register_blueprint(blueprint, url_prefix="/c/<company>" + (blueprint.url_prefix or ""))
    for blueprint in back_office.BLUEPRINTS:
        app.register_blueprint(
            blueprint, url_prefix=back_office.PREFIX + (blueprint.url_prefix or "")
        )
    if not settings.is_production:
        app.register_blueprint(ui.bp)
