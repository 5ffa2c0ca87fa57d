# SPDX-License-Identifier: GPL-2.0-only
#
# Builds, tests and installs wgfence. Everything that is made goes to build/; `make help`.

VERSION ?= 0.1.0

CC	    ?= cc
CLANG	    ?= clang
BPFTOOL	    ?= $(firstword $(wildcard /usr/sbin/bpftool /sbin/bpftool) bpftool)
PKG_CONFIG  ?= pkg-config
INSTALL	    ?= install
CFLAGS	    ?= -O2 -g
WERROR	    ?= -Werror
BTF	    ?= /sys/kernel/btf/vmlinux
FUZZ_SECONDS ?= 60

prefix ?= /usr/local
BINDIR ?= $(prefix)/bin
MANDIR ?= $(prefix)/share/man
DOCDIR ?= $(prefix)/share/doc/wgfence

B := build

.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules

ifeq ($(V),1)
say =
else
say = @printf '  %-8s%s\n' $(1) $(2:$(B)/%=%)
Q := @
endif

# Asked once, and only by what compiles or links: `make deps` runs before pkg-config is there.
PKGS	  := libbpf libelf zlib libmnl libsystemd
PKG_FLAGS  = $(eval PKG_FLAGS := $$(shell $(PKG_CONFIG) --cflags $(PKGS)))$(PKG_FLAGS)
PKG_LIBS   = $(eval PKG_LIBS := $$(shell $(PKG_CONFIG) --libs $(PKGS)))$(PKG_LIBS)

WARNINGS := -Wall -Wextra $(WERROR)
HOST	  = -std=gnu11 -D_GNU_SOURCE -DWGF_VERSION='"$(VERSION)"' $(WARNINGS) -Wshadow \
	    -ffile-prefix-map=$(CURDIR)=. -Iinclude -Isrc -I$(B) $(PKG_FLAGS) -MMD -MP
HARDENED := -fPIE -fstack-protector-strong -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
LINKED	 := -pie -Wl,-z,relro,-z,now,--as-needed
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
# -mcpu=v3 (5.1): 32-bit jumps, fewer instructions and fewer states for the verifier.
BPF	 := -target bpf -mcpu=v3 -O2 -g $(WARNINGS) -ffile-prefix-map=$(CURDIR)=. \
	    -Ivmlinux -Iinclude -Ibpf -MMD -MP

SKELS := $(patsubst bpf/%.bpf.c,$(B)/%.skel.h,$(wildcard bpf/*.bpf.c))
VERBS := $(wildcard src/main.c src/cmd_*.c)
CORE  := $(filter-out $(VERBS),$(wildcard src/*.c))
MANUAL := $(wildcard man/*.[1-8])

UNIT  := $(patsubst tests/unit/%.c,%,$(wildcard tests/unit/test_*.c))
FUZZ  := $(patsubst tests/fuzz/%.c,$(B)/test/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))
TESTS := $(UNIT:%=$(B)/test/unit/%) $(UNIT:%=$(B)/test/asan/%) $(FUZZ) \
	 $(patsubst tests/bpf/%.c,$(B)/test/bpf/%,$(wildcard tests/bpf/test_*.c)) \
	 $(patsubst tests/net/%.c,$(B)/test/net/%,$(wildcard tests/net/*.c))

BPF_SHARED := $(patsubst tests/%.c,$(B)/test/%.o, \
	      $(filter-out tests/bpf/test_% %.bpf.c,$(wildcard tests/bpf/*.c)))

STAGED	  := /usr/bin
INSTALLED := $(B)/root$(STAGED)/wgfence

page = $(MANDIR)/man$(subst .,,$(suffix $(1)))/$(notdir $(1))

define newline


endef

DIRS := $(addprefix $(B)/,src asan fuzz test/unit test/asan test/fuzz test/bpf test/net test/bench)

.PHONY: all
all: $(B)/wgfence ## the program, build/wgfence (what `make` alone does)

$(B)/wgfence: $(VERBS:src/%.c=$(B)/src/%.o) $(B)/src/core.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LINKED) $(LDFLAGS) -o $@ $^ $(PKG_LIBS)

$(DIRS):
	$(Q)mkdir -p $@

# --- the programs in the kernel ------------------------------------------------------------------

$(B)/%.bpf.o: bpf/%.bpf.c Makefile | $(DIRS)
	$(call say,BPF,$@)
	$(Q)$(CLANG) $(BPF) -c -o $@ $<

$(B)/test/%.bpf.o: tests/%.bpf.c Makefile | $(DIRS)
	$(call say,BPF,$@)
	$(Q)$(CLANG) $(BPF) -c -o $@ $<

# `gen object` leaves BTF in and DWARF out: the skeleton is a part of the program.
%.skel.h: %.bpf.o
	$(call say,SKEL,$@)
	$(Q)$(BPFTOOL) gen object $(@:.h=.o) $<
	$(Q)$(BPFTOOL) gen skeleton $(@:.h=.o) name $(notdir $*)_bpf > $@
	$(Q)rm -f $(@:.h=.o)

# --- src/, three times: hardened, with sanitizers, and for the fuzzers ---------------------------

# variant DIRECTORY, COMPILER, FLAGS
define variant
$(B)/$(1)/%.o: src/%.c Makefile | $(DIRS) $(SKELS)
	$$(call say,CC,$$@)
	$$(Q)$(2) $$(HOST) $$(CFLAGS) $$(CPPFLAGS) $(3) -c -o $$@ $$<

$(B)/$(1)/core.a: $(CORE:src/%.c=$(B)/$(1)/%.o)
	$$(call say,AR,$$@)
	$$(Q)rm -f $$@ && $(AR) rcs $$@ $$^
endef

$(eval $(call variant,src,$(CC),$(HARDENED)))
$(eval $(call variant,asan,$(CC),$(SANITIZE)))
$(eval $(call variant,fuzz,$(CLANG),$(SANITIZE) -fsanitize=fuzzer-no-link))

# --- tests ---------------------------------------------------------------------------------------

TESTING = $(HOST) -Ibpf -I$(@D) $(CFLAGS) $(CPPFLAGS)

$(B)/test/asan/%.o: tests/unit/%.c | $(DIRS) $(SKELS)
	$(call say,CC,$@)
	$(Q)$(CC) $(TESTING) $(SANITIZE) -c -o $@ $<

$(B)/test/fuzz/%.o: tests/fuzz/%.c | $(DIRS) $(SKELS)
	$(call say,CC,$@)
	$(Q)$(CLANG) $(TESTING) $(SANITIZE) -fsanitize=fuzzer-no-link -c -o $@ $<

$(B)/test/%.o: tests/%.c | $(DIRS) $(SKELS)
	$(call say,CC,$@)
	$(Q)$(CC) $(TESTING) $(HARDENED) -c -o $@ $<

$(B)/test/asan/%: $(B)/test/asan/%.o $(B)/asan/core.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(SANITIZE) $(LDFLAGS) -o $@ $^ $(PKG_LIBS) -lcmocka

$(B)/test/fuzz/%: $(B)/test/fuzz/%.o $(B)/fuzz/core.a
	$(call say,LINK,$@)
	$(Q)$(CLANG) $(CFLAGS) $(SANITIZE) -fsanitize=fuzzer $(LDFLAGS) -o $@ $^ $(PKG_LIBS)

# What several BPF tests share is in tests/bpf/ too, in files that are not called test_*.
$(B)/test/bpf/test_%: $(B)/test/bpf/test_%.o $(BPF_SHARED) $(B)/src/core.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LINKED) $(LDFLAGS) -o $@ $^ $(PKG_LIBS) -lcmocka

$(B)/test/%: $(B)/test/%.o $(B)/src/core.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LINKED) $(LDFLAGS) -o $@ $^ $(PKG_LIBS) -lcmocka

$(B)/test/bench/bench.o: | $(B)/test/bench/empty.skel.h
$(B)/test/bpf/programs.o: | $(B)/test/bpf/copied.skel.h

$(INSTALLED): $(B)/wgfence
	$(Q)$(MAKE) --no-print-directory install DESTDIR=$(B)/root BINDIR=$(STAGED) >/dev/null

.PHONY: test test-programs unit bpf-test net-test mutate fuzz bench check deps
test: ## every test (as root: installs what it needs first, and leaves nothing behind)
	$(Q)tests/deps.sh
	$(Q)$(MAKE) --no-print-directory -j$$(nproc) test-programs
	$(Q)tests/run

test-programs: $(TESTS) $(INSTALLED)

unit: $(filter %/unit/% %/asan/%,$(TESTS)) ## unit tests, hardened and sanitized
	$(Q)tests/run unit asan

bpf-test: $(filter %/bpf/%,$(TESTS)) ## the programs, in the kernel, on packets (root)
	$(Q)tests/run bpf

net-test: $(filter %/net/%,$(TESTS)) $(INSTALLED) ## the installed program in namespaces (root)
	$(Q)tests/run net

mutate: all ## breaks the verdict on purpose; the tests must notice
	$(Q)tests/run mutate

fuzz: $(FUZZ) ## fuzzes for FUZZ_SECONDS (60) each
	$(Q)tests/fuzz/run $(FUZZ_SECONDS)

bench: $(B)/test/bench/bench $(INSTALLED) ## what a packet costs (root); reports, never fails
	$(Q)tests/bench/run

check: $(SKELS) ## format, lint, layers, sizes
	$(Q)tests/deps.sh check
	$(Q)tests/check/run

deps: ## installs what `make test` needs (Debian, root)
	$(Q)tests/deps.sh

# --- the house -----------------------------------------------------------------------------------

.PHONY: install uninstall vmlinux clean help
install: all ## to DESTDIR, prefix (/usr/local), BINDIR, MANDIR, DOCDIR
	$(INSTALL) -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(DOCDIR)
	$(INSTALL) -m 755 $(B)/wgfence $(DESTDIR)$(BINDIR)/wgfence
	$(INSTALL) -m 644 LICENSE $(DESTDIR)$(DOCDIR)/LICENSE
	$(foreach m,$(MANUAL),$(INSTALL) -D -m 644 $(m) $(DESTDIR)$(call page,$(m))$(newline))

uninstall:
	rm -f $(DESTDIR)$(BINDIR)/wgfence $(foreach m,$(MANUAL),$(DESTDIR)$(call page,$(m)))
	rm -rf $(DESTDIR)$(DOCDIR)

vmlinux: | $(DIRS) ## makes vmlinux/vmlinux.h anew, from BTF (the running kernel's)
	BPFTOOL=$(BPFTOOL) vmlinux/make.sh $(BTF) > $(B)/vmlinux.h
	mv $(B)/vmlinux.h vmlinux/vmlinux.h

clean:
	rm -rf $(B)

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile
	@echo '  V=1 shows the commands.'

.SECONDARY:
-include $(wildcard $(DIRS:%=%/*.d))
