# One image for every process; the command says which one it is.
FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /venv
COPY requirements/runtime.txt /tmp/runtime.txt
RUN /venv/bin/python -m pip install --require-hashes -r /tmp/runtime.txt
WORKDIR /app
COPY billify billify
RUN for po in billify/translations/*/LC_MESSAGES/*.po; do \
        [ ! -e "$po" ] || /venv/bin/pybabel compile -i "$po" -o "${po%.po}.mo"; \
    done \
    && rm -rf billify/tessdata billify/embedded/__pycache__ \
    && /venv/bin/python -m compileall -q billify /venv/lib

FROM python:3.11-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        tesseract-ocr tesseract-ocr-nld tesseract-ocr-fra tesseract-ocr-deu tesseract-ocr-eng \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin billify \
    && install -d -o billify -g billify /data
COPY --from=build /venv /venv
COPY --from=build /app /app
COPY wsgi.py /app/
COPY migrations /app/migrations
WORKDIR /app
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    BILLIFY_ENV=production \
    BILLIFY_VAR=/data \
    STORAGE_DIR=/data/storage \
    SPOOL_DIR=/data/spool \
    TESSERACT_CMD=/usr/bin/tesseract \
    HOST=0.0.0.0 \
    PORT=8000
VOLUME /data
USER billify
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=4 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/health/live', timeout=4)"]
CMD ["python", "-m", "billify", "run", "web"]
