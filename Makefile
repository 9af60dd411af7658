# Short names for what developers type often; everything runs through ./sim.sh and needs nothing installed.
RUFF_VERSION := $(shell sed -n 's/^RUFF=\([0-9.]*\).*/\1/p' .ci/run)
TOOLS := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/separator-sim/ruff-$(RUFF_VERSION)
RUFF := $(TOOLS)/bin/ruff

.PHONY: help demo test viewers book benchmarks quick lint format types ci clean

help:      ## this list
	@sed -n 's/^\([a-z]*\): .*##/  \1\t/p' $(MAKEFILE_LIST)
demo:      ## the four separators in both modes, in results/demo
	./sim.sh demo
test:      ## every test
	./sim.sh test
viewers:   ## results in ParaView and a browser, in an environment of their own
	bash tests/viewers/run.sh
book:      ## the verification book at full size, in docs/verification
	./sim.sh verify -o docs/verification
notebook:  ## execute docs/first-look.ipynb anew
	./sim.sh python docs/execute.py docs/first-look.ipynb
benchmarks: ## the simulator and its peers side by side, in results/benchmarks (2-3 hours, on a quiet machine)
	./sim.sh python -m benchmarks
quick:     ## the tests that take seconds
	./sim.sh test -m 'not slow and not mpi'
lint: $(RUFF)  ## find mistakes
	$(RUFF) check .
	$(RUFF) format --check .
format: $(RUFF)  ## lay the code out, sort imports
	$(RUFF) format .
	$(RUFF) check --fix .
types:     ## check types
	./sim.sh exec mypy
ci:        ## what CI runs
	.ci/run
clean:     ## remove caches, not results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	rm -rf .mypy_cache .pytest_cache .ruff_cache .hypothesis build dist *.egg-info

$(RUFF):
	./sim.sh python -m pip install --quiet --root-user-action=ignore --target $(TOOLS) ruff==$(RUFF_VERSION)
