# Each target is a thin call of a Python module: `python3 -m build_scripts …` does the same without make.
PYTHON ?= python3
RUN = $(PYTHON) -m build_scripts

.PHONY: help serve build kit wheel test-site test-engines rehearse visits faults test check parity bench gpt2 export starter clean
.DEFAULT_GOAL := help

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

serve: ## set up, build dist/ and serve it; prints the address (ARGS=--lan for a class)
	@$(RUN) serve $(ARGS)

build: ## set up and build dist/ (ARGS="--model gpt2=build/models/gpt2" for more models, "--models starter" for fewer)
	@$(RUN) build $(ARGS)

kit: ## a folder and a zip for a USB stick, in build/ (ARGS="--model gpt2=build/models/gpt2" for more models)
	@$(RUN) kit $(ARGS)

wheel: ## the Python package with the built page in it, for pip install and python -m glassbox serve
	@$(RUN) wheel $(ARGS)

test: ## set up, run every check and test but those that need PyTorch
	@$(RUN) test $(ARGS)

test-engines: ## the page in Firefox and WebKitGTK, and on a graphics card in software
	@$(RUN) test-engines $(ARGS)

check: ## formatters, linters, types
	@$(RUN) check

test-site: ## test dist/ as it is going to be published
	@$(RUN) test-site $(ARGS)

rehearse: ## the Pages workflow's steps in a clean clone, the hub replaced by a local folder
	@$(RUN) rehearse

visits: ## 300 first visits to the class's server, then 300 second ones (needs dist/)
	@$(RUN) visits $(ARGS)

faults: ## every kind of file x every fault, first and later visit; prints the table (long)
	@$(RUN) faults $(ARGS)

parity: ## hold the export against PyTorch and transformers (large downloads)
	@$(RUN) parity $(ARGS)

bench: ## measure start-up, bytes, speed and memory; writes bench-results.json
	@$(RUN) bench $(ARGS)

gpt2: ## GPT-2 (124M) from the hub, exported and built into dist/ (MODEL=folder for one that is here)
	@$(RUN) gpt2 $(if $(MODEL),--source $(MODEL)) $(ARGS)

export: ## MODEL=openai-community/gpt2 OUT=build/models/gpt2 [QUANT=int4]
	@$(RUN) export --model $(MODEL) --out $(OUT) $(if $(QUANT),--quant $(QUANT))

starter: ## train the starter model (needs PyTorch and texts)
	@$(RUN) starter $(ARGS)

clean: ## remove .venv, node_modules, build/ and dist/
	@$(RUN) clean
