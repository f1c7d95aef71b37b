/* main/notify.h — tells the service manager how the process stands (sd_notify), without its library.
 *
 * Layer    main.   Owns nothing.   Threads any.
 * Errors   none: without a manager, or when it does not listen, nothing happens.
 * Tests    tests/unit/main/test_notify.c
 */
#ifndef MAIN_NOTIFY_H
#define MAIN_NOTIFY_H

#include <stdbool.h>

/* "READY=1", "STOPPING=1", "STATUS=…", to the socket that NOTIFY_SOCKET names. True when handed over. */
bool notify(const char *state);

#endif
