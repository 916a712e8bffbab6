# What the examples have in common: each is built with the tool of the checkout around it, by the Python of its `make site`.
CHECKOUT := $(abspath ../..)
WITH ?= $(CHECKOUT)/.venv/bin/python
RUN := PYTHONPATH=$(CHECKOUT) $(WITH) -m surveybook

.PHONY: site check verify
site: $(ANSWERS) ## build the site
	@$(RUN) build

check: ## check the built site
	@$(RUN) check site

verify: ## build the site once more and compare every byte
	@$(RUN) verify site
