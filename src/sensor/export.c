#include "sensor/export.h"

#include "sensor/exporter.h"
#include "sensor/flowset.h"
#include "sensor/netflow5.h"
#include "sensor/sflow.h"

enum { V5 = 5, V9 = 9, IPFIX = 10, V5_HEADER = 24, V5_RECORD = 48, V9_HEADER = 20, IPFIX_HEADER = 16 };

typedef void read_fn(const struct export_datagram *datagram, struct exporter_book *book,
                     const struct export_sink *sink, struct export_result *out);

static bool plausible5(const uint8_t *bytes, size_t size)
{
    return size > V5_HEADER && size == V5_HEADER + V5_RECORD * (size_t)wire_number(bytes + 2, 2);
}

/* A chain of sets that ends where the datagram does. */
static bool plausible_sets(struct wire wire)
{
    while (wire.n >= 4) {
        (void)wire_u16(&wire);
        size_t size = wire_u16(&wire);
        if (size < 4)
            return false;
        (void)wire_take(&wire, size - 4);
        if (wire.bad)
            return false;
    }
    return wire.n == 0;
}

static bool plausible9(const uint8_t *bytes, size_t size)
{
    return size > V9_HEADER && plausible_sets(wire_of(bytes + V9_HEADER, size - V9_HEADER));
}

static bool plausible_ipfix(const uint8_t *bytes, size_t size)
{
    return size > IPFIX_HEADER && wire_number(bytes + 2, 2) == size &&
           plausible_sets(wire_of(bytes + IPFIX_HEADER, size - IPFIX_HEADER));
}

static bool plausible_sflow(const uint8_t *bytes, size_t size)
{
    return size >= 28 && wire_number(bytes, 4) == 5 &&
           (wire_number(bytes + 4, 4) == 1 || wire_number(bytes + 4, 4) == 2);
}

/* sFlow has a version of four bytes: its first two are zero. */
static const struct {
    uint16_t version;
    bool (*plausible)(const uint8_t *bytes, size_t size);
    read_fn *read;
} FORMATS[] = {
    {V5, plausible5, netflow5_read},
    {V9, plausible9, flowset_read9},
    {IPFIX, plausible_ipfix, flowset_read_ipfix},
    {0, plausible_sflow, sflow_read},
};

enum { FORMAT_TOTAL = sizeof FORMATS / sizeof FORMATS[0] };

/* Where exporters send to by custom or registration. */
static const uint16_t PORTS[] = {2055, 2056, 4432, 4739, 6343, 9555, 9995, 9996};

bool export_plausible(uint16_t port, const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; size >= 4 && i < FORMAT_TOTAL; i++) {
        if (wire_number(bytes, 2) != FORMATS[i].version)
            continue;
        for (size_t k = 0; k < sizeof PORTS / sizeof PORTS[0]; k++)
            if (PORTS[k] == port)
                return true;
        return FORMATS[i].plausible(bytes, size);
    }
    return false;
}

void export_read(struct exporter_book *book, const struct export_datagram *datagram,
                 const struct export_sink *sink, struct export_result *out)
{
    for (size_t i = 0; datagram->size >= 4 && i < FORMAT_TOTAL; i++)
        if (wire_number(datagram->bytes, 2) == FORMATS[i].version) {
            FORMATS[i].read(datagram, book, sink, out);
            return;
        }
    out->malformed++;
}
