# Every target sets itself up on a fresh machine (packaging/setup.sh); a second call finds all in place.
# ARGUMENTS are passed on: make test ARGUMENTS="-k rosenbrock"

.PHONY: run test lint bench clean
.SILENT:

run:
	sh packaging/run.sh

test:
	sh packaging/setup.sh run test
	LIBGL_ALWAYS_SOFTWARE=1 .venv/bin/python -m pytest $(ARGUMENTS)

lint:
	sh packaging/setup.sh run
	status=0; \
	.venv/bin/ruff check gdstudio tests || status=1; \
	.venv/bin/mypy gdstudio tests || status=1; \
	.venv/bin/lint-imports --no-logo || status=1; \
	exit $$status

bench:
	sh packaging/setup.sh run test
	sh packaging/on-display.sh .venv/bin/python -m tests.bench $(ARGUMENTS)

clean:
	rm -rf .venv out build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find gdstudio tests -name __pycache__ -type d -prune -exec rm -rf {} +
