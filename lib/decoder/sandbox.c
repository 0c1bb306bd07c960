#include <errno.h>
#include <malloc.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <seccomp.h>

#include "decoder/sandbox.h"

/* The sanitizers reserve terabytes, and call what we do not. */
#ifdef __SANITIZE_ADDRESS__
enum { SANITIZED = 1 };
#else
enum { SANITIZED = 0 };
#endif

/* What makes a thread of a new task. */
enum { THREAD = CLONE_VM | CLONE_SIGHAND | CLONE_THREAD };

enum { OWN_SIGNAL = 33 }; /* of glibc and of musl */

/* Bytes of address space that are in use; 0 when that is not known. */
static rlim_t
mapped(void)
{
	unsigned long pages = 0;
	FILE *f = fopen("/proc/self/statm", "re");

	if (f == NULL)
		return 0;
	if (fscanf(f, "%lu", &pages) != 1)
		pages = 0;
	fclose(f);
	return (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE);
}

/*
 * When a machine or a cgroup has no memory left, the kernel is to end this
 * process before another: that costs one image. Where it can't be asked, it
 * chooses by itself.
 */
static void
volunteer(void)
{
	FILE *f = fopen("/proc/self/oom_score_adj", "we");

	if (f == NULL)
		return;
	fputs("1000", f);
	fclose(f);
}

int
sandbox_limit(size_t memory)
{
	struct rlimit none = {0, 0}, space;
	rlim_t now = mapped();

	volunteer();
#ifdef M_ARENA_MAX
	/* Another arena would be looked for with calls that are forbidden. */
	mallopt(M_ARENA_MAX, 1);
#endif
	if (setrlimit(RLIMIT_CORE, &none) < 0 ||
	    setrlimit(RLIMIT_FSIZE, &none) < 0)
		return errno;
	if (SANITIZED)
		return 0;
	if (getrlimit(RLIMIT_AS, &space) < 0)
		return errno;
	if (now == 0)
		return ENOSYS; /* no /proc */
	if (space.rlim_cur > now + memory)
		space.rlim_cur = now + memory;
	return setrlimit(RLIMIT_AS, &space) < 0 ? errno : 0;
}

/*
 * Threads of this process, but no other process. Where the arguments of a call
 * can't be seen, it is not there; and a thread is enough for whoever would make
 * as many as there are processors, of which nothing can be known: so glibc goes
 * on, also where it tells a sanitizer about the stack of a thread.
 */
static int
allow_threads(scmp_filter_ctx ctx)
{
	static const int calls[] = {SCMP_SYS(futex), SCMP_SYS(futex_time64),
	    SCMP_SYS(madvise), SCMP_SYS(set_robust_list), SCMP_SYS(rseq),
	    SCMP_SYS(exit), SCMP_SYS(sched_yield)};
	const struct scmp_arg_cmp thread = SCMP_A0(
	    SCMP_CMP_MASKED_EQ, THREAD, THREAD);
	/* With its first thread the C library takes a signal for itself. */
	const struct scmp_arg_cmp first = {
	    .arg = 0, .op = SCMP_CMP_EQ, .datum_a = OWN_SIGNAL};
	const struct scmp_arg_cmp data = SCMP_A2(
	    SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
	int r = 0;

	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++)
		r |= seccomp_rule_add(ctx, SCMP_ACT_ALLOW, calls[i], 0);
	r |= seccomp_rule_add_array(
	    ctx, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1, &thread);
	r |= seccomp_rule_add_array(
	    ctx, SCMP_ACT_ALLOW, SCMP_SYS(rt_sigaction), 1, &first);
	r |= seccomp_rule_add_array(
	    ctx, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, &data);
	r |= seccomp_rule_add(ctx, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
	return r | seccomp_rule_add(ctx, SCMP_ACT_ERRNO(ENOSYS),
		       SCMP_SYS(sched_getaffinity), 0);
}

static int
allow(scmp_filter_ctx ctx)
{
	static const int calls[] = {SCMP_SYS(read), SCMP_SYS(pread64),
	    SCMP_SYS(write), SCMP_SYS(recvmsg), SCMP_SYS(close), SCMP_SYS(brk),
	    SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(exit_group),
	    /* What abort(3) wants, so that it is seen to be that. */
	    SCMP_SYS(writev), SCMP_SYS(rt_sigprocmask), SCMP_SYS(getpid),
	    SCMP_SYS(gettid)};
	static const int extra[] = {SCMP_SYS(madvise), SCMP_SYS(sched_yield),
	    SCMP_SYS(futex), SCMP_SYS(sigaltstack)};
	/* Memory of no file, where no code can be put. */
	const struct scmp_arg_cmp plain[] = {
	    SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0),
	    SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, MAP_ANONYMOUS),
	};
	const struct scmp_arg_cmp self = SCMP_A0(
	    SCMP_CMP_EQ, (scmp_datum_t)getpid(), 0);
	int r = 0;

	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++)
		r |= seccomp_rule_add(ctx, SCMP_ACT_ALLOW, calls[i], 0);
	for (size_t i = 0; SANITIZED && i < sizeof(extra) / sizeof(*extra); i++)
		r |= seccomp_rule_add(ctx, SCMP_ACT_ALLOW, extra[i], 0);
	/* To abort; the second is musl's, whose first thread is the process. */
	r |= seccomp_rule_add_array(
	    ctx, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, &self);
	r |= seccomp_rule_add_array(
	    ctx, SCMP_ACT_ALLOW, SCMP_SYS(tkill), 1, &self);
	/* The second is that of 32 bits, and nothing elsewhere. */
	r |= seccomp_rule_add_array(
	    ctx, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 2, plain);
	return r | seccomp_rule_add_array(
		       ctx, SCMP_ACT_ALLOW, SCMP_SYS(mmap2), 2, plain);
}

int
sandbox_enter(int threads)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_KILL_PROCESS);
	int r;

	if (ctx == NULL)
		return ENOMEM;
	r = allow(ctx) != 0 || (threads && allow_threads(ctx) != 0)
		? -EINVAL
		: seccomp_load(ctx);
	seccomp_release(ctx);
	return -r;
}
