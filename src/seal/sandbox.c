#include "seal/sandbox.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#if defined(__x86_64__)
#define OWN_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OWN_ARCH AUDIT_ARCH_AARCH64
#elif defined(__riscv) && __riscv_xlen == 64
#define OWN_ARCH AUDIT_ARCH_RISCV64
#elif defined(__loongarch64)
#define OWN_ARCH AUDIT_ARCH_LOONGARCH64
#else
#error "name this machine's AUDIT_ARCH for the signer's system call filter"
#endif

/* Calls that answer as usual. Those after FIRST_MEMORY must not ask for executable memory. */
static const unsigned ALLOWED[] = {
    __NR_read,
    __NR_write,
    __NR_pwrite64,
    __NR_fdatasync,
    __NR_close,
    __NR_exit,
    __NR_exit_group,
    __NR_brk,
    __NR_munmap,
    __NR_mremap,
    __NR_madvise,
    __NR_futex,
    __NR_rt_sigreturn,
    __NR_getrandom,
    __NR_getpid,
    __NR_gettid,
    __NR_clock_gettime,
    __NR_gettimeofday,
    __NR_sched_yield,
    __NR_rt_sigprocmask,
    __NR_restart_syscall,
    __NR_sigaltstack,
};
static const unsigned ALLOWED_WITHOUT_EXEC[] = {__NR_mmap, __NR_mprotect};

enum {
    COUNT = sizeof ALLOWED / sizeof ALLOWED[0],
    EXEC_COUNT = 2,
    FILTER_MAX = 8 + 2 * COUNT + 4 * EXEC_COUNT
};

static void add(struct sock_fprog *program, struct sock_filter step)
{
    program->filter[program->len++] = step;
}

/* arch = ours? else kill · number = allowed? yes · mmap, mprotect: no PROT_EXEC in the third argument? yes ·
 * everything else EPERM */
static void build(struct sock_fprog *program)
{
    const struct sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    const struct sock_filter refuse = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
    const unsigned protection = offsetof(struct seccomp_data, args) + 2 * sizeof(uint64_t);
    add(program, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)));
    add(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, OWN_ARCH, 1, 0));
    add(program, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS));
    add(program, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)));
    for (size_t i = 0; i < COUNT; i++) {
        add(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ALLOWED[i], 0, 1));
        add(program, allow);
    }
    for (size_t i = 0; i < EXEC_COUNT; i++) {
        add(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ALLOWED_WITHOUT_EXEC[i], 0, 4));
        add(program, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, protection));
        add(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 1, 0));
        add(program, allow);
        add(program, refuse);
    }
    add(program, refuse);
}

enum errc sandbox_enter(struct err *err)
{
    static const struct rlimit NONE = {0, 0};
    struct sock_filter steps[FILTER_MAX + 2 * EXEC_COUNT];
    struct sock_fprog program = {0, steps};
    build(&program);
    /* No new descriptors, no core, no debugger, no set-uid, then the filter. */
    if (setrlimit(RLIMIT_CORE, &NONE) < 0 || setrlimit(RLIMIT_NOFILE, &NONE) < 0 ||
        prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) < 0)
        return err_set(err, ERR_UNSUPPORTED, "the signer cannot give up its rights: %s", strerror(errno));
    return ERR_OK;
}
