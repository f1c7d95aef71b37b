/* main/serve.h — a running node: one event loop, listeners, the writer, timers, signals, an orderly end.
 *
 *   loop thread   sockets, TLS, parsing; signals; timers that put jobs before the writer; letters of others
 *   writer        everything that waits → one transaction; a fault of the store ends the program
 *   readers       queries, each with a store of its own
 *   link          calls peers; wakes when acts were committed
 *
 *   SIGTERM, SIGINT   stop listening ─► answer what is under way ─► write what waits ─► close     exit 0
 *   SIGHUP            the log file is opened anew, log.level and log.format are read again
 *   fault             what is under way is not acknowledged ─► close, exit 1: the service manager starts it
 *                     again into a verified state
 *
 * Layer    main.
 * Owns     everything, from begin to end.
 * Threads  the main thread, before any other is made.
 * Errors   what ended it; ERR_OK after a signal.
 * Tests    tests/unit/main/test_serve.c, tests/e2e
 */
#ifndef MAIN_SERVE_H
#define MAIN_SERVE_H

#include "base/env.h"
#include "main/config.h"

#include <stdio.h>

struct serve_options {
    const struct config *config;
    const char *config_path; /* read again at SIGHUP */
    const struct env *env;
    const char *drill; /* its id: the node serves that universe; NULL = the real one */
    bool demo;         /* its clock may be set and its links cut; see serve_demo.h */
    FILE *log;         /* where the log goes when no file is set */
};

MUST_USE enum errc serve_run(const struct serve_options *options, struct err *err);

#endif
