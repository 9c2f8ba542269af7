# Byline: `make help` lists what there is. Everything runs from .venv, which `make setup` makes.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PY := .venv/bin/python
BYLINE := .venv/bin/byline
SHARED ?= ../shared
QUESTION ?= What was Scale AI's revenue in 2024?
CASES ?= eval/cases
SECONDS ?= 600
FUZZ_EXAMPLES ?= 300

.PHONY: bench-cleaning bench-poison bench-follow-ups bench-serve bench-page fuzz fuzz-readers help setup models test-models demo index ask chat serve eval test lint types layers check bench clean smoke baseline bench-gate \
	bench-answers bench-checker bench-index bench-retrieval bench-search bench-copies bench-scale

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  \033[1m%-16s\033[0m %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## the environment in .venv, everything pinned
	@./setup.sh

models: setup
	@$(BYLINE) models pull all-MiniLM-L6-v2 qwen2.5-coder-1.5b-instruct

test-models: models
	@$(BYLINE) models pull smollm2-135m-instruct

demo: models ## fresh clone to a cited answer: environment, models, sample articles, one question
	@$(BYLINE) index articles
	@$(BYLINE) ask "$(QUESTION)"

index: models ## index the sample articles, or PATHS="…"
	@$(BYLINE) index $(or $(PATHS),articles)

ask: index ## ask QUESTION="…" of what is indexed
	@$(BYLINE) ask "$(QUESTION)"

chat: index ## ask in the terminal
	@$(BYLINE) chat

serve: index ## HTTP and the web page, on this machine only
	@$(BYLINE) serve

eval: index ## the evaluation suite over the sample articles, or CASES="…"
	@$(BYLINE) eval run $(CASES)

# Cases of each kind in the committed baseline; the smoke's two are among any even number.
EACH ?= 6
GATES := --gate 'quotes exact' --gate right:0.15 --gate 'unsupported sentences:0.1'

smoke: models ## two cases of every kind with the real model, against the committed baseline, in at most 9 minutes
	@$(BYLINE) --home var/smoke eval run eval/cases --articles articles --each 2 --minutes 8 --fresh
	@$(BYLINE) --home var/smoke eval compare eval/baseline latest $(GATES)

baseline: models ## make the committed baseline anew; goes on where it was stopped; EACH=1000 asks every case
	@$(BYLINE) --home var/baseline eval run eval/cases --articles articles --each $(EACH)
	@$(BYLINE) --home var/baseline eval keep latest eval/baseline

bench-gate: models ## what the gate says of a run made worse (one passage), and of the same under another seed; EACH=2
	@$(BYLINE) --home var/gate eval run eval/cases --articles articles --each $(EACH)
	@$(BYLINE) --home var/gate eval keep latest var/gate/base
	@$(BYLINE) --home var/gate --set search.hits=1 eval run eval/cases --each $(EACH)
	-@$(BYLINE) --home var/gate eval compare var/gate/base latest $(GATES)
	@$(BYLINE) --home var/gate --set model.seed=7 eval run eval/cases --each $(EACH)
	@$(BYLINE) --home var/gate eval compare var/gate/base latest $(GATES)

test: test-models ## everything is tested, with real models
	@$(PY) -m pytest

lint: setup ## ruff: style and format
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .

types: setup ## mypy, strict
	@$(PY) -m mypy

layers: setup ## import-linter: which room may know which, one library one file
	@.venv/bin/lint-imports --no-cache

check: lint types layers ## lint, types and layers

bench: bench-index bench-retrieval bench-search ## every benchmark

bench-index: models ## indexing beside the bare encoder, LlamaIndex's pipeline and txtai (installed apart)
	@$(PY) -m eval.benches.indexing --data $(SHARED) $(ARGS)

bench-answers: models ## answers beside LlamaIndex's CitationQueryEngine, and risk by coverage; ARGS="--limit 8 --alone"
	@$(PY) -m eval.benches.answers --data $(SHARED)/gold/seed-dev.jsonl --articles $(SHARED)/articles $(ARGS)

bench-checker: setup ## what the checks catch of edited sentences and refuse of true ones; ARGS=--model asks the model too
	@$(PY) -m eval.benches.checker --data $(SHARED) $(ARGS)

bench-copies: setup ## near-copies missed and falsely grouped, by rate of edits
	@$(PY) -m eval.benches.copies --data $(SHARED) $(ARGS)

bench-scale: setup ## 10,000 articles: killed in the middle, taken up again, then unchanged; memory by size
	@$(PY) -m eval.benches.scale --data $(SHARED) $(ARGS)

bench-retrieval: models ## retrieval on MultiHop-RAG, SQuAD 2 and the seed questions, beside others
	@$(PY) -m eval.benches.retrieval --data $(SHARED)

bench-search: models ## search latency from 1,000 to 100,000 passages
	@$(PY) -m eval.benches.search_speed --data $(SHARED)

bench-cleaning: setup ## what is kept of pages, beside trafilatura and no cleaning; who and when
	@$(PY) -m eval.benches.cleaning --articles $(SHARED)/articles

bench-serve: test-models ## the service under load: 1 to 128 clients, SECONDS=600 a row
	@$(PY) -m eval.benches.serve --seconds $(SECONDS)

bench-poison: models ## hostile articles: what the code lets through (none may), what the model says; ARGS="--limit 28"
	@$(PY) -m eval.benches.poison $(ARGS)

bench-follow-ups: index ## follow-ups with and without history; ARGS="--rewrites-only"
	@$(PY) -m eval.benches.follow_ups $(ARGS)

bench-page: setup ## the page in Chromium: bytes, requests, time to the first evidence
	@$(PY) -m eval.benches.page

fuzz: setup ## the HTTP API under FUZZ_EXAMPLES=300 requests of its own schema for each route, and under garbage
	@FUZZ_EXAMPLES=$(FUZZ_EXAMPLES) $(PY) -m pytest -q tests/rag/test_http_fuzz.py --timeout 3600

fuzz-readers: setup ## every reader of files under damaged and hostile ones, MINUTES=10 each, and under atheris where it is installed
	@FUZZ_MINUTES=$(or $(MINUTES),10) $(PY) -m pytest -q tests/index/test_fuzz_readers.py
	@if $(PY) -c 'import atheris' 2>/dev/null; then for each in html pdf; do \
		$(PY) -m eval.benches.fuzzing $$each $$(( $(or $(MINUTES),10) * 60 )) || exit 1; done; fi

clean: ## remove the environment, the indexes and all caches (models stay in the user's cache)
	rm -rf .venv var dist build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -not -path './.venv/*' -exec rm -rf {} +
