/* tests/unit/main/canned.h — answers one connection with a text, whatever is asked, and keeps that. */
#ifndef UNIT_MAIN_CANNED_H
#define UNIT_MAIN_CANNED_H

#include <pthread.h>

enum { CANNED_ASKED_BYTES = 65536 };

struct canned {
    int fd;
    char url[64];
    const char *answer;
    char asked[CANNED_ASKED_BYTES];
    pthread_t thread;
};

void canned_begin(struct canned *c, const char *answer);
void canned_end(struct canned *c);

#endif
