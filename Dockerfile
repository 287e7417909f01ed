# First Call in a container:
#   docker build -t firstcall .
#   docker run --read-only --cap-drop ALL --tmpfs /tmp -v firstcall:/data -e DISCORD_TOKEN=… firstcall
# Tokens are better left in files (FIRSTCALL_DISCORD__TOKEN_FILE=/run/secrets/discord); compose.yaml does that, with
# PostgreSQL beside it. Nothing here holds a secret.

# Stage 1 has pip and its traces; stage 2 gets only what it installed.
FROM python:3.12-slim AS build
WORKDIR /build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_NO_INPUT=1
COPY requirements.lock ./
# Wheels only: the slim image has no compiler, and a source archive would run code while it is installed. Without a pip
# of its own, which nobody needs later.
RUN python -m venv --without-pip /opt/firstcall \
    && pip --python /opt/firstcall/bin/python install \
      --no-deps --require-hashes --only-binary :all: --requirement requirements.lock
COPY bot /opt/firstcall/app/bot
COPY cogs /opt/firstcall/app/cogs
COPY storage /opt/firstcall/app/storage
# Compiled once here, because the file system may be read-only later.
RUN printf '%s\n' '#!/bin/sh' 'PYTHONPATH=/opt/firstcall/app exec /opt/firstcall/bin/python -m bot "$@"' \
      > /opt/firstcall/bin/firstcall \
    && chmod 0755 /opt/firstcall/bin/firstcall \
    && /opt/firstcall/bin/python -m compileall -q /opt/firstcall/app \
    && mkdir --mode=0700 /data

FROM python:3.12-slim
LABEL org.opencontainers.image.title="First Call" \
      org.opencontainers.image.description="The chat assistant for communities of session musicians" \
      org.opencontainers.image.licenses="MIT"
COPY --from=build /opt/firstcall /opt/firstcall
COPY --from=build --chown=10001:10001 /data /data
ENV PATH=/opt/firstcall/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    FIRSTCALL_APP__DATA_DIR=/data
WORKDIR /data
USER 10001:10001
VOLUME /data
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["firstcall", "health"]
ENTRYPOINT ["firstcall"]
CMD ["run"]
