#include "main/serve.h"

#include "lib/check.h"
#include "main/node.h"
#include "unit/main/node_fixture.h"

#include <dirent.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATIENCE_S = 60 };

/* A node in a process of its own that says READY over the socket of a service manager. */
struct running {
    struct node_fixture node;
    int manager;
    pid_t pid;
};

static void begin(struct running *r)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct timeval patience = {PATIENCE_S, 0};
    char got[64] = "";
    node_fixture_begin(&r->node, true);
    (void)snprintf(address.sun_path, sizeof address.sun_path, "%.90s/s", r->node.folder);
    r->manager = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(r->manager, (const struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(setsockopt(r->manager, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience), 0);
    r->pid = fork();
    if (r->pid == 0) {
        struct serve_options options = {
            .config = &r->node.config, .config_path = "/nowhere", .env = &ENV_REAL, .log = stderr};
        struct err err;
        (void)setenv("NOTIFY_SOCKET", address.sun_path, 1);
        _exit(serve_run(&options, &err) < 0 ? 1 : 0);
    }
    assert_int_equal(recv(r->manager, got, sizeof got - 1, 0), 7);
    assert_string_equal(got, "READY=1");
}

static int end(struct running *r)
{
    int status = 0;
    assert_int_equal(waitpid(r->pid, &status, 0), r->pid);
    (void)close(r->manager);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* The process that this one forked: its signer. */
static pid_t child_of(pid_t parent)
{
    DIR *proc = opendir("/proc");
    pid_t found = 0;
    assert_non_null(proc);
    for (struct dirent *entry; !found && (entry = readdir(proc)) != NULL;) {
        char path[300];
        char stat[512] = "";
        (void)snprintf(path, sizeof path, "/proc/%s/stat", entry->d_name);
        FILE *file = fopen(path, "re");
        if (file) {
            stat[fread(stat, 1, sizeof stat - 1, file)] = '\0';
            (void)fclose(file);
        }
        const char *tail = strrchr(stat, ')');
        if (tail && strlen(tail) > 4 && strtol(tail + 4, NULL, 10) == parent)
            found = (pid_t)strtol(entry->d_name, NULL, 10);
    }
    (void)closedir(proc);
    return found;
}

static void it_ends_in_order_when_told(void **state)
{
    struct running r;
    struct node node;
    struct err err;
    (void)state;
    begin(&r);
    assert_int_equal(kill(r.pid, SIGHUP), 0);
    assert_int_equal(kill(r.pid, SIGTERM), 0);
    assert_int_equal(end(&r), 0);
    assert_ok(node_open(&r.node.config, &ENV_REAL, &r.node.arena, &node, &err), &err);
    node_close(&node);
    node_fixture_end(&r.node);
}

static void without_its_signer_it_ends_with_an_error(void **state)
{
    struct running r;
    (void)state;
    begin(&r);
    pid_t signer = child_of(r.pid);
    assert_true(signer > 0);
    assert_int_equal(kill(signer, SIGKILL), 0);
    assert_int_equal(end(&r), 1);
    node_fixture_end(&r.node);
}

static void killed_at_any_moment_it_opens_again(void **state)
{
    struct running r;
    struct node node;
    struct err err;
    (void)state;
    begin(&r);
    assert_int_equal(kill(r.pid, SIGKILL), 0);
    assert_int_equal(end(&r), -1);
    assert_ok(node_open(&r.node.config, &ENV_REAL, &r.node.arena, &node, &err), &err);
    node_close(&node);
    node_fixture_end(&r.node);
}

static void an_address_in_use_is_said(void **state)
{
    struct node_fixture f;
    struct err err;
    (void)state;
    node_fixture_begin(&f, true);
    f.config.api_listen = "192.0.2.1:1"; /* nobody's: cannot be bound */
    struct serve_options options = {.config = &f.config, .config_path = "x", .env = &ENV_REAL, .log = stderr};
    assert_code(serve_run(&options, &err), ERR_IO);
    assert_non_null(strstr(err.message, "192.0.2.1"));
    node_fixture_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_ends_in_order_when_told),
        cmocka_unit_test(without_its_signer_it_ends_with_an_error),
        cmocka_unit_test(killed_at_any_moment_it_opens_again),
        cmocka_unit_test(an_address_in_use_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
