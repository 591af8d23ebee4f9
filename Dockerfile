# Web server, worker, beat and migrations run from `application`; `simulator` has the local AWS simulator on top.
FROM python:3.11.14-slim-bookworm AS application
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --create-home stowplan \
    && install -d -o stowplan /data
WORKDIR /app
COPY requirements.txt .
RUN pip install --require-hashes -r requirements.txt
COPY . .
RUN SECRET_KEY=only-for-the-build STOWPLAN_DATA_DIR=/data python manage.py collectstatic --no-input
USER stowplan
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "--config", "config/gunicorn.py", "config.wsgi"]

FROM application AS simulator
USER root
COPY requirements-dev.txt .
RUN pip install --require-hashes -r requirements-dev.txt
USER stowplan
EXPOSE 5055
CMD ["python", "manage.py", "simulator", "--port", "5055"]

FROM application
