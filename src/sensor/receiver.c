#include "sensor/receiver.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CONTROL_BYTES = 128 };

struct receiver {
    int fd;
    uint16_t port;
    uint64_t dropped;
    uint32_t dropped_seen; /* the kernel's counter wraps */
    struct mmsghdr heads[RECEIVE_BATCH];
    struct iovec parts[RECEIVE_BATCH];
    struct sockaddr_in6 names[RECEIVE_BATCH];
    _Alignas(struct cmsghdr) uint8_t controls[RECEIVE_BATCH][CONTROL_BYTES];
    uint8_t bytes[RECEIVE_BATCH][RECEIVE_SIZE_MAX];
};

static enum errc read_address(const char *text, struct sockaddr_in6 *out, struct err *err)
{
    const char *colon = strrchr(text, ':');
    struct ip ip;
    uint32_t port;
    struct str host = {text, colon ? (size_t)(colon - text) : 0};
    if (host.n > 2 && text[0] == '[' && text[host.n - 1] == ']')
        host = (struct str){text + 1, host.n - 2};
    if (!colon || !ip_parse(host, &ip) ||
        !ip_parse_decimal((struct str){colon + 1, strlen(colon + 1)}, 65535, &port))
        return err_set(err, ERR_INVALID, "'%s' is no address and port, as in 0.0.0.0:2055 or [::]:2055",
                       text);
    memset(out, 0, sizeof *out);
    out->sin6_family = AF_INET6;
    out->sin6_port = htons((uint16_t)port);
    if (ip.bits == 128) {
        memcpy(&out->sin6_addr, ip.bytes, 16);
    } else if (ip4_value(&ip) != 0) { /* 0.0.0.0 is every address, as :: is */
        out->sin6_addr.s6_addr[10] = out->sin6_addr.s6_addr[11] = 0xFF;
        memcpy(out->sin6_addr.s6_addr + 12, ip.bytes, 4);
    }
    return ERR_OK;
}

static void prepare(struct receiver *receiver)
{
    for (size_t i = 0; i < RECEIVE_BATCH; i++) {
        receiver->parts[i] = (struct iovec){receiver->bytes[i], RECEIVE_SIZE_MAX};
        receiver->heads[i].msg_hdr = (struct msghdr){.msg_name = &receiver->names[i],
                                                     .msg_iov = &receiver->parts[i],
                                                     .msg_iovlen = 1,
                                                     .msg_control = receiver->controls[i]};
    }
}

enum errc receiver_open(const char *address, struct receiver **out, struct err *err)
{
    struct sockaddr_in6 name;
    socklen_t name_size = sizeof name;
    const int one = 1;
    const int zero = 0;
    const int room = RECEIVE_SOCKET_BYTES;
    enum errc rc = read_address(address, &name, err);
    if (rc < 0)
        return rc;
    struct receiver *receiver = calloc(1, sizeof *receiver);
    if (!receiver)
        return err_set(err, ERR_NOMEM, "no memory to receive datagrams");
    receiver->fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    int fd = receiver->fd;
    bool ready = fd >= 0 && setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &zero, sizeof zero) == 0 &&
                 setsockopt(fd, SOL_SOCKET, SO_RXQ_OVFL, &one, sizeof one) == 0 &&
                 bind(fd, (const struct sockaddr *)&name, sizeof name) == 0 &&
                 getsockname(fd, (struct sockaddr *)&name, &name_size) == 0;
    if (!ready) {
        rc = err_set(err, ERR_IO, "cannot listen on %s: %s", address, strerror(errno));
        receiver_close(receiver);
        return rc;
    }
    /* More room and fewer calls where the kernel grants them; without them it is only slower. */
    if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room) < 0)
        (void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    (void)setsockopt(fd, IPPROTO_UDP, UDP_GRO, &one, sizeof one);
    receiver->port = ntohs(name.sin6_port);
    prepare(receiver);
    *out = receiver;
    return ERR_OK;
}

void receiver_close(struct receiver *receiver)
{
    if (!receiver)
        return;
    if (receiver->fd >= 0)
        (void)close(receiver->fd);
    free(receiver);
}

uint16_t receiver_port(const struct receiver *receiver)
{
    return receiver->port;
}

uint64_t receiver_dropped(const struct receiver *receiver)
{
    return receiver->dropped;
}

/* What the kernel says beside a message: its counter of drops, and the size of the parts of a merged one. */
static size_t read_controls(struct receiver *receiver, struct msghdr *head, size_t size)
{
    size_t part = size;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(head); c; c = CMSG_NXTHDR(head, c)) {
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SO_RXQ_OVFL) {
            uint32_t dropped;
            memcpy(&dropped, CMSG_DATA(c), sizeof dropped);
            receiver->dropped += dropped - receiver->dropped_seen;
            receiver->dropped_seen = dropped;
        } else if (c->cmsg_level == IPPROTO_UDP && c->cmsg_type == UDP_GRO) {
            int gro;
            memcpy(&gro, CMSG_DATA(c), sizeof gro);
            part = gro > 0 ? (size_t)gro : size;
        }
    }
    return part;
}

static struct ip address_of(const struct sockaddr_in6 *name)
{
    struct ip ip = {.bits = 128};
    if (IN6_IS_ADDR_V4MAPPED(&name->sin6_addr)) {
        memcpy(ip.bytes, name->sin6_addr.s6_addr + 12, 4);
        ip.bits = 32;
    } else {
        memcpy(ip.bytes, &name->sin6_addr, 16);
    }
    return ip;
}

enum errc receiver_take(struct receiver *receiver, int timeout_ms, receive_fn *take, void *context,
                        struct err *err)
{
    struct pollfd one = {.fd = receiver->fd, .events = POLLIN};
    if (poll(&one, 1, timeout_ms) <= 0)
        return ERR_OK;
    for (size_t i = 0; i < RECEIVE_BATCH; i++) {
        receiver->heads[i].msg_hdr.msg_namelen = sizeof receiver->names[i];
        receiver->heads[i].msg_hdr.msg_controllen = CONTROL_BYTES;
    }
    int count = recvmmsg(receiver->fd, receiver->heads, RECEIVE_BATCH, 0, NULL);
    if (count < 0)
        return errno == EAGAIN || errno == EINTR
                   ? ERR_OK
                   : err_set(err, ERR_IO, "cannot receive: %s", strerror(errno));
    enum errc rc = ERR_OK;
    for (int i = 0; i < count && rc == ERR_OK; i++) {
        size_t size = receiver->heads[i].msg_len;
        size_t part = read_controls(receiver, &receiver->heads[i].msg_hdr, size);
        struct ip from = address_of(&receiver->names[i]);
        for (size_t at = 0; at < size && rc == ERR_OK; at += part)
            rc = take(context, &from, receiver->bytes[i] + at, size - at < part ? size - at : part, err);
    }
    return rc;
}
