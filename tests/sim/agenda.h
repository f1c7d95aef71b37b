/* sim/agenda.h — what will happen when: a heap of events, in the order of time, then of planning. */
#ifndef SIM_AGENDA_H
#define SIM_AGENDA_H

#include "base/arena.h"

enum happening {
    HAPPENS_WISH,    /* somebody does something */
    HAPPENS_AGAIN,   /* somebody tries again what was left unanswered */
    HAPPENS_CALL,    /* a node's link looks whom to call */
    HAPPENS_REQUEST, /* a request arrives */
    HAPPENS_REPLY,   /* a reply arrives */
    HAPPENS_TIMEOUT, /* a caller gives up waiting */
    HAPPENS_POWER,   /* the power will go during what the node does next */
    HAPPENS_FULL,    /* the node's disk is full for a while */
    HAPPENS_RESTART,
    HAPPENS_TICK, /* the node's timer */
    HAPPENS_HOSTILE
};

struct event {
    int64_t at_ms;
    uint64_t order;
    enum happening what;
    size_t node;     /* where it happens */
    size_t peer;     /* of a call: the other side */
    uint64_t number; /* of a call */
    void *what_for;  /* message or wish */
};

struct agenda {
    struct event *heap;
    size_t count;
    size_t room;
    uint64_t planned;
};

void agenda_done(struct agenda *agenda);
/* False when memory is exhausted. */
MUST_USE bool agenda_add(struct agenda *agenda, struct event event);
/* False when nothing is planned. */
bool agenda_next(struct agenda *agenda, struct event *out);

#endif
