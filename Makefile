# One line per target; `make` alone shows them.
#
#   RTL_MARCH=x86-64-v3 make release    another processor than the one at hand
#   make run CONFIG=sample-configs/cifar10-quick.yaml

CONFIG ?= sample-configs/demo.yaml
SWIFT_SOURCES := Package.swift Sources Tests

.DEFAULT_GOAL := help
.PHONY: help dependencies run build release test check lint format keys clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

dependencies: ## install the system libraries that are missing (apt)
	@Scripts/install-dependencies

run: release ## install what is missing, build, and start the demo in the workbench
	@.build/release/rtl run $(CONFIG)

build: dependencies ## debug build
	swift build

release: dependencies ## optimised build of the program: .build/release/rtl
	swift build -c release --product rtl

# Three sittings: engines that compute, programs that are started, and the rest, which shall wait for neither.
# The first two one after the other: a command that a test sends in the middle of a run shall not come when
# the run is over, because other tests kept the processors.
test: dependencies ## install what is missing, then all tests, optimised
	swift build -c release --product rtl
	swift build -c release --build-tests
	swift test -c release --skip-build --no-parallel --filter '^LotteryEngineTests'
	swift test -c release --skip-build --no-parallel --filter '^CommandLineTests'
	swift test -c release --skip-build --skip '^(LotteryEngineTests|CommandLineTests)'

check: lint ## lint, build with the import check, test
	swift build -c release --explicit-target-dependency-import-check error
	@$(MAKE) --no-print-directory test

lint: ## style check; nothing is changed
	swift format lint --strict -r $(SWIFT_SOURCES)

format: ## style, applied in place
	swift format -i -r $(SWIFT_SOURCES)

keys: release ## docs/keys.md anew, from the table of keys
	.build/release/rtl keys --markdown > docs/keys.md

clean: ## remove build products; runs stay
	swift package clean
