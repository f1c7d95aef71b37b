#include "unit/main/canned.h"

#include "lib/check.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static bool whole(const char *text)
{
    const char *body = strstr(text, "\r\n\r\n");
    const char *length = strstr(text, "Content-Length: ");
    if (!body)
        return false;
    return !length || strlen(body + 4) >= strtoul(length + 16, NULL, 10);
}

static void *answer_one(void *context)
{
    struct canned *c = context;
    size_t have = 0;
    int fd = accept(c->fd, NULL, NULL);
    while (!whole(c->asked)) {
        ssize_t n = read(fd, c->asked + have, CANNED_ASKED_BYTES - 1 - have);
        if (n <= 0)
            break;
        have += (size_t)n;
    }
    ssize_t sent = write(fd, c->answer, strlen(c->answer));
    (void)sent;
    (void)close(fd);
    return NULL;
}

void canned_begin(struct canned *c, const char *answer)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    memset(c, 0, sizeof *c);
    c->answer = answer;
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(c->fd, (const struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(c->fd, 1), 0);
    assert_int_equal(getsockname(c->fd, (struct sockaddr *)&address, &size), 0);
    (void)snprintf(c->url, sizeof c->url, "http://127.0.0.1:%u", (unsigned)ntohs(address.sin_port));
    assert_int_equal(pthread_create(&c->thread, NULL, answer_one, c), 0);
}

void canned_end(struct canned *c)
{
    assert_int_equal(pthread_join(c->thread, NULL), 0);
    (void)close(c->fd);
}
