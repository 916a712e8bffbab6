# Builds, tests and checks the report. Needs Python 3.11 or newer, make, and the Python package index.
# `make help` lists the targets; README tells how to do without make.

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
# Python compiles what is imported when it is, a small part of what is installed
PIP := $(RUN) -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes
# uv installs in seconds what takes pip minutes, and lies beside the packages, not among them; where it cannot be had, or
# cannot reach what pip can, pip does
UV := $(VENV)/uv/bin/uv
install = { { test -x $(UV) || $(PIP) --target $(VENV)/uv -r requirements-uv.txt; } && \
  $(UV) pip install --quiet --python $(RUN) --require-hashes -r $(1); } || $(PIP) -r $(1)
# Whether each package of the environment, pip with them, has the files that it lists: a killed installation leaves some
# that have not, and that count as installed
WHOLE := 'import csv, pathlib, sys, sysconfig; at = pathlib.Path(sysconfig.get_path("purelib")); \
  sys.exit(sys.prefix == sys.base_prefix or not any(at.glob("pip-*.dist-info")) or any( \
  not (at / name).is_file() or size and (at / name).stat().st_size != int(size) for about in at.glob("*.dist-info") \
  for name, _, size in csv.reader(open(about / "RECORD", encoding="utf-8")) if not name.endswith(".pyc")))'
make_whole = $(RUN) -c $(WHOLE) 2>/dev/null || { \
  echo "environment: $(VENV) is not whole; making it again"; "$(PYTHON)" -m venv --clear $(VENV); }
# Studies that are simulated, and whose design is tried; STUDY=name takes another one
SIMULATED := $(patsubst data/%/simulation.yaml,%,$(wildcard data/*/simulation.yaml))
DESIGNED := $(patsubst data/%/design.yaml,%,$(wildcard data/*/design.yaml))
# `make -j site check` must not check the old site while the new one is made.
AFTER_SITE := $(filter site,$(MAKECMDGOALS))
# What is installed while the site is made would have it made once more.
BEFORE_SITE := $(VENV)/$(if $(filter test lint,$(MAKECMDGOALS)),test,site).stamp

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help site serve test chaos check verify diff publish pdf anchors lint simulate design atlas lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' Makefile

site: $(BEFORE_SITE) ## build the site with Quarto 1.6+ or the bundled renderer (BUILDER=quarto|renderer forces one)
	@$(RUN) -m surveybook build

serve: $(VENV)/site.stamp ## show the book while it is written; ARGS="--port 4301" for another port
	@$(RUN) -m surveybook serve $(ARGS)

test: $(VENV)/test.stamp $(AFTER_SITE) ## run the tests (ALL=1: those marked slow as well; ARGS= is passed to pytest)
	@$(RUN) -m pytest -n auto -m "not exhaustive$(if $(ALL),, and not slow)" $(ARGS)

chaos: $(VENV)/site.stamp ## kill builds, fill the disk, damage what is kept, tamper with a site (ARGS="--kills 20"; an hour or two)
	@$(RUN) -m benchmarks chaos $(ARGS)

check: $(VENV)/site.stamp $(AFTER_SITE) ## check the built site: links, names, requests, policies, printed numbers, weight
	@$(RUN) -m surveybook check site

verify: $(VENV)/site.stamp $(AFTER_SITE) ## build the site once more and compare byte by byte (SITE=folder of a downloaded copy)
	@$(RUN) -m surveybook verify $(or $(SITE),site)

diff: $(VENV)/site.stamp ## show what changed between two versions (A=v1 B=v2; RECORD=--record writes it into CHANGES.md)
	@test -n "$(A)" && test -n "$(B)" || { echo "name two versions: make diff A=HEAD~1 B=HEAD" >&2; exit 1; }
	@$(RUN) -m surveybook diff $(A) $(B) $(RECORD)

publish: $(VENV)/site.stamp $(AFTER_SITE) ## prepare the built site for a static host, in public/
	@$(RUN) -m surveybook publish

pdf: $(VENV)/site.stamp $(AFTER_SITE) ## print the whole built report as one PDF, report.pdf, with the Chromium of the machine, and link it from the site
	@$(RUN) -m surveybook pdf

anchors: site ## build the site, and add its new addresses to anchors.lock
	@$(RUN) -m surveybook anchors site

lint: $(VENV)/test.stamp ## check the code's style and the direction of its imports
	@$(RUN) -m ruff check .
	@PYTHONPATH=. $(VENV)/bin/lint-imports --no-logo

simulate: $(VENV)/site.stamp ## draw the responses of the simulated survey anew from its model, and seal them
	@$(RUN) -m surveybook simulate $(or $(STUDY),$(SIMULATED))

design: $(VENV)/site.stamp ## simulate what the survey can show (CHECK=1: only a sample, compared with what is stored)
	@$(RUN) -m surveybook design $(or $(STUDY),$(DESIGNED)) $(if $(CHECK),--check) $(if $(ACCEPT),--accept) $(ARGS)

atlas: $(VENV)/site.stamp ## read another version of MITRE ATLAS, show what changed, and build (FILE=ATLAS.yaml RELEASED=date)
	@test -n "$(FILE)" || { echo "name the published file: make atlas FILE=ATLAS.yaml" >&2; exit 1; }
	@$(RUN) -m analysis.atlas "$(FILE)" $(if $(RELEASED),--released $(RELEASED))
	@$(RUN) -m surveybook build

LOCKED := --quiet --universal --python-version 3.11 --generate-hashes --no-header
lock: $(VENV)/bin/python ## compile all lock files anew from pyproject.toml (UPGRADE=--upgrade for newer versions)
	@test -x $(UV) || $(PIP) --target $(VENV)/uv -r requirements-uv.txt
	@$(UV) pip compile $(UPGRADE) $(LOCKED) pyproject.toml --output-file requirements.txt
	@$(UV) pip compile $(UPGRADE) $(LOCKED) --extra dev --constraint requirements.txt pyproject.toml \
	  --output-file requirements-dev.txt
	@echo uv | $(UV) pip compile $(UPGRADE) $(LOCKED) - --output-file requirements-uv.txt
	@echo "lock: what is locked is up to date with pyproject.toml"

clean: ## remove what was built and installed: site, caches, .venv
	rm -rf site public report.pdf .*.building-* .cache .quarto _freeze .pytest_cache .ruff_cache .import_linter_cache .hypothesis $(VENV)
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The environment. A lock file that changed is installed again; the tests' packages come on top of the site's,
# one after the other, so that `make -j` never runs two installations at once.
$(VENV)/bin/python:
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "The report needs Python 3.11 or newer, and $(PYTHON) is not; name another one: make PYTHON=python3.12" >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "$(PYTHON) cannot make virtual environments; install that part of it (on Debian: apt-get install python3-venv)" >&2; exit 1; }
	@test -d $(VENV) || ! test -e $(VENV) || { echo "$(VENV) is no folder; move it away" >&2; exit 1; }
	@echo "environment: making $(VENV) with $(PYTHON)"
	@"$(PYTHON)" -m venv --clear $(VENV)

$(VENV)/site.stamp: requirements.txt $(VENV)/bin/python
	@$(make_whole)
	@echo "environment: installing requirements.txt (about a minute the first time)"
	@$(call install,requirements.txt)
	@touch $@

$(VENV)/test.stamp: requirements-dev.txt $(VENV)/site.stamp
	@$(make_whole)
	@echo "environment: installing requirements-dev.txt"
	@$(call install,requirements-dev.txt)
	@touch $(VENV)/site.stamp $@
