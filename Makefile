# SPDX-License-Identifier: MIT
#
# make help lists every target.

BUILD ?= $(CURDIR)/build
KERNEL ?= debian-6.1
DESTDIR ?=
PREFIX ?= /usr
RELEASE ?= $(shell uname -r)
export BUILD

USERSPACE = $(MAKE) --no-print-directory -C userspace BUILD=$(BUILD)
SHARE = $(DESTDIR)$(PREFIX)/share
MODULES = $(DESTDIR)/lib/modules/$(RELEASE)
UNITS = $(DESTDIR)/lib/systemd/system

.DEFAULT_GOAL := help
.PHONY: help deps all kmod guest-artefacts check unit golden fuzz reference difference coverage mutate detect report lint harness guest torture demo bench bench-check \
	install install-userspace install-kmod clean

help:
	@echo 'Targets:'
	@echo '  all                build the command, the agent and the manual pages'
	@echo '  kmod               build the module for a kernel of the VM harness; KERNEL=debian-6.1'
	@echo '  check              run all tests; ends with "N passed, N failed, N skipped"'
	@echo '  unit               tests of the engine, the compiler and the client'
	@echo '  golden             tests of the policy language'
	@echo '  detect             tests of the rules of detection, with recorded events'
	@echo '  report             pages of recorded events, in a browser'
	@echo '  fuzz               fuzz the verifier and the parsers; FUZZ_SECONDS=600 for each'
	@echo '  reference          compare compiler and engine with an evaluator that is slow and simple; REFERENCE_SEED=1'
	@echo '  difference         compare policies, and what the engine decides by them; DIFFERENCE_SEED=1'
	@echo '  coverage           how much of the engine and the compiler the tests execute; build/coverage/uncovered is the rest'
	@echo '  mutate             whether the tests notice when the engine is changed, in a quarter of an hour; MUTATE_FILES, MUTATE_EVERY=1'
	@echo '  lint               style and static analysis'
	@echo '  harness            tests of the VM harness'
	@echo '  guest              tests in a guest; KERNEL=debian-6.1'
	@echo '  torture            swap, attach, unload and inject faults under load, in a guest; MINUTES=10, KERNEL=debug-6.1'
	@echo '  demo               show a function being guarded, in a guest'
	@echo '  bench              measure what it costs, beside AppArmor, nftables and BPF; BENCH_KERNELS="debian-6.1 debian-6.12"'
	@echo '  bench-check        compare what it costs with the committed baseline'
	@echo '  install            install everything; DESTDIR, PREFIX=/usr, RELEASE=$$(uname -r)'
	@echo '  install-userspace  the same without the module'
	@echo '  install-kmod       the module only, built for the running kernel'
	@echo '  deps               install what building and testing takes'
	@echo '  guest-artefacts    build what the VM harness takes into the guest'
	@echo '  clean              remove build/'

deps:
	@scripts/deps

all:
	@$(USERSPACE) all manuals

kmod:
	@scripts/kmod --kernel $(KERNEL)

guest-artefacts:
	@$(USERSPACE) all
	@if [ -e tests/guest/Makefile ]; then $(MAKE) --no-print-directory -C tests/guest BUILD=$(BUILD); fi

check: deps all
	@tests/check

unit golden detect report reference difference lint harness bench bench-check: all
	@tests/check $@

coverage mutate:
	@tests/check $@

guest:
	@tests/check guest-$(KERNEL)

# Where nobody names a kernel, one that finds mistakes.
torture: all
	@tests/torture/run $(if $(filter file,$(origin KERNEL)),debug-6.1,$(KERNEL)) $(or $(MINUTES),10)

fuzz:
	@FUZZ_SECONDS=$${FUZZ_SECONDS:-600} tests/check fuzz

demo: deps
	@scripts/demo

install: install-userspace install-kmod

install-userspace: all
	install -d $(DESTDIR)$(PREFIX)/bin $(UNITS) $(SHARE)/man/man1 $(SHARE)/man/man5 $(SHARE)/man/man8 \
		$(SHARE)/bash-completion/completions $(SHARE)/fnguard/policy
	install -m 755 $(BUILD)/bin/fnguard $(BUILD)/bin/fnguardd $(DESTDIR)$(PREFIX)/bin
	install -m 644 userspace/agent/fnguardd.service $(UNITS)
	install -m 644 userspace/completion/fnguard $(SHARE)/bash-completion/completions
	for page in $(BUILD)/man/*.[158]; do install -m 644 $$page $(SHARE)/man/man$${page##*.}; done
	cp -r policy/. $(SHARE)/fnguard/policy

install-kmod:
	$(MAKE) -C /lib/modules/$(RELEASE)/build M=$(CURDIR) modules
	install -d $(MODULES)/extra
	install -m 644 fnguard.ko $(MODULES)/extra
	$(if $(DESTDIR),,depmod $(RELEASE))

clean:
	rm -rf $(BUILD)
