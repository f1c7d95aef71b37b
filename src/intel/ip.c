#include "intel/ip.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

bool ip_parse_decimal(struct str text, uint32_t max, uint32_t *out)
{
    if (text.n == 0 || text.n > 9 || (text.p[0] == '0' && text.n > 1))
        return false;
    uint32_t value = 0;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] < '0' || text.p[i] > '9')
            return false;
        value = value * 10 + (uint32_t)(text.p[i] - '0');
    }
    if (value > max)
        return false;
    *out = value;
    return true;
}

bool ip4_parse(struct str text, uint32_t *out)
{
    if (text.n < 7 || text.n > 15)
        return false;
    uint32_t value = 0;
    uint32_t octet = 0;
    unsigned digits = 0;
    unsigned dots = 0;
    for (size_t i = 0; i < text.n; i++) {
        unsigned d = (unsigned)(unsigned char)text.p[i] - '0';
        if (d <= 9) {
            if (digits > 0 && octet == 0) /* a leading zero: some read it as octal */
                return false;
            octet = octet * 10 + d;
            digits++;
            if (octet > 255)
                return false;
        } else if (text.p[i] == '.' && digits > 0 && dots < 3) {
            value = value << 8 | octet;
            octet = digits = 0;
            dots++;
        } else {
            return false;
        }
    }
    if (dots != 3 || digits == 0)
        return false;
    *out = value << 8 | octet;
    return true;
}

uint32_t ip4_value(const struct ip *ip)
{
    const uint8_t *b = ip->bytes;
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

struct ip ip_from_ip4(uint32_t value)
{
    struct ip ip = {.bits = 32};
    for (unsigned i = 0; i < 4; i++)
        ip.bytes[i] = (uint8_t)(value >> (24 - 8 * i));
    return ip;
}

static bool ip6_parse(struct str text, struct ip *out)
{
    char copy[INET6_ADDRSTRLEN];
    struct ip ip = {.bits = 128};
    if (text.n < 2 || text.n >= sizeof copy || memchr(text.p, '\0', text.n))
        return false;
    memcpy(copy, text.p, text.n);
    copy[text.n] = '\0';
    if (inet_pton(AF_INET6, copy, ip.bytes) != 1)
        return false;
    static const uint8_t MAPPED[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
    if (memcmp(ip.bytes, MAPPED, sizeof MAPPED) == 0) {
        memmove(ip.bytes, ip.bytes + 12, 4);
        memset(ip.bytes + 4, 0, 12);
        ip.bits = 32;
    }
    *out = ip;
    return true;
}

bool ip_parse(struct str text, struct ip *out)
{
    uint32_t value;
    if (ip4_parse(text, &value)) {
        *out = ip_from_ip4(value);
        return true;
    }
    return text.n > 0 && memchr(text.p, ':', text.n) && ip6_parse(text, out);
}

void ip_mask(struct ip *ip, unsigned length)
{
    for (unsigned i = 0; i < sizeof ip->bytes; i++) {
        unsigned kept = length > 8 * i ? length - 8 * i : 0;
        if (kept < 8)
            ip->bytes[i] = (uint8_t)(ip->bytes[i] & (0xFF00u >> kept));
    }
}

bool ip_parse_prefix(struct str text, struct ip *out, uint8_t *out_length)
{
    const char *slash = text.n > 0 ? memrchr(text.p, '/', text.n) : NULL;
    struct ip ip;
    uint32_t length;
    if (!slash)
        return false;
    size_t at = (size_t)(slash - text.p);
    if (!ip_parse((struct str){text.p, at}, &ip) ||
        !ip_parse_decimal((struct str){slash + 1, text.n - at - 1}, 128, &length))
        return false;
    /* "::ffff:1.2.3.4/120" is a prefix of the mapped address. */
    if (ip.bits == 32 && memchr(text.p, ':', at)) {
        if (length < 96)
            return false;
        length -= 96;
    }
    if (length > ip.bits)
        return false;
    ip_mask(&ip, length);
    *out = ip;
    *out_length = (uint8_t)length;
    return true;
}

bool ip_parse_endpoint(struct str text, struct ip *out, uint16_t *out_port)
{
    const char *colon = text.n > 0 ? memrchr(text.p, ':', text.n) : NULL;
    uint32_t port;
    struct ip ip;
    if (!colon)
        return false;
    struct str host = {text.p, (size_t)(colon - text.p)};
    struct str rest = {colon + 1, text.n - host.n - 1};
    if (!ip_parse_decimal(rest, 65535, &port) || port == 0)
        return false;
    if (host.n > 2 && host.p[0] == '[' && host.p[host.n - 1] == ']')
        host = (struct str){host.p + 1, host.n - 2};
    else if (memchr(host.p, ':', host.n))
        return false; /* "2001:db8::1:80" is an address, not an address with a port */
    if (!ip_parse(host, &ip))
        return false;
    *out = ip;
    *out_port = (uint16_t)port;
    return true;
}

void ip_format(const struct ip *ip, uint8_t length, char out[IP_TEXT_SIZE])
{
    char text[INET6_ADDRSTRLEN] = "";
    (void)inet_ntop(ip->bits == 32 ? AF_INET : AF_INET6, ip->bytes, text,
                    sizeof text); /* has room: cannot fail */
    if (length == ip->bits)
        (void)snprintf(out, IP_TEXT_SIZE, "%s", text);
    else
        (void)snprintf(out, IP_TEXT_SIZE, "%s/%u", text, length);
}

void ip_format_endpoint(const struct ip *ip, uint16_t port, char out[IP_TEXT_SIZE])
{
    char text[IP_TEXT_SIZE];
    ip_format(ip, ip->bits, text);
    (void)snprintf(out, IP_TEXT_SIZE, ip->bits == 32 ? "%.48s:%u" : "[%.48s]:%u", text, port);
}
