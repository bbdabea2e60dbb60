# Atrium: every target installs what it lacks first (scripts/setup.sh).
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PORT ?= 8080
MEMBERS ?= 120

# PATH and settings that set-up found.
env := . .cache/env
server := target/debug/atrium-server

.PHONY: help
help: ## Lists the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | while IFS=$$'\t' read -r target text; do printf 'make %-6s %s\n' "$$target" "$$text"; done
	@echo
	@echo 'PORT=8080 is where run and demo listen; MEMBERS=120 is how large the demo organization is.'

.PHONY: run
run: app-and-server ## Builds what changed and serves Atrium at http://127.0.0.1:8080
	@mkdir -p data
	@exec $(server) serve --listen 127.0.0.1:$(PORT) --database sqlite://data/atrium.db --static dist

.PHONY: demo
demo: app-and-server ## The same on a made-up organization, in a database of its own
	@mkdir -p data
	@# Made under another name first: a demo that was cut off half way is not taken for one.
	@if [ -f data/demo.db ]; then \
	  echo "data/demo.db is there already: remove it for a new one"; \
	  cat data/demo.txt 2>/dev/null || true; \
	else \
	  rm -f data/demo-new.db*; \
	  $(server) demo --members $(MEMBERS) --database sqlite://data/demo-new.db | tee data/demo.txt; \
	  for end in '' -wal -shm; do if [ -f data/demo-new.db$$end ]; then mv data/demo-new.db$$end data/demo.db$$end; fi; done; \
	fi
	@exec $(server) serve --listen 127.0.0.1:$(PORT) --database sqlite://data/demo.db --static dist

.PHONY: test
test: ## Runs every check and test; its last line counts them
	@scripts/setup.sh test
	@$(env); exec scripts/test.sh

.PHONY: dist
dist: ## Leaves the static files in dist/, compressed beside each
	@scripts/setup.sh run
	@$(env); scripts/build-app.sh; node scripts/size.mjs

.PHONY: pictures
pictures: app-and-server ## Makes the README's pictures anew
	@scripts/setup.sh test
	@$(env); node_modules/.bin/playwright test tests/pictures.spec.ts
	@mkdir -p docs/pictures/pages; cd test-results/pictures; cp members-light.png members-dark.png members-arabic.png invite-dark.png members-narrow-dark.png ../../docs/pictures/; cp pages/*.png ../../docs/pictures/pages/

.PHONY: fmt
fmt: ## Formats the Rust code
	@scripts/setup.sh run
	@$(env); cargo fmt --all

.PHONY: clean
clean: ## Removes what was built; tools and databases stay
	rm -rf target dist test-results .cache/dist

.PHONY: app-and-server
app-and-server:
	@scripts/setup.sh run
	@$(env); scripts/build-app.sh; cargo build --quiet -p atrium-server
