# What the examples have in common: each is built with the tool of the checkout around it.
CHECKOUT := ../..
RUN := PYTHONPATH=$(CHECKOUT) $(or $(PYTHON),$(CHECKOUT)/.venv/bin/python) -m surveybook

.PHONY: site check verify
site: $(ANSWERS) ## build the site
	@$(RUN) build

check: ## check the built site
	@$(RUN) check site

verify: ## build the site once more and compare every byte
	@$(RUN) verify site
