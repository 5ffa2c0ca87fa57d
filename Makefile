# SPDX-License-Identifier: GPL-2.0-only
#
# Builds, tests and installs wgfence. Everything that is made goes to build/; `make help`.

VERSION ?= 0.1.0

CC	   ?= cc
CLANG	   ?= clang
BPFTOOL	   ?= $(firstword $(wildcard /usr/sbin/bpftool /sbin/bpftool) bpftool)
PKG_CONFIG ?= pkg-config
INSTALL	   ?= install
CFLAGS	   ?= -O2 -g
WERROR	   ?= -Werror
prefix ?= /usr/local
BINDIR ?= $(prefix)/bin
MANDIR ?= $(prefix)/share/man
DOCDIR ?= $(prefix)/share/doc/wgfence
DATADIR ?= $(prefix)/share/wgfence
UNITDIR ?= $(prefix)/lib/systemd/system
BASHDIR ?= $(prefix)/share/bash-completion/completions
ZSHDIR ?= $(prefix)/share/zsh/site-functions
FISHDIR ?= $(prefix)/share/fish/vendor_completions.d
BTF	     ?= /sys/kernel/btf/vmlinux
FUZZ_SECONDS ?= 60

B := build

.DELETE_ON_ERROR:
.SUFFIXES:
.SECONDARY:
.PHONY: all test test-programs test-vm unit bpf-test net-test systemd-test mutate prove prove-mutants fuzz load bench demo demo-programs check deps
.PHONY: install uninstall vmlinux clean help
MAKEFLAGS += --no-builtin-rules

ifeq ($(V),1)
say =
else
say = @printf '  %-6s%s\n' $(1) $(@:$(B)/%=%)
Q := @
endif

# Asked once, and only by what compiles or links: `make deps` runs before pkg-config is there.
PKGS	  := libbpf libelf zlib libmnl libsystemd ncursesw
PKG_FLAGS  = $(eval PKG_FLAGS := $$(shell $(PKG_CONFIG) --cflags $(PKGS)))$(PKG_FLAGS)
PKG_LIBS   = $(eval PKG_LIBS := $$(shell $(PKG_CONFIG) --libs $(PKGS)))$(PKG_LIBS)

COMMON	 := -Wall -Wextra $(WERROR) -ffile-prefix-map=$(CURDIR)=. -Iinclude -MMD -MP
# -mcpu=v3 (Linux 5.1): 32-bit jumps, and so fewer instructions and less to verify.
BPF	 := $(COMMON) -target bpf -mcpu=v3 -O2 -g -Ivmlinux -Ibpf
HOST	  = $(COMMON) -std=gnu11 -D_GNU_SOURCE -DWGF_VERSION='"$(VERSION)"' -Wshadow -Isrc -I$(B) \
	    $(PKG_FLAGS)
HARDENED  = -fPIE -fstack-protector-strong -fstack-clash-protection -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 \
	    $(BRANCHES)
# Jumps and returns that the processor checks, where it has that.
MACHINE	  = $(eval MACHINE := $$(shell $(CC) -dumpmachine))$(MACHINE)
BRANCHES  = $(if $(filter x86_64-%,$(MACHINE)),-fcf-protection,$(if $(filter aarch64-%,$(MACHINE)),-mbranch-protection=standard))
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer

VERBS := $(wildcard src/main.c src/cmd_*.c)
CORE  := $(filter-out $(VERBS),$(wildcard src/*.c))
SKELS := $(patsubst bpf/%.bpf.c,$(B)/%.skel.h,$(wildcard bpf/*.bpf.c))
DIRS  := $(addprefix $(B)/,man src asan fuzz $(addprefix test/,unit asan fuzz bpf net vm bench attack))
UNITS  := $(patsubst packaging/systemd/%.in,%,$(wildcard packaging/systemd/*.in))
DATA   := packaging/prometheus/wgfence.rules.yml packaging/grafana/wgfence.json
MANUAL := $(wildcard man/*.[1-8]) $(B)/man/wgfence-reasons.7

all: $(B)/wgfence ## the program, build/wgfence

$(B)/wgfence: $(VERBS:src/%.c=$(B)/src/%.o) $(B)/src/core.a
	$(link)

$(DIRS):
	$(Q)mkdir -p $@

# --- the programs in the kernel ------------------------------------------------------------------

define bpf
$(call say,BPF)
$(Q)$(CLANG) $(BPF) -c -o $@ $<
endef

$(B)/%.bpf.o: bpf/%.bpf.c Makefile | $(DIRS)
	$(bpf)
$(B)/test/%.bpf.o: tests/%.bpf.c Makefile | $(DIRS)
	$(bpf)

# `gen object` leaves DWARF out and BTF in: the skeleton becomes part of the program.
%.skel.h: %.bpf.o
	$(call say,SKEL)
	$(Q)$(BPFTOOL) gen object $*.bpf.linked.o $<
	$(Q){ echo "// NOLINTBEGIN: generated" && \
		$(BPFTOOL) gen skeleton $*.bpf.linked.o name $(notdir $*)_bpf && \
		echo "// NOLINTEND"; } >$@

# --- src/, three times: hardened; with sanitizers; with those and for libFuzzer ------------------

MODE	= $(HARDENED)
MODE_LD	= -pie -Wl,-z,relro,-z,now,-z,noexecstack,--as-needed
$(B)/asan/% $(B)/test/asan/%: MODE = $(SANITIZE)
$(B)/asan/% $(B)/test/asan/%: MODE_LD = $(SANITIZE)
$(B)/fuzz/% $(B)/test/fuzz/%: CC = $(CLANG)
$(B)/fuzz/% $(B)/test/fuzz/%: MODE = $(SANITIZE) -fsanitize=fuzzer-no-link
$(B)/fuzz/% $(B)/test/fuzz/%: MODE_LD = $(SANITIZE) -fsanitize=fuzzer

define compile
$(call say,CC)
$(Q)$(CC) $(HOST) $(CFLAGS) $(CPPFLAGS) $(MODE) $(EXTRA) -c -o $@ $<
endef

define link
$(call say,LINK)
$(Q)$(CC) $(CFLAGS) $(MODE_LD) $(LDFLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^) $(PKG_LIBS) $(EXTRA_LIBS)
endef

define variant
$(B)/$(1)/core.a: $(CORE:src/%.c=$(B)/$(1)/%.o)
$(B)/$(1)/%.o: src/%.c Makefile | $(DIRS) $(SKELS)
	$$(compile)
endef
$(foreach v,src asan fuzz,$(eval $(call variant,$(v))))

%/core.a:
	$(call say,AR)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

# --- tests ---------------------------------------------------------------------------------------

names	   = $(patsubst tests/$(1)/%.c,$(B)/test/$(2)/%,$(wildcard tests/$(1)/$(3).c))
UNIT	  := $(call names,unit,unit,test_*) $(call names,unit,asan,test_*)
FUZZ	  := $(call names,fuzz,fuzz,fuzz_*)
KERNEL	  := $(call names,bpf,bpf,test_*)
NET	  := $(call names,net,net,*)
VM	  := $(patsubst %.bpf,%.bpf.o,$(call names,vm,vm,*))
ATTACK	  := $(B)/test/attack/attack
INSTALLED := $(B)/root/usr/bin/wgfence
NEXT	  := $(B)/next/build/wgfence

TEST_SKELS := $(patsubst tests/%.bpf.c,$(B)/test/%.skel.h,$(wildcard tests/*/*.bpf.c))
TEST_NEEDS := Makefile | $(DIRS) $(SKELS) $(TEST_SKELS)

$(B)/test/%: EXTRA = -Ibpf -I$(@D)
$(B)/test/%: EXTRA_LIBS = -lcmocka -lm

$(B)/test/asan/%.o: tests/unit/%.c $(TEST_NEEDS)
	$(compile)
$(B)/test/%.o: tests/%.c $(TEST_NEEDS)
	$(compile)

# What several BPF tests share lies beside them, in files that are not called test_*.
$(KERNEL): $(filter-out $(KERNEL:%=%.o) %.bpf.o,$(addsuffix .o,$(call names,bpf,bpf,*)))
$(B)/test/bench/bench: $(filter-out %.bpf.o,$(addsuffix .o,$(call names,bench,bench,*)))

$(B)/test/%.so: tests/%.so.c Makefile | $(DIRS)
	$(call say,CC)
	$(Q)$(CC) $(COMMON) -std=gnu11 -D_GNU_SOURCE $(CFLAGS) -fPIC -shared -o $@ $<

$(ATTACK): $(addsuffix .o,$(call names,attack,attack,*))

$(B)/test/asan/%: $(B)/test/asan/%.o $(B)/asan/core.a
	$(link)
$(B)/test/fuzz/%: $(B)/test/fuzz/%.o $(B)/fuzz/core.a
	$(link)
$(B)/test/%: $(B)/test/%.o $(B)/src/core.a
	$(link)

$(INSTALLED): $(B)/wgfence $(wildcard packaging/*/*)
	$(Q)$(MAKE) --no-print-directory V=1 install DESTDIR=$(B)/root prefix=/usr >/dev/null

$(NEXT): tests/lib/next Makefile $(wildcard bpf/* include/* src/*)
	$(call say,NEXT)
	$(Q)tests/lib/next $(B)/next

test: ## every test (as root: installs what it needs first)
	$(Q)tests/deps.sh
	$(Q)$(MAKE) --no-print-directory -j$$(nproc) test-programs
	$(Q)tests/run

test-programs: $(UNIT) $(FUZZ) $(KERNEL) $(NET) $(ATTACK) $(VM) $(INSTALLED) $(NEXT)

unit: $(UNIT) ## the unit tests, hardened and with sanitizers
	$(Q)tests/run unit asan

bpf-test: $(KERNEL) ## the programs in the kernel, on packets (root)
	$(Q)tests/run bpf

net-test: $(NET) $(ATTACK) $(INSTALLED) $(NEXT) ## the installed program, in namespaces (root)
	$(Q)tests/run net

systemd-test: $(NET) $(ATTACK) $(INSTALLED) $(NEXT) ## the installed unit, with systemd in a namespace (root)
	$(Q)tests/run systemd

test-vm: ## the installed program on kernels from 5.10 to the newest, in virtual machines
	$(Q)tests/deps.sh vm
	$(Q)$(MAKE) --no-print-directory -j$$(nproc) $(VM) $(KERNEL) $(NET) $(ATTACK) $(INSTALLED) $(NEXT)
	$(Q)tests/vm/run

mutate: all ## breaks the verdict on purpose; the tests must notice
	$(Q)tests/run mutate

prove: ## the decision, asked of a model checker, which is fetched, not installed
	$(Q)tests/prove/run

prove-mutants: ## breaks what is proved; the proofs must be refuted (an hour)
	$(Q)tests/prove/mutate.sh

fuzz: $(FUZZ) ## fuzzes, FUZZ_SECONDS (60) for each fuzzer
	$(Q)tests/fuzz/run $(FUZZ_SECONDS)

load: $(NET) $(INSTALLED) ## ten thousand connections, and drops by all processors for LOAD_SECONDS (120) a storm (root)
	$(Q)LOAD_SECONDS=$${LOAD_SECONDS:-120} CONNECTIONS=$${CONNECTIONS:-10000} tests/run net/92

bench: $(B)/test/bench/bench $(INSTALLED) ## what a packet costs, how fast the policy follows (root); never fails
	$(Q)tests/bench/run

demo: ## a real client loses its tunnel (root): installs what it needs, leaves nothing behind
	$(Q)tests/deps.sh demo
	$(Q)$(MAKE) --no-print-directory -j$$(nproc) demo-programs
	$(Q)WGFENCE=$(CURDIR)/$(INSTALLED) demo/demo.sh

demo-programs: $(B)/test/net/sniff $(INSTALLED)

check: $(SKELS) $(TEST_SKELS) $(MANUAL) ## format, lint, layers, sizes
	$(Q)tests/deps.sh check
	$(Q)tests/check/run

deps: ## installs what `make test` needs (Debian, root)
	$(Q)tests/deps.sh

# --- the house -----------------------------------------------------------------------------------

# The list of reasons is the programs' own.
$(B)/man/%: man/%.in man/reasons.awk include/reasons.h | $(DIRS)
	$(call say,MAN,$@)
	$(Q)awk -f man/reasons.awk include/reasons.h $< > $@

# A unit names the program by its path.
define install_unit
sed 's,@BINDIR@,$(BINDIR),g' packaging/systemd/$(1).in >$(B)/$(1); \
	$(INSTALL) -D -m 644 $(B)/$(1) $(DESTDIR)$(UNITDIR)/$(1);
endef

# Where a shell looks, under the name that it looks for.
COMPLETION = wgfence.bash:$(BASHDIR)/wgfence _wgfence:$(ZSHDIR)/_wgfence wgfence.fish:$(FISHDIR)/wgfence.fish
place	= $(DESTDIR)$(lastword $(subst :, ,$(1)))

page	= $(MANDIR)/man$(subst .,,$(suffix $(1)))/$(notdir $(1))

install: all $(MANUAL) ## to DESTDIR, prefix (/usr/local), BINDIR, MANDIR, DOCDIR, DATADIR, UNITDIR ...
	$(INSTALL) -D -m 755 $(B)/wgfence $(DESTDIR)$(BINDIR)/wgfence
	$(INSTALL) -D -m 644 LICENSE $(DESTDIR)$(DOCDIR)/LICENSE
	set -e; $(foreach m,$(MANUAL),$(INSTALL) -D -m 644 $(m) $(DESTDIR)$(call page,$(m));)
	$(INSTALL) -D -m 644 -t $(DESTDIR)$(DATADIR) $(DATA)
	set -e; $(foreach u,$(UNITS),$(call install_unit,$(u)))
	set -e; $(foreach c,$(COMPLETION),$(INSTALL) -D -m 644 packaging/completion/$(firstword $(subst :, ,$(c))) $(call place,$(c));)

uninstall:
	rm -f $(DESTDIR)$(BINDIR)/wgfence $(foreach m,$(MANUAL),$(DESTDIR)$(call page,$(m))) \
		$(UNITS:%=$(DESTDIR)$(UNITDIR)/%) $(foreach c,$(COMPLETION),$(call place,$(c)))
	rm -rf $(DESTDIR)$(DOCDIR) $(DESTDIR)$(DATADIR)

vmlinux: | $(DIRS) ## makes vmlinux/vmlinux.h anew, from BTF (the running kernel's)
	$(Q)BPFTOOL=$(BPFTOOL) vmlinux/make.sh $(BTF) >$(B)/vmlinux.h
	$(Q)mv $(B)/vmlinux.h vmlinux/vmlinux.h

clean:
	rm -rf $(B)

help: ## this list; V=1 shows the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

-include $(wildcard $(DIRS:%=%/*.d) $(B)/*.d)
