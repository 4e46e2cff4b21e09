# SPDX-License-Identifier: MIT
#
# make help lists every target.

.DEFAULT_GOAL := help
.PHONY: help deps check clean

help:
	@echo 'Targets:'
	@echo '  deps	install what the tests need'
	@echo '  check	run all tests; ends with "N passed, N failed, N skipped"'
	@echo '  clean	remove build/'

deps:
	@scripts/deps vm

check: deps
	@tests/check

clean:
	rm -rf build
