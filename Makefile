# driftpipe. Everything made lies under build/; 'make help' lists the targets.

TOOLS = imgcls featstat dedup pht iks nmddm chi2 mewma edet accest promtext \
	imgtrain imgdegrade driftpipe-run driftmix driftscore driftfdr driftreport \
	driftmerge
NET_TOOLS = imgcls imgtrain
SH_TOOLS = driftpipe-init

PREFIX = /usr/local
BUILD = build
DARKNET = static
WITH_ONEDNN = 1
# Formats of images whose libraries are opened when they are needed.
WITH_WEBP = 1
WITH_TIFF = 1
WITH_HEIF = 1
# Records over NATS JetStream: two programs, which alone link libnats.
WITH_NATS = 1
V = 0
# These, CPPFLAGS and LDFLAGS may come from the environment.
CFLAGS ?= -O2 -g
WERROR ?= 0
ifeq ($(origin CC),default)
CC = gcc
endif

VERSION := $(shell cat VERSION)
# A tarball's is in a file: a repository around it is another's.
REVISION := $(shell cat REVISION 2>/dev/null || \
	git rev-parse --short=12 HEAD 2>/dev/null || echo none)

ifeq ($(WITH_NATS),1)
BUS_TOOLS = driftpipe-sub driftpipe-pub
TOOLS += $(BUS_TOOLS)
else
WITHOUT_BUS = lib/bus/% tests/lib/bus/% man/driftpipe-sub.1 man/driftpipe-pub.1
endif

WARN = -Wall -Wextra -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -Wpointer-arith -Wwrite-strings -Wvla -Wundef \
	$(if $(filter 1,$(WERROR)),-Werror)
# A sanitizer does better what these do. The compiler is asked once, when they
# are first needed.
ifeq ($(SAN),)
HARDENING = $(eval HARDENING := $$(shell CC='$(CC)' scripts/hardening.sh))$(HARDENING)
HARDENED_LINK = -pie -Wl,-z,relro,-z,now
endif
# Ours come after the user's, except for what the user may weaken. Nobody reads
# errno behind a function of libm; the same numbers come on every machine.
OUR_CPPFLAGS = -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64 \
	-iquote lib
OUR_CFLAGS = -std=c11 -fno-math-errno -ffp-contract=off $(WARN) $(SAN)
COMPILE = $(CC) $(HARDENING) $(CPPFLAGS) $(CFLAGS) $(OUR_CPPFLAGS) $(OUR_CFLAGS)
LINK = $(CC) $(HARDENING) $(CFLAGS) $(OUR_CFLAGS) $(HARDENED_LINK) $(LDFLAGS) \
	-Wl,--as-needed
$(BUILD)/tests/%.o: OUR_CPPFLAGS += -iquote tests/support
LDLIBS = -lyaml -lseccomp -lgsl -lgslcblas -lz -ljpeg -lpthread -lm

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
OUR_CPPFLAGS += -DWITH_ONEDNN
NET_LIBS += -ldnnl -lgomp
NET_SRC = $(wildcard lib/net/onednn/*.c lib/net/onnx/*.c)
else
WITHOUT = tests/net/onnxcase.c tests/fuzz/onnx.c
endif

LIB_SRC := $(filter-out lib/net/% $(WITHOUT_BUS),$(wildcard lib/*/*.c lib/*/*/*.c))
NET_SRC += $(wildcard lib/net/*.c lib/net/train/*.c)
SUPPORT_SRC := $(filter-out %_test.c,$(wildcard tests/support/*.c))
TEST_SRC := $(filter-out $(WITHOUT_BUS),\
	$(wildcard tests/lib/*/*_test.c tests/support/*_test.c))
FUZZ_SRC := $(filter-out $(WITHOUT),$(wildcard tests/fuzz/*.c))
PROGRAM_SRC := $(filter-out $(WITHOUT),$(wildcard tests/net/*.c tests/stat/*.c))
LIB = $(BUILD)/libdriftpipe.a
NET_LIB = $(BUILD)/libdriftnet.a
SUPPORT = $(BUILD)/libsupport.a
BIN = $(TOOLS:%=$(BUILD)/bin/%) $(SH_TOOLS:%=$(BUILD)/bin/%)
TESTS = $(TEST_SRC:%.c=$(BUILD)/%)
# What tests and measurements run.
PROGRAMS = $(PROGRAM_SRC:%.c=$(BUILD)/%)
PAGES = $(filter-out $(WITHOUT_BUS),$(wildcard man/*.[157]))

ifeq ($(V),0)
Q = @
say = @echo '  $(1)	$(2)';
endif

all: $(BIN) ## build the tools into build/bin

help: ## list the targets
	@sed -n 's/^\([a-z0-9-]*\):.*## /\1	/p' Makefile | expand -t 15

# Other flags are other objects; a cache makes the same ones.
FLAGS = $(filter-out ccache,$(CC)) $(HARDENING) $(CPPFLAGS) $(CFLAGS) $(SAN)
$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(FLAGS)' | cmp -s - $@ || echo '$(FLAGS)' >$@

$(BUILD)/%.o: %.c $(BUILD)/flags
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(COMPILE) -MMD -MP -c -o $@ $<

# Two of the tests call darknet themselves.
NET_OBJ = $(NET_SRC:%.c=$(BUILD)/%.o) $(BUILD)/tests/net/weights.o \
	$(BUILD)/tests/lib/image/prep_test.o
$(NET_OBJ): OUR_CPPFLAGS += $(NET_CPPFLAGS)
$(NET_OBJ): $(BUILD)/darknet-kind | $(DARKNET_DEP)
# The two darknets have headers of their own.
$(BUILD)/tools/imgcls.o $(BUILD)/lib/classify/classify.o: $(BUILD)/darknet-kind
$(BUILD)/darknet-kind: FORCE
	@mkdir -p $(@D)
	@echo $(DARKNET) $(WITH_ONEDNN) | cmp -s - $@ || \
	    echo $(DARKNET) $(WITH_ONEDNN) >$@
FORMATS = -DWITH_WEBP=$(WITH_WEBP) -DWITH_TIFF=$(WITH_TIFF) \
	-DWITH_HEIF=$(WITH_HEIF)
$(BUILD)/lib/image/library.o: OUR_CPPFLAGS += $(FORMATS)
$(BUILD)/lib/image/library.o: $(BUILD)/formats
$(BUILD)/formats: FORCE
	@mkdir -p $(@D)
	@echo '$(FORMATS)' | cmp -s - $@ || echo '$(FORMATS)' >$@
# Whatever a foreign decoder forgets to set is 0. clang 14 and 15 want to be
# asked twice, and later ones warn of that.
ZEROED := -ftrivial-auto-var-init=zero
ifneq ($(findstring clang,$(CC)),)
ZEROED += $(shell $(CC) -Werror $(ZEROED) -x c -fsyntax-only /dev/null \
	2>/dev/null || \
	echo -enable-trivial-auto-var-init-zero-knowing-it-will-be-removed-from-clang)
endif
$(BUILD)/lib/image/stbimage.o $(BUILD)/lib/image/prep.o: OUR_CFLAGS += \
	$(ZEROED)
# The arithmetic of the layers, laid out for vectors.
$(BUILD)/lib/net/netgemm.o $(BUILD)/lib/net/netmath.o: OUR_CFLAGS += \
	-O3 -ffp-contract=fast -fassociative-math -fno-signed-zeros \
	-fno-trapping-math
# What is the same for many numbers at once.
$(BUILD)/lib/stats/whiten.o $(BUILD)/lib/detect/mewma.o \
$(BUILD)/lib/detect/mewma_fit.o $(BUILD)/lib/detect/mewma_null.o \
$(BUILD)/lib/detect/iks_sorted.o $(BUILD)/lib/image/pixels.o \
$(BUILD)/lib/image/triangle.o: \
    OUR_CFLAGS += -O3
# stb's reader of PSD makes a colour of any number that a wrong alpha gives.
$(BUILD)/lib/image/stbimage.o: OUR_CFLAGS += -fno-sanitize=float-cast-overflow
# stb's writer of JPEG lets bits fall off the end of an int.
$(BUILD)/lib/image/image.o: OUR_CFLAGS += -fno-sanitize=shift
# Only these know the version, so that a commit does not rebuild the rest.
$(BUILD)/lib/tool/version.o: OUR_CPPFLAGS += \
	-DVERSION='"$(VERSION)"' -DREVISION='"$(REVISION)"' -DTOOLS='"$(TOOLS)"'
$(BUILD)/lib/tool/version.o: $(BUILD)/version
$(BUILD)/version: FORCE
	@mkdir -p $(@D)
	@echo $(VERSION) $(REVISION) $(TOOLS) | cmp -s - $@ || \
	    echo $(VERSION) $(REVISION) $(TOOLS) >$@

$(LIB): $(LIB_SRC:%.c=$(BUILD)/%.o)
$(NET_LIB): $(NET_SRC:%.c=$(BUILD)/%.o)
$(SUPPORT): $(SUPPORT_SRC:%.c=$(BUILD)/%.o)
$(LIB) $(NET_LIB) $(SUPPORT):
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

NET_BIN = $(NET_TOOLS:%=$(BUILD)/bin/%) $(BUILD)/tests/lib/image/prep_test \
	$(filter $(BUILD)/tests/lib/net/% $(BUILD)/tests/net/%,\
	$(TESTS) $(PROGRAMS))
$(NET_BIN): $(NET_LIB) $(DARKNET_DEP)
$(NET_BIN): \
	override LDLIBS := $(NET_LIB) $(LIB) $(NET_LIBS) $(LDLIBS)
$(BUS_TOOLS:%=$(BUILD)/bin/%): override LDLIBS += -lnats
$(BUILD)/bin/%: $(BUILD)/tools/%.o $(LIB)
	$(call say,LD,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(LINK) -o $@ $< $(LIB) $(LDLIBS)
$(SH_TOOLS:%=$(BUILD)/bin/%): $(BUILD)/bin/%: tools/%.sh $(BUILD)/version
	$(Q)mkdir -p $(@D)
	$(Q)sed 's/@VERSION@/$(VERSION) ($(REVISION))/' $< >$@.new
	$(Q)chmod 755 $@.new && mv $@.new $@
$(BUILD)/tests/%: $(BUILD)/tests/%.o $(SUPPORT) $(LIB)
	$(call say,LD,$@)
	$(Q)$(LINK) -o $@ $< $(SUPPORT) $(LIB) $(LDLIBS)

$(sort build/darknet/libdarknet.a $(DARKNET_DEP)): scripts/darknet.sh
	$(call say,DARKNET,$@)
	$(Q)scripts/darknet.sh $(@D)

demo: ## run the pipeline on real images, install what is missing
	@scripts/deps.sh build demo
	@$(MAKE) --no-print-directory -j$$(nproc) all
	@BUILD=$(BUILD) scripts/demo.sh

# Many wait for what they started, for a clock or a file: two to a processor.
PROVE_JOBS = -j$$((2 * $$(nproc)))
# Those that take longest come first, so that none is waited for at the end.
SLOW = docs deploy state benchmark imgstate fuzz run follow calibration
TOOL_TESTS = $(SLOW:%=tests/%.t) \
	$(filter-out $(SLOW:%=tests/%.t),$(sort $(wildcard tests/*.t)))
check: ## run the tests, install what is missing
	@scripts/deps.sh build check
	@$(MAKE) --no-print-directory -j$$(nproc) all programs
	BUILD=$(abspath $(BUILD)) prove $(PROVE_JOBS) $(PROVE_FLAGS) $(TOOL_TESTS) $(TESTS)

unit: $(TESTS) ## run the unit tests alone; nothing is installed
	prove $(PROVE_JOBS) $(PROVE_FLAGS) $(TESTS)

programs: $(TESTS) $(PROGRAMS) # of the tests

e2e: ## from images to the alert and back, with the real Prometheus
	@scripts/deps.sh build check
	@$(MAKE) --no-print-directory -j$$(nproc) all
	BUILD=$(abspath $(BUILD)) prove $(PROVE_FLAGS) tests/e2e.sh

booted: ## an operator with the page alone, in a booted container, as root
	@scripts/deps.sh build check booted
	@$(MAKE) --no-print-directory -j$$(nproc) all
	BUILD=$(abspath $(BUILD)) prove -v tests/booted.sh

photographs: ## a ResNet-18 and photographs, from PyTorch to the report
	@scripts/deps.sh build check torch photographs
	@$(MAKE) --no-print-directory -j$$(nproc) all
	BUILD=$(abspath $(BUILD)) prove -v tests/photographs.sh

fleet-history: ## a month of records on a real Slurm, as root
	@scripts/deps.sh build fleet
	@$(MAKE) --no-print-directory -j$$(nproc) all
	BUILD=$(abspath $(BUILD)) prove -v tests/slurm.sh

fleet-live: ## a thousand cameras on a real nats-server, all of it killed at times
	@scripts/deps.sh build fleet
	@$(MAKE) --no-print-directory -j$$(nproc) all
	BUILD=$(abspath $(BUILD)) prove -v tests/fleet.sh

.PHONY: fleet-places
fleet-places: ## fifty cameras on four boxes, by the page, each machine booted, as root
	@scripts/deps.sh build check booted
	@$(MAKE) --no-print-directory -j$$(nproc) all
	BUILD=$(abspath $(BUILD)) prove -v tests/fleet-places.sh

storm: all ## 500 bad moments of a log through driftpipe-run
	STORM=500 BUILD=$(abspath $(BUILD)) prove -v tests/storm.t

mutants: all ## 5,000 damaged files of each format through imgcls
	MUTANTS=5000 VALGRIND=500 BUILD=$(abspath $(BUILD)) prove -v tests/mutants.t

# Tests of pages, configurations, packages and statistics: they run no code that
# the others do not.
NO_SANITIZE = alertmanager alerts benchmark calibration completion console \
	deploy docs fuzz grafana hardening history lint package power
SANITIZE_TESTS = $(filter-out $(NO_SANITIZE:%=tests/%.t),$(TOOL_TESTS))
# With QUICK=1, as in CI, the unit tests of every room, and the tests of programs
# that are short: no simulation of limits, no killing for minutes.
ifeq ($(QUICK),1)
SANITIZE_TESTS = $(patsubst %,tests/%.t,accest act chi2 config context \
	driftscore featstat formats hostile inputs journal merge messages mjpeg \
	onnx promcheck promtext summary unpack)
endif
sanitize: ## run the tests under AddressSanitizer and UBSan (QUICK=1: a part)
	ASAN_OPTIONS=detect_leaks=0 SANITIZE=1 $(MAKE) check \
	    BUILD=build/sanitize \
	    TOOL_TESTS='$(SANITIZE_TESTS)' \
	    SAN='-fsanitize=address,undefined -fno-sanitize-recover=all'

# For lint: everything through another compiler.
clang-objects: $(LIB) $(NET_LIB) $(SUPPORT) $(TOOLS:%=$(BUILD)/tools/%.o) \
	$(TESTS:=.o) $(PROGRAMS:=.o) $(FUZZ_SRC:%.c=$(BUILD)/%.o)

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
	$(Q)$(LINK) -fsanitize=fuzzer -o $@ $< $(filter %net.a,$^) $(LIB) -ljansson $(LDLIBS)
# Messages that end the program end one input only.
$(addprefix $(BUILD)/,cfg generation group labels net onnx): \
	override LDFLAGS += -Wl,--wrap=exit
$(BUILD)/net $(BUILD)/onnx: $(NET_LIB)
$(BUILD)/onnx: override LDLIBS += -ldnnl -lgomp

lint: all ## check format, module rules, pages and scripts
	@scripts/lint.sh $(BUILD)

format: ## lay the C sources out by .clang-format
	clang-format -i $$(find tools lib tests -name '*.[ch]')

STREAMS = 1000
calibration: all $(PROGRAMS) ## measure all false-alarm rates (20 minutes)
	@BUILD=$(BUILD) tests/stat/calibration.sh $(STREAMS)

engines: all $(PROGRAMS) ## compare the engines on darknet's networks
	@BUILD=$(BUILD) scripts/engines.sh

bench: all $(PROGRAMS) ## print speed ratios, taken side by side in one run
	@BUILD=$(BUILD) scripts/bench.sh

benchmark: ## compare detectors on real images (20 minutes; FAST=1: 3)
	@scripts/deps.sh build benchmark
	@$(MAKE) --no-print-directory -j$$(nproc) all
	@BUILD=$(BUILD) scripts/benchmark.sh

screenshot: ## take the pictures of the console, with Chromium
	@scripts/deps.sh build screenshot
	@$(MAKE) --no-print-directory -j$$(nproc) all
	@BUILD=$(abspath $(BUILD)) scripts/screenshot.sh

container: ## build and run the container with podman, as root
compose: ## run the compose file, until Prometheus knows of drift, as root
container compose:
	@scripts/deps.sh build container
	@$(MAKE) --no-print-directory -j$$(nproc) all
	@BUILD=$(BUILD) scripts/container.sh $(@:container=run)

ARCH = arm64
cross: all ## build and test for ARCH: arm64, armhf, musl, a compiler (QUICK=1: a part)
	@scripts/deps.sh build cross
	@scripts/cross.sh $(ARCH) $(BUILD)

train: all ## train the shipped model again (20 minutes)
	@BUILD=$(BUILD) scripts/train.sh

# Pages and configurations name the default.
TO_PREFIX = s,/usr/local,$(PREFIX),g
SHARE = $(DESTDIR)$(PREFIX)/share
# What completes the tools' command lines, where each shell looks for it.
COMPLETIONS = $(SHARE)/zsh/site-functions/_driftpipe \
	$(foreach t,$(TOOLS) $(SH_TOOLS),$(SHARE)/bash-completion/completions/$t) \
	$(foreach t,$(TOOLS) $(SH_TOOLS),$(SHARE)/fish/vendor_completions.d/$t.fish)
install: all ## install under PREFIX (DESTDIR is honoured)
	install -d $(DESTDIR)$(PREFIX)/bin
	install -m 755 $(BIN) $(DESTDIR)$(PREFIX)/bin
	for p in $(PAGES); do s=$(SHARE)/man/man$${p##*.}; \
	    install -d $$s && sed '$(TO_PREFIX)' $$p >$$s/$${p##*/} && \
	    chmod 644 $$s/$${p##*/} || exit 1; done
	install -d $(SHARE)/driftpipe/data
	install -m 644 data/* $(SHARE)/driftpipe/data
	find configs -type f ! -path 'configs/docker/*' \
	    -exec install -D -m 644 {} $(SHARE)/driftpipe/{} \;
	find $(SHARE)/driftpipe/configs -type f \
	    ! -name '*.png' -exec sed -i '$(TO_PREFIX)' {} +
	find $(SHARE)/driftpipe/configs -type f -exec grep -q '^#!/' {} \; \
	    -exec chmod 755 {} +
	from=$(SHARE)/driftpipe/configs/completion; for to in $(COMPLETIONS); do \
	    case $$to in *.fish) f=driftpipe.fish ;; */_*) f=_driftpipe ;; \
	    *) f=driftpipe.bash ;; esac; \
	    install -D -m 644 $$from/$$f $$to || exit 1; done

uninstall: ## remove what install put there
	rm -f $(TOOLS:%=$(DESTDIR)$(PREFIX)/bin/%)
	rm -f $(SH_TOOLS:%=$(DESTDIR)$(PREFIX)/bin/%)
	for p in $(PAGES); do \
	    rm -f $(SHARE)/man/man$${p##*.}/$${p##*/}; done
	rm -f $(COMPLETIONS)
	rm -rf $(SHARE)/driftpipe

dist: build/darknet/libdarknet.a ## make build/driftpipe-VERSION.tar.gz
	@scripts/dist.sh build

sbom: all ## make build/driftpipe.spdx.json: parts and licences of the build
	@scripts/sbom.sh $(BUILD) >$(BUILD)/driftpipe.spdx.json

deb: dist ## make Debian's packages in build/deb
	@scripts/deps.sh build deb
	@scripts/deb.sh build/deb

clean: ## remove build/
	rm -rf build

# For scripts and tests.
tools sh-tools:
	@echo $(if $(filter sh-%,$@),$(SH_TOOLS),$(TOOLS))

FORCE:
.PHONY: all tools sh-tools programs unit deb sbom cross clang-objects help demo check e2e booted fleet-history fleet-live \
	mutants photographs fuzz fuzz-targets sanitize lint format bench benchmark engines calibration screenshot container compose \
	train install uninstall dist clean FORCE
.SECONDARY:

# What is under the other directories of build/ is not ours.
-include $(shell find $(BUILD)/lib $(BUILD)/tools $(BUILD)/tests -name '*.d' \
	2>/dev/null)
