# driftpipe. Everything made lies under build/; 'make help' lists the targets.

TOOLS = imgcls featstat pht iks nmddm chi2 promtext imgtrain imgdegrade \
	driftpipe-run
NET_TOOLS = imgcls imgtrain

PREFIX = /usr/local
BUILD = build
DARKNET = static
WITH_ONEDNN = 1
CC = gcc
CFLAGS = -O2 -g
V = 0

VERSION := $(shell cat VERSION)
REVISION := $(shell git rev-parse --short=12 HEAD 2>/dev/null || echo none)

WARN = -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -Wpointer-arith -Wwrite-strings -Wvla -Wundef
# Nobody reads errno behind a function of libm.
override CFLAGS += -std=c11 -fno-math-errno $(WARN) $(SAN)
override CPPFLAGS += -D_GNU_SOURCE -iquote lib
LDLIBS = -lyaml -lseccomp -lgsl -lgslcblas -lz -lpthread -lm
LINK = $(CC) $(CFLAGS) $(LDFLAGS) -Wl,--as-needed

# The packaged darknet drags in OpenCV; the default is our own lean archive.
ifeq ($(DARKNET),system)
DARKNET_DEP =
DARKNET_DIR = /usr/lib/darknet
NET_CPPFLAGS = -isystem $(DARKNET_DIR)/include -DNET_NOISY
NET_LIBS = -L$(DARKNET_DIR) -Wl,-rpath,$(DARKNET_DIR) -ldarknet
else
DARKNET_DIR = build/darknet
DARKNET_DEP = $(DARKNET_DIR)/libdarknet.a
NET_CPPFLAGS = -isystem $(DARKNET_DIR)/include
NET_LIBS = $(DARKNET_DEP)
endif

# Without oneDNN, darknet's layers run the network.
ifeq ($(WITH_ONEDNN),1)
override CPPFLAGS += -DWITH_ONEDNN
NET_LIBS += -ldnnl -lgomp
else
NO_SRC = $(patsubst %,lib/net%.c,arena dnnl fold layout plan run steps)
endif

LIB_SRC := $(filter-out lib/net%.c,$(wildcard lib/*.c))
NET_SRC := $(filter-out $(NO_SRC),$(wildcard lib/net*.c))
TEST_SRC := $(wildcard tests/lib/*_test.c)
FUZZ_SRC := $(wildcard tests/fuzz/*.c)
STAT_SRC := $(wildcard tests/stat/*.c)
STAT_OBJ = $(BUILD)/tests/stat/kinds.o $(BUILD)/tests/stat/cells.o
NET_TESTS = $(patsubst tests/net/%.c,$(BUILD)/tests/%,$(wildcard tests/net/*.c))
STAT = $(BUILD)/tests/achieved $(BUILD)/tests/modules
LIB = $(BUILD)/libdriftpipe.a
NET_LIB = $(BUILD)/libdriftnet.a
BIN = $(TOOLS:%=$(BUILD)/bin/%)
TESTS = $(TEST_SRC:tests/lib/%.c=$(BUILD)/tests/%)
PAGES = $(wildcard man/*.[157])
SHELLS = $(wildcard scripts/*.sh tests/*.t tests/*.sh tests/stat/*.sh) .ci/run

ifeq ($(V),0)
Q = @
say = @echo '  $(1)	$(2)';
endif

all: $(BIN) ## build the tools into build/bin

help: ## list the targets
	@sed -n 's/^\([a-z0-9]*\):.*## /\1	/p' Makefile | expand -t 12

$(BUILD)/%.o: %.c
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

# One test calls darknet itself.
NET_OBJ = $(NET_SRC:%.c=$(BUILD)/%.o) $(BUILD)/tests/net/weights.o \
	$(BUILD)/tests/lib/prep_test.o
$(NET_OBJ): CPPFLAGS += $(NET_CPPFLAGS)
$(NET_OBJ): $(BUILD)/darknet-kind | $(DARKNET_DEP)
# The two darknets have headers of their own.
$(BUILD)/tools/imgcls.o $(BUILD)/lib/classify.o: $(BUILD)/darknet-kind
$(BUILD)/darknet-kind: FORCE
	@mkdir -p $(@D)
	@echo $(DARKNET) $(WITH_ONEDNN) | cmp -s - $@ || \
	    echo $(DARKNET) $(WITH_ONEDNN) >$@
# The arithmetic of the layers, laid out for vectors.
$(BUILD)/lib/netgemm.o $(BUILD)/lib/netmath.o: override CFLAGS += \
	-O3 -ffp-contract=fast -fassociative-math -fno-signed-zeros \
	-fno-trapping-math
# Only these know the version, so that a commit does not rebuild the rest.
$(BUILD)/lib/version.o: override CPPFLAGS += \
	-DVERSION='"$(VERSION)"' -DREVISION='"$(REVISION)"' -DTOOLS='"$(TOOLS)"'
$(BUILD)/lib/version.o: $(BUILD)/version
$(BUILD)/version: FORCE
	@mkdir -p $(@D)
	@echo $(VERSION) $(REVISION) $(TOOLS) | cmp -s - $@ || \
	    echo $(VERSION) $(REVISION) $(TOOLS) >$@

$(LIB): $(LIB_SRC:%.c=$(BUILD)/%.o)
	$(call say,AR,$@)
	$(Q)rm -f $@ && ar rcs $@ $^
$(NET_LIB): $(NET_SRC:%.c=$(BUILD)/%.o)
	$(call say,AR,$@)
	$(Q)rm -f $@ && ar rcs $@ $^

NET_BIN = $(NET_TOOLS:%=$(BUILD)/bin/%) $(BUILD)/tests/net_test \
	$(BUILD)/tests/netcfg_test $(BUILD)/tests/prep_test $(NET_TESTS)
$(NET_BIN): $(NET_LIB) $(DARKNET_DEP)
$(NET_BIN): \
	override LDLIBS := $(NET_LIB) $(LIB) $(NET_LIBS) $(LDLIBS)
$(BUILD)/bin/%: $(BUILD)/tools/%.o $(LIB)
	$(call say,LD,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(LINK) -o $@ $< $(LIB) $(LDLIBS)
$(BUILD)/tests/%: $(BUILD)/tests/lib/%.o $(LIB)
	$(call say,LD,$@)
	$(Q)$(LINK) -o $@ $< $(LIB) $(LDLIBS)

$(NET_TESTS): $(BUILD)/tests/%: $(BUILD)/tests/net/%.o $(LIB)
	$(call say,LD,$@)
	$(Q)$(LINK) -o $@ $< $(LDLIBS)

$(STAT): $(BUILD)/tests/%: $(BUILD)/tests/stat/%.o $(STAT_OBJ) $(LIB)
	$(call say,LD,$@)
	$(Q)$(LINK) -o $@ $^ $(LDLIBS)

build/darknet/libdarknet.a: scripts/darknet.sh
	$(call say,DARKNET,$@)
	$(Q)scripts/darknet.sh $(@D)

demo: ## run the pipeline on real images, install what is missing
	@scripts/deps.sh build demo
	@$(MAKE) --no-print-directory -j$$(nproc) all
	@BUILD=$(BUILD) scripts/demo.sh

check: ## run the tests, install what is missing
	@scripts/deps.sh build check
	@$(MAKE) --no-print-directory -j$$(nproc) all $(TESTS) $(NET_TESTS)
	BUILD=$(abspath $(BUILD)) prove -j2 $(PROVE_FLAGS) tests/*.t $(TESTS)

e2e: ## from images to the alert and back, with the real Prometheus
	@scripts/deps.sh build check
	@$(MAKE) --no-print-directory -j$$(nproc) all
	BUILD=$(abspath $(BUILD)) prove $(PROVE_FLAGS) tests/e2e.sh

mutants: all ## 5,000 damaged files of each format through imgcls
	MUTANTS=5000 BUILD=$(abspath $(BUILD)) prove -v tests/mutants.t

sanitize: ## run the tests under AddressSanitizer and UBSan
	ASAN_OPTIONS=detect_leaks=0 SANITIZE=1 $(MAKE) check \
	    BUILD=build/sanitize \
	    SAN='-fsanitize=address,undefined -fno-sanitize-recover=all'

# For lint: everything through another compiler.
clang-objects: $(LIB) $(NET_LIB) $(TOOLS:%=$(BUILD)/tools/%.o) \
	$(TEST_SRC:%.c=$(BUILD)/%.o) $(STAT_SRC:%.c=$(BUILD)/%.o) \
	$(NET_TESTS:$(BUILD)/tests/%=$(BUILD)/tests/net/%.o) \
	$(FUZZ_SRC:%.c=$(BUILD)/%.o)

# A file in tests/fuzz is a target.
FUZZ_FLAGS = -fsanitize=address,undefined -fno-sanitize-recover=all
FUZZ_SECONDS = 5
fuzz: ## run each fuzz target for FUZZ_SECONDS, with clang
	@scripts/deps.sh build lint
	@$(MAKE) --no-print-directory -j$$(nproc) BUILD=build/fuzz CC=clang \
	    SAN='$(FUZZ_FLAGS) -fsanitize=fuzzer-no-link' fuzz-targets
	@SECONDS_EACH=$(FUZZ_SECONDS) scripts/fuzz.sh build/fuzz \
	    $(FUZZ_SRC:tests/fuzz/%.c=%)

fuzz-targets: $(FUZZ_SRC:tests/fuzz/%.c=$(BUILD)/%)
$(FUZZ_SRC:tests/fuzz/%.c=$(BUILD)/%): $(BUILD)/%: $(BUILD)/tests/fuzz/%.o $(LIB)
	$(call say,LD,$@)
	$(Q)$(LINK) -fsanitize=fuzzer -o $@ $< $(LIB) -ljansson $(LDLIBS)
# Messages that end the program end one input only.
$(BUILD)/cfg: LDFLAGS += -Wl,--wrap=exit

lint: all ## check format, module rules, pages and scripts
	@scripts/lint.sh $(BUILD)

format: ## lay the C sources out by .clang-format
	clang-format -i tools/*.c lib/*.[ch] $(wildcard tests/*/*.[ch])

STREAMS = 1000
calibration: all $(STAT) ## measure all false-alarm rates (20 minutes)
	@BUILD=$(BUILD) tests/stat/calibration.sh $(STREAMS)

engines: all $(NET_TESTS) ## compare the engines on darknet's networks
	@BUILD=$(BUILD) scripts/engines.sh

bench: all $(STAT) $(NET_TESTS) ## print speed ratios, taken side by side in one run
	@BUILD=$(BUILD) scripts/bench.sh

screenshot: ## take the pictures of the console, with Chromium
	@scripts/deps.sh build screenshot
	@$(MAKE) --no-print-directory -j$$(nproc) all
	@BUILD=$(abspath $(BUILD)) scripts/screenshot.sh

container: ## build and run the container with podman, as root
	@scripts/deps.sh build container
	@$(MAKE) --no-print-directory -j$$(nproc) all
	@BUILD=$(BUILD) scripts/container.sh

train: all ## train the shipped model again (20 minutes)
	@BUILD=$(BUILD) scripts/train.sh

install: all ## install under PREFIX (DESTDIR is honoured)
	install -d $(DESTDIR)$(PREFIX)/bin
	install -m 755 $(BIN) $(DESTDIR)$(PREFIX)/bin
	for p in $(PAGES); do s=$(DESTDIR)$(PREFIX)/share/man/man$${p##*.}; \
	    install -d $$s && install -m 644 $$p $$s || exit 1; done
	install -d $(DESTDIR)$(PREFIX)/share/driftpipe/data
	install -m 644 data/* $(DESTDIR)$(PREFIX)/share/driftpipe/data
	find configs -type f -exec install -D -m 644 {} \
	    $(DESTDIR)$(PREFIX)/share/driftpipe/{} \;

uninstall: ## remove what install put there
	rm -f $(TOOLS:%=$(DESTDIR)$(PREFIX)/bin/%)
	for p in $(PAGES); do \
	    rm -f $(DESTDIR)$(PREFIX)/share/man/man$${p##*.}/$${p##*/}; done
	rm -rf $(DESTDIR)$(PREFIX)/share/driftpipe

dist: ## make build/driftpipe-VERSION.tar.gz from the last commit
	@mkdir -p build
	git archive --format=tar.gz --prefix=driftpipe-$(VERSION)/ \
	    -o build/driftpipe-$(VERSION).tar.gz HEAD

clean: ## remove build/
	rm -rf build

# For scripts and tests.
tools:
	@echo $(TOOLS)

FORCE:
.PHONY: all tools clang-objects help demo check e2e mutants fuzz fuzz-targets \
	sanitize lint format bench engines calibration screenshot container \
	train install uninstall dist clean FORCE
.SECONDARY:

# The container's files are not ours.
-include $(shell find $(BUILD) -path '*/container' -prune -o -name '*.d' \
	-print 2>/dev/null)
