# The root of a slice without Queunir: Debian, a browser, fonts, an init; nothing that they do not need.
# Built anew when one of them is; built by scripts/image.sh, which says what to build on.
ARG BASE=debian:bookworm-slim
FROM ${BASE} AS whole
LABEL queunir.stage=whole
# chromium or chromium-headless-shell
ARG PACKAGE=chromium
ENV DEBIAN_FRONTEND=noninteractive
RUN apt-get update -qq && apt-get upgrade -qq --yes \
 && apt-get install -qq --yes --no-install-recommends ${PACKAGE} tini util-linux tzdata fonts-liberation fonts-noto-color-emoji >/dev/null
COPY trim.sh /tmp/trim.sh
RUN bash /tmp/trim.sh ${PACKAGE} /root-of-slice
COPY policies/ /root-of-slice/etc/chromium/policies/managed/

FROM scratch
ARG ENGINE=chromium
ARG BASE_NAME
ARG BASE_DIGEST
COPY --from=whole /root-of-slice/ /
ENV PATH=/usr/local/bin:/usr/bin:/bin LANG=C.UTF-8
LABEL queunir.engine=${ENGINE} \
      org.opencontainers.image.base.name=${BASE_NAME} \
      org.opencontainers.image.base.digest=${BASE_DIGEST}
