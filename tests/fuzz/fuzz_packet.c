/* A frame of any link type is read or refused, and its payload lies in it. Input: a link type, a frame. */
#include "fuzz.h"
#include "sensor/packet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int LINKS[] = {LINK_NULL,   LINK_ETHERNET, LINK_RAW_OLD, LINK_RAW,    LINK_LOOP,
                                LINK_COOKED, LINK_IPV4,     LINK_IPV6,    LINK_COOKED2};
    struct packet packet;
    if (size == 0)
        return 0;
    int link = LINKS[data[0] % (sizeof LINKS / sizeof LINKS[0])];
    if (packet_read(link, data + 1, size - 1, 0, &packet) != PACKET_OK)
        return 0;
    must(packet.flow.packets == 1 && (packet.flow.source.bits == 32 || packet.flow.source.bits == 128));
    must(packet.flow.source.bits == packet.flow.target.bits);
    if (packet.payload.n > 0)
        must(packet.payload.p > data && packet.payload.p + packet.payload.n <= data + size);
    return 0;
}
