#include "main/demo_process.h"

#include "main/file.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CONFIG_BYTES_MAX = 16 << 10, LOOK_MS = 5, LOOKS_MAX = 30 * 1000 / LOOK_MS };

/* ---- configuration ---- */

static bool is_free(uint16_t port)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int on = 1;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool is = fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
              bind(fd, (const struct sockaddr *)&address, sizeof address) == 0;
    if (fd >= 0)
        (void)close(fd);
    return is;
}

/* The link's address is on the card that enrolment hands round, so it is chosen before the node starts; and
 * below the range from which the kernel gives ports to callers, so that it is still free after a restart. */
static enum errc free_port(uint16_t *next, uint16_t *out, struct err *err)
{
    for (int tries = 0; tries < DEMO_PORT_END - DEMO_PORT_FIRST; tries++) {
        uint16_t port = *next;
        *next = (uint16_t)(port + 1 < DEMO_PORT_END ? port + 1 : DEMO_PORT_FIRST);
        if (is_free(port)) {
            *out = port;
            return ERR_OK;
        }
    }
    return err_set(err, ERR_IO, "no port from %d to %d is free", DEMO_PORT_FIRST, DEMO_PORT_END - 1);
}

/* JSON is YAML. */
static enum errc write_config(struct demo_process *process, const char *node, uint16_t *next_port,
                              struct arena *arena, struct err *err)
{
    uint16_t api = 0;
    uint16_t link = 0;
    enum errc rc = free_port(next_port, &api, err);
    if (rc >= 0)
        rc = free_port(next_port, &link, err);
    if (rc < 0)
        return rc;
    const char *path = arena_printf(arena, "%s/fengsui.yaml", process->data);
    const char *api_at = arena_printf(arena, "127.0.0.1:%u", (unsigned)api);
    const char *link_at = arena_printf(arena, "127.0.0.1:%u", (unsigned)link);
    const char *url = arena_printf(arena, "https://127.0.0.1:%u", (unsigned)link);
    json_t *doc = json_pack("{s:{s:s,s:s},s:{s:s},s:{s:s,s:s,s:s,s:s}}", "node", "id", node, "data",
                            process->data, "api", "listen", api_at, "link", "listen", link_at, "url", url,
                            "retry", "200 ms", "retry_longest", "2 s");
    struct buf text;
    buf_init(&text, CONFIG_BYTES_MAX);
    rc = path && doc ? doc_write(doc, &text, err) : err_set(err, ERR_NOMEM, "no memory for the settings");
    if (rc >= 0)
        rc = config_load(path, text.data, text.size_bytes, arena, &process->config, err);
    if (rc >= 0)
        rc = file_write(path, text.data, FILE_NEW, 0644, err);
    buf_done(&text);
    json_decref(doc);
    return rc;
}

enum errc demo_process_init(struct demo_process *process, const char *folder, const char *node,
                            uint16_t *next_port, struct arena *arena, struct err *err)
{
    *process = (struct demo_process){.data = arena_printf(arena, "%s/%s", folder, node)};
    process->log = process->data ? arena_printf(arena, "%s/serve.log", process->data) : NULL;
    if (!process->log)
        return err_set(err, ERR_NOMEM, "no memory for a path");
    enum errc rc = file_make_folder(process->data, err);
    return rc < 0 ? rc : write_config(process, node, next_port, arena, err);
}

/* ---- the process ---- */

_Noreturn static void become(const struct demo_process *process, pid_t parent)
{
    int log = open(process->log, O_WRONLY | O_CREAT | O_APPEND, 0600);
    int nothing = open("/dev/null", O_RDONLY);
    sigset_t none;
    (void)sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    bool good = log >= 0 && nothing >= 0 && dup2(nothing, 0) == 0 && dup2(log, 1) == 1 && dup2(log, 2) == 2;
    /* Ctrl-C at the terminal is for the demonstration; it tells its nodes itself. */
    good = good && setpgid(0, 0) == 0 && prctl(PR_SET_PDEATHSIG, SIGTERM) == 0 && getppid() == parent;
    if (good && close_range(3, ~0U, 0) == 0)
        (void)execl("/proc/self/exe", "fengsui", "serve", "--demo", "--data", process->data, (char *)NULL);
    _exit(127);
}

static bool has_ended(struct demo_process *process)
{
    if (waitpid(process->pid, NULL, WNOHANG) != process->pid)
        return false;
    process->pid = 0;
    return true;
}

static enum errc until_ready(struct demo_process *process, struct client *client, struct err *err)
{
    for (int look = 0; look < LOOKS_MAX; look++) {
        struct client_reply reply = {0};
        struct client_request request = {.method = "GET", .path = "/readyz"};
        struct err why;
        enum errc rc = client_send(client, &request, &reply, &why);
        json_decref(reply.doc);
        if (rc >= 0)
            return ERR_OK;
        if (has_ended(process))
            return err_set(err, ERR_IO, "the node ended before it was ready; see %s", process->log);
        (void)poll(NULL, 0, LOOK_MS);
    }
    demo_process_end(process, SIGKILL);
    return err_set(err, ERR_TIMEOUT, "the node did not get ready; see %s", process->log);
}

enum errc demo_process_start(struct demo_process *process, struct client *client, struct err *err)
{
    pid_t self = getpid();
    if (process->pid > 0)
        return err_set(err, ERR_WRONG_STATE, "it runs already");
    process->pid = fork();
    if (process->pid == 0)
        become(process, self);
    if (process->pid < 0) {
        process->pid = 0;
        return err_set(err, ERR_IO, "no process can be made: %s", strerror(errno));
    }
    return until_ready(process, client, err);
}

void demo_process_end(struct demo_process *process, int signal_number)
{
    if (process->pid <= 0)
        return;
    (void)kill(process->pid, signal_number);
    while (waitpid(process->pid, NULL, 0) < 0 && errno == EINTR)
        continue;
    process->pid = 0;
}
