#include "lib/check.h"
#include "seal/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* What the child tries inside: 0 when it got what it wanted, else the error number. */
static int try_open(void)
{
    return open("/dev/null", O_RDONLY) < 0 ? errno : 0;
}

static int try_socket(void)
{
    return socket(AF_INET, SOCK_STREAM, 0) < 0 ? errno : 0;
}

static int try_fork(void)
{
    return syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0) < 0 ? errno : 0;
}

static int try_exec(void)
{
    char name[] = "/bin/true";
    char *const words[] = {name, NULL};
    return execve(name, words, words) < 0 ? errno : 0;
}

static int try_kill(void)
{
    return kill(getppid(), 0) < 0 ? errno : 0;
}

static int try_dup(void)
{
    return dup(STDERR_FILENO) < 0 ? errno : 0;
}

static int try_code(void)
{
    return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? errno
                                                                                                     : 0;
}

static int try_dumpable(void)
{
    return prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) < 0 ? errno : 0;
}

static int try_memory(void)
{
    return mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? errno
                                                                                                      : 0;
}

static int try_random(void)
{
    char bytes[8];
    return getrandom(bytes, sizeof bytes, 0) < 0 ? errno : 0;
}

static int inside(int (*attempt)(void))
{
    int status = 0;
    pid_t child = fork();
    if (child == 0)
        _exit(sandbox_enter(NULL) < 0 ? 255 : attempt());
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void refuses_everything_that_reaches_out(void **state)
{
    (void)state;
    assert_int_equal(inside(try_open), EPERM);
    assert_int_equal(inside(try_socket), EPERM);
    assert_int_equal(inside(try_fork), EPERM);
    assert_int_equal(inside(try_exec), EPERM);
    assert_int_equal(inside(try_kill), EPERM);
    assert_int_equal(inside(try_dup), EPERM);
    assert_int_equal(inside(try_code), EPERM);
    assert_int_equal(inside(try_dumpable), EPERM);
}

static void allows_what_signing_needs(void **state)
{
    (void)state;
    assert_int_equal(inside(try_memory), 0);
    assert_int_equal(inside(try_random), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_everything_that_reaches_out),
        cmocka_unit_test(allows_what_signing_needs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
