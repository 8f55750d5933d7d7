# `make test` is what a change must pass; everything it needs, `make deps` installs or names.
.PHONY: test deps format-check vet lint generate-check race generate fmt bench fuzz run
.NOTPARALLEL:

# The Go files that stand in the work tree, committed or not.
GO_FILES := git ls-files -z --cached --others --exclude-standard '*.go' | xargs -0r ls 2>/dev/null

test: deps format-check vet lint generate-check race

deps:
	@.ci/deps

format-check:
	@unformatted=$$($(GO_FILES) | xargs -r gofmt -l); \
	if [ -n "$$unformatted" ]; then printf 'gofmt has something to say (make fmt):\n%s\n' "$$unformatted"; exit 1; fi

vet:
	@go vet ./...

lint: deps
	@.tools/golangci-lint run ./...

generate-check:
	@.ci/generate-check

race:
	@go test -race -timeout 40m ./...

generate:
	go tool templ generate

fmt:
	$(GO_FILES) | xargs -r gofmt -w
	go tool templ fmt .

bench:
	go test -run '^$$' -bench . -benchmem ./...

fuzz:
	@.ci/fuzz

run:
	go run ./cmd/firstdrops
