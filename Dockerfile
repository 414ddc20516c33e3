# One image for every role; the command says which: crawl, work, serve or up.
FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN go build -tags duckdb_arrow -trimpath -o /jobcity ./cmd/jobcity

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --create-home --home-dir /data jobcity
COPY --from=build /jobcity /usr/local/bin/jobcity
USER jobcity
WORKDIR /data
VOLUME /data
ENTRYPOINT ["jobcity"]
CMD ["up"]
