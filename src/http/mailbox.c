#include "http/mailbox.h"

#include <errno.h>
#include <event2/event.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct mailbox {
    pthread_mutex_t lock;
    struct letter *first;
    struct letter **last;
    int wake;
    struct event *event;
};

static void deliver(struct mailbox *mailbox)
{
    (void)pthread_mutex_lock(&mailbox->lock);
    struct letter *letter = mailbox->first;
    mailbox->first = NULL;
    mailbox->last = &mailbox->first;
    (void)pthread_mutex_unlock(&mailbox->lock);
    while (letter) {
        struct letter *next = letter->next;
        letter->open(letter);
        letter = next;
    }
}

static void woken(evutil_socket_t wake, short what, void *context)
{
    (void)what;
    uint64_t count;
    /* Nothing to read means only that an earlier delivery took the letters. */
    (void)!read(wake, &count, sizeof count);
    deliver(context);
}

enum errc mailbox_new(struct event_base *base, struct mailbox **out, struct err *err)
{
    struct mailbox *mailbox = calloc(1, sizeof *mailbox);
    if (!mailbox)
        return err_set(err, ERR_NOMEM, "no memory for a mailbox");
    mailbox->last = &mailbox->first;
    mailbox->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (mailbox->wake >= 0)
        mailbox->event = event_new(base, mailbox->wake, EV_READ | EV_PERSIST, woken, mailbox);
    if (!mailbox->event || event_add(mailbox->event, NULL) < 0) {
        if (mailbox->event)
            event_free(mailbox->event);
        if (mailbox->wake >= 0)
            (void)close(mailbox->wake);
        free(mailbox);
        return err_set(err, ERR_IO, "no descriptor to wake the event loop: %s", strerror(errno));
    }
    (void)pthread_mutex_init(&mailbox->lock, NULL);
    *out = mailbox;
    return ERR_OK;
}

void mailbox_free(struct mailbox *mailbox)
{
    if (!mailbox)
        return;
    deliver(mailbox);
    event_free(mailbox->event);
    (void)close(mailbox->wake);
    (void)pthread_mutex_destroy(&mailbox->lock);
    free(mailbox);
}

void mailbox_post(struct mailbox *mailbox, struct letter *letter)
{
    static const uint64_t ONE = 1;
    letter->next = NULL;
    (void)pthread_mutex_lock(&mailbox->lock);
    bool wake = !mailbox->first;
    *mailbox->last = letter;
    mailbox->last = &letter->next;
    /* Inside the lock, so that the descriptor is still there: the owner frees it only after the last
     * letter. */
    if (wake)
        (void)!write(mailbox->wake, &ONE, sizeof ONE);
    (void)pthread_mutex_unlock(&mailbox->lock);
}
