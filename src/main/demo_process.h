/* main/demo_process.h — a node of a demonstration as a process of its own, a child of this one.
 *
 *   demo_process_init    ports are chosen, the configuration is written
 *   demo_process_start   fork ─► the same binary: serve --demo --data DIR ─► /readyz answers 200
 *   demo_process_end     a signal, and its end is waited for
 *
 * A child ends when this process does, whatever the reason. What it says goes to serve.log in its folder.
 *
 * Layer    main.
 * Owns     texts live in the arena; a process that runs must be ended before this one exits.
 * Threads  the main thread.
 * Errors   ERR_IO it cannot be started, or ends before it is ready (its log says why); ERR_TIMEOUT.
 * Tests    tests/e2e/test_demo.py
 */
#ifndef MAIN_DEMO_PROCESS_H
#define MAIN_DEMO_PROCESS_H

#include "main/client.h"
#include "main/config.h"

#include <sys/types.h>

struct demo_process {
    const char *data; /* its data directory */
    const char *log;
    struct config config;
    pid_t pid; /* 0 = it does not run */
};

/* Makes the folder and the configuration. Ports are looked for from *next_port on, which moves on. */
enum { DEMO_PORT_FIRST = 24000, DEMO_PORT_END = 32768 };
MUST_USE enum errc demo_process_init(struct demo_process *process, const char *folder, const char *node,
                                     uint16_t *next_port, struct arena *arena, struct err *err);

/* client: of its API, for the question whether it is ready. */
MUST_USE enum errc demo_process_start(struct demo_process *process, struct client *client, struct err *err);

/* SIGTERM ends it in order, SIGKILL at once. Does nothing when it does not run. */
void demo_process_end(struct demo_process *process, int signal_number);

#endif
