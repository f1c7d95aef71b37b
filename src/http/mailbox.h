/* http/mailbox.h — letters from any thread to the loop thread, opened there in the order of posting.
 *
 * Layer    http.
 * Owns     the letters between post and open; whoever opens a letter owns it again. There is no cap here:
 *          every kind of letter is bounded by what it stands for (an exchange, an event).
 * Threads  mailbox_post from any; the rest in the loop thread. The mailbox must outlive its posters.
 * Errors   ERR_IO when the kernel gives no descriptor; posting cannot fail.
 * Tests    tests/unit/http/test_mailbox.c
 */
#ifndef HTTP_MAILBOX_H
#define HTTP_MAILBOX_H

#include "base/err.h"

struct event_base;
struct mailbox;

/* Embedded in whatever is sent. */
struct letter {
    struct letter *next;
    void (*open)(struct letter *letter);
};

MUST_USE enum errc mailbox_new(struct event_base *base, struct mailbox **out, struct err *err);
/* Letters that nobody has opened yet are opened now. */
void mailbox_free(struct mailbox *mailbox);

void mailbox_post(struct mailbox *mailbox, struct letter *letter);

#endif
