# The verbs of the project. CMake and Ninja do the work; `make help` lists what there is.
MAKEFLAGS += --no-print-directory
JOBS ?= $(shell nproc)
CTEST = ctest --output-on-failure --no-tests=error -j $(JOBS) --test-dir
FUZZ_SECONDS ?= 60

.PHONY: all run test quick gates lint deb bench fuzz asan tsan clang check setup format clean help
.DELETE_ON_ERROR:

all: build/build.ninja ## build the release: build/fengsui
	@cmake --build build --target fengsui

run: ## install what is missing, build, bring up a whole sector on this machine
	@tools/setup
	@$(MAKE) all
	@build/fengsui demo

test: ## everything a change must pass: every gate, clang, sanitizers, the whole suite
	@tools/setup
	@$(MAKE) lint clang
	@$(MAKE) build/asan/build.ninja && cmake --build build/asan && $(CTEST) build/asan -LE slow
	@$(MAKE) check

quick: build/asan/build.ninja ## the inner loop: changed files under ASan and UBSan, quick tests, quick gates
	@cmake --build build/asan
	@$(CTEST) build/asan -LE slow --quiet
	@tools/lint --quick

check: build/build.ninja ## the whole suite on the release build
	@cmake --build build
	@$(CTEST) build

asan: build/asan/build.ninja ## the whole suite under ASan and UBSan
	@cmake --build build/asan
	@$(CTEST) build/asan

tsan: build/tsan/build.ninja ## the whole suite under TSan
	@cmake --build build/tsan
	@$(CTEST) build/tsan

clang: build/clang/build.ninja ## build everything with clang
	@cmake --build build/clang

gates: build/build.ninja ## the gates that read files; `make lint` adds the analysers
	@cmake --build build
	@tools/lint format layers size tests words readme docs proven scripts headers purity

lint: build/build.ninja ## every gate on every file
	@cmake --build build
	@tools/lint

deb: build/build.ninja ## the Debian package, in build/
	@cmake --build build && cd build && cpack

bench: build/build.ninja ## run the benchmarks
	@cmake --build build
	@tools/bench build

fuzz: build/fuzz/build.ninja ## run every fuzz target for FUZZ_SECONDS (60) each
	@cmake --build build/fuzz
	@tools/fuzz build/fuzz $(FUZZ_SECONDS)

format: ## lay out the C sources as the format gate wants them
	@git ls-files -z -- '*.c' '*.h' | xargs -0 clang-format -i

setup: ## install missing Debian packages (root or sudo)
	@tools/setup

clean: ## remove everything that was built
	@rm -rf build

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build/build.ninja: CMakePresets.json
	@tools/setup --check
	@cmake --preset release

build/%/build.ninja: CMakePresets.json
	@tools/setup --check
	@cmake --preset $*
