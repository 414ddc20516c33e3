# DuckDB's Arrow interface sits behind a build tag; without it everything works
# too, row by row. `make check` tests both.
TAGS ?= duckdb_arrow
export GOFLAGS := -buildvcs=false -tags=$(TAGS)
export CGO_ENABLED := 1
LINT := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
GOLD ?= ../shared/gold
REALDATA ?= ../shared/realdata
GOBIN := $(shell go env GOPATH)/bin

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-9s %s\n", $$1, $$2}'

.PHONY: build
build: ## build bin/jobcity
	go build -o bin/jobcity ./cmd/jobcity

.PHONY: demo
demo: build ## everything in one process on a made-up city of boards, offline
	bin/jobcity demo

.PHONY: test
test: ## all tests
	go test ./...

.PHONY: check
check: ## what CI runs: format, vet, lint, tests with and without the build tag, race detector
	@unformatted=$$(gofmt -l .); test -z "$$unformatted" || { echo "gofmt would change:"; echo "$$unformatted"; exit 1; }
	go mod tidy -diff
	go vet ./...
	GOFLAGS=-buildvcs=false go vet ./...
	$(MAKE) lint
	go test ./...
	GOFLAGS=-buildvcs=false go test ./pipeline/store ./pipeline/batch ./pipeline/ingest
	go test -race ./pipeline/posting ./pipeline/bus ./pipeline/crawl/... ./pipeline/ingest ./pipeline/api ./pipeline/query

.PHONY: lint
lint: $(GOBIN)/golangci-lint ## golangci-lint with .golangci.yml
	$(GOBIN)/golangci-lint run

$(GOBIN)/golangci-lint:
	go install $(LINT)

.PHONY: bench
bench: ## benchmarks beside the code
	go test -run '^$$' -bench . -benchmem ./pipeline/...

.PHONY: bench-postgres
bench-postgres: ## three trends beside PostgreSQL on the same data (JOBCITY_CITY_SIZE=postings)
	go test -run '^$$' -bench '^BenchmarkPostgres$$' -benchtime 1x -timeout 2h ./sql

.PHONY: train
train: ## learn the tagger's weights from labelled postings (GOLD, REALDATA=folders)
	go run ./pipeline/tag/tagtrain -gold $(GOLD) -labels pipeline/tag/tagtrain/labels.jsonl -realdata $(REALDATA)
	go test ./pipeline/tag -run TestLearnWorth -args -learn

.PHONY: quality
quality: ## the quality card: the tagger against labels and weak labels; rewrites its section of README.md (GOLD, REALDATA=folders)
	@mkdir -p bin
	@test ! -d $(GOLD) || go run ./pipeline/tag/tagtrain -gold $(GOLD) -labels pipeline/tag/tagtrain/labels.jsonl -realdata $(REALDATA) -cv -tags bin/cv.jsonl >/dev/null
	@go run ./pipeline/tag/tagquality -gold $(GOLD) -cv bin/cv.jsonl -realdata $(REALDATA) -readme README.md
