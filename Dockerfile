# One image for every process: tocsin api, tocsin worker, tocsin migrate.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1

RUN useradd --system --uid 8470 --no-create-home --home-dir /nonexistent tocsin \
 && install --directory --owner=tocsin --group=tocsin /data

WORKDIR /tocsin

# apprise: with what the channel APPRISE needs.
ARG REQUIREMENTS=runtime

COPY requirements/${REQUIREMENTS}.txt requirements/
RUN python -m venv .venv \
 && .venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes --no-deps --requirement "requirements/${REQUIREMENTS}.txt" \
 && ln -s /tocsin/bin/tocsin /usr/local/bin/tocsin

COPY . .

ENV TOCSIN_HOST=0.0.0.0 TOCSIN_DATA_DIR=/data TOCSIN_LOG_FORMAT=json

USER 8470
VOLUME /data
EXPOSE 8470

ENTRYPOINT ["tocsin"]
CMD ["api"]
