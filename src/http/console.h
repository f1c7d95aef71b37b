/* http/console.h — the web console: files that were packed when the program was built.
 *
 * Names under assets/ hold a hash of their content and last for ever; the rest is asked for again each
 * time. A path of no file that a browser wants as a page is a place inside the console: it gets index.html.
 * Every file is there as gzip, most as brotli too; for the rare client that takes neither it is unpacked.
 *
 * Layer    http.
 * Owns     nothing; files are constants.
 * Threads  any; the loop thread uses it.
 * Errors   ERR_SYNTAX, ERR_PRECONDITION: conditions of the request that cannot be read or are not met.
 * Data     web/, packed by tools/console.py
 * Tests    tests/unit/http/test_console.c, tests/console
 */
#ifndef HTTP_CONSOLE_H
#define HTTP_CONSOLE_H

#include "http/exchange.h"

struct console_file {
    const char *path; /* "assets/index-3f2a.js" */
    const char *type;
    const char *tag; /* a hash of its content */
    bool lasting;
    const char *gzip;
    size_t gzip_bytes;
    const char *br; /* br_bytes 0: not kept so */
    size_t br_bytes;
};

struct console_set {
    const struct console_file *files; /* sorted by path */
    size_t count;
};

extern const struct console_set CONSOLE;

/* What the console has for this request; NULL: it is not the console's. */
const struct console_file *console_find(const struct console_set *set, const struct http_request *request);

/* Fills the answer; http_reply_send is the caller's. */
MUST_USE enum errc console_answer(struct http_exchange *exchange, const struct console_file *file,
                                  struct err *err);

#endif
