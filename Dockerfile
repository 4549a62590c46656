# The crawler and sqlite-utils as a user without rights, with the archive in a volume: docs/install.md.
#
#     docker build --tag wechat-archive .
#     docker run --rm --volume "$PWD:/archive" wechat-archive status
FROM python:3.13-slim AS build
WORKDIR /source
COPY pyproject.toml README.md LICENSE ./
COPY crawler crawler
COPY extension extension
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /wheels .

FROM python:3.13-slim
COPY --from=build /wheels /wheels
RUN pip install --no-cache-dir "$(echo /wheels/*.whl)[browse]" \
    && rm -r /wheels \
    && useradd --create-home --uid 1000 --user-group archivist \
    && install --directory --owner archivist /archive
USER 1000:1000
WORKDIR /archive
VOLUME /archive
EXPOSE 8001
ENTRYPOINT ["crawler"]
CMD ["--help"]
