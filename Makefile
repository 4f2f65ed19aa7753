# Everything a person needs: `make demo`, `make run`, `make test`. The rest is for maintainers (`make help`).
SHELL := /bin/bash
.DEFAULT_GOAL := help
PORT ?= 8000
export UV_PYTHON_DOWNLOADS := never
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help demo run stop test test-spark spark lint format lock messages reference clean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 14

.venv/.uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Il faut Python 3.11 ou plus récent."; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Il manque python3-venv : apt-get install python3-venv"; exit 1; }
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -q --disable-pip-version-check uv==0.13.9
	@touch $@

.venv/.run: .venv/.uv requirements.lock pyproject.toml
	@[ -e .venv/.test ] && files="requirements.lock requirements-dev.lock" || files="requirements.lock"; \
	$(BIN)/uv pip sync -q --require-hashes $$files
	@$(BIN)/python scripts/link_package.py
	@touch $@

.venv/.test: .venv/.uv requirements.lock requirements-dev.lock pyproject.toml
	@$(BIN)/uv pip sync -q --require-hashes requirements.lock requirements-dev.lock
	@$(BIN)/python scripts/link_package.py
	@touch $@ .venv/.run

demo: .venv/.run ## the application with a rich demonstration university (PORT=…)
	@exec $(BIN)/reciproque demo --port $(PORT)

run: .venv/.run ## the application, empty, with its first administrator (PORT=…)
	@exec $(BIN)/reciproque serve --first-administrator --port $(PORT)

stop: .venv/.run ## stop it
	@$(BIN)/reciproque stop

test: .venv/.test ## every check and every test
	@bash scripts/check.sh

.venv/.spark: .venv/.run requirements-spark.lock
	@$(BIN)/uv pip install -q --require-hashes -r requirements-spark.lock
	@touch $@

spark: .venv/.spark ## Apache Spark in the environment, for `reciproque dedupe --engine spark`

test-spark: .venv/.test .venv/.spark ## the engine on Spark gives what it gives here (needs Java 17)
	@command -v java >/dev/null || [ -x "$$JAVA_HOME/bin/java" ] || { echo "Il faut Java 17 ou plus récent : apt-get install openjdk-17-jre-headless (ou JAVA_HOME)."; exit 1; }
	@RECIPROQUE_SPARK_TESTS=required $(BIN)/pytest tests/engines/linkage/test_spark.py tests/engines/linkage/test_backends.py

lint: .venv/.test ## format and checks that need no database
	@bash scripts/check.sh --fast

format: .venv/.test ## put the code in its form
	@$(BIN)/ruff check -q --fix-only src tests benchmarks scripts conftest.py
	@$(BIN)/ruff format -q src tests benchmarks scripts conftest.py

lock: .venv/.uv ## resolve the dependencies anew
	@$(BIN)/uv pip compile -q requirements.in --universal --python-version 3.11 --generate-hashes -o requirements.lock
	@$(BIN)/uv pip compile -q requirements-dev.in --universal --python-version 3.11 --generate-hashes -o requirements-dev.lock
	@$(BIN)/uv pip compile -q requirements-spark.in -c requirements.lock --universal --python-version 3.11 --generate-hashes -o requirements-spark.lock

messages: .venv/.test ## gather the sentences to translate, compile the English catalogue
	@$(BIN)/python scripts/messages.py

reference: .venv/.test ## write docs/reference from the code
	@$(BIN)/python scripts/reference.py

clean: ## forget the environment (not the data)
	@rm -rf .venv
