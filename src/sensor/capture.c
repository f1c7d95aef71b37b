#include "sensor/capture.h"

#include "sensor/packet.h"

#include <errno.h>
#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>

struct capture {
    pcap_t *pcap;
    int link;
    char name[256];
};

enum errc capture_open(const char *path, struct capture **out, struct err *err)
{
    char why[PCAP_ERRBUF_SIZE] = "";
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
    if (!file)
        return err_set(err, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "%s: %s", path, strerror(errno));
    pcap_t *pcap = pcap_fopen_offline(file, why);
    if (!pcap) {
        if (file != stdin)
            (void)fclose(file);
        return err_set(err, ERR_SYNTAX, "%s is no capture: %s", path, why);
    }
    int link = pcap_datalink(pcap);
    if (!packet_link_known(link)) {
        const char *name = pcap_datalink_val_to_name(link);
        pcap_close(pcap);
        return err_set(err, ERR_UNSUPPORTED, "%s has frames of type %s (%d), which are not understood", path,
                       name ? name : "?", link);
    }
    struct capture *capture = calloc(1, sizeof *capture);
    if (!capture) {
        pcap_close(pcap);
        return err_set(err, ERR_NOMEM, "no memory for a capture");
    }
    capture->pcap = pcap;
    capture->link = link;
    (void)snprintf(capture->name, sizeof capture->name, "%s", path);
    *out = capture;
    return ERR_OK;
}

void capture_close(struct capture *capture)
{
    if (!capture)
        return;
    pcap_close(capture->pcap);
    free(capture);
}

enum errc capture_next(struct capture *capture, struct frame *out, bool *more, struct err *err)
{
    struct pcap_pkthdr *header;
    const uint8_t *bytes;
    int rc = pcap_next_ex(capture->pcap, &header, &bytes);
    if (rc == PCAP_ERROR_BREAK) {
        *more = false;
        return ERR_OK;
    }
    if (rc != 1)
        return err_set(err, ERR_DAMAGED, "%s: %s", capture->name, pcap_geterr(capture->pcap));
    *out = (struct frame){.link = capture->link,
                          .time_ms = (int64_t)header->ts.tv_sec * 1000 + header->ts.tv_usec / 1000,
                          .bytes = bytes,
                          .size = header->caplen,
                          .wire_size = header->len};
    *more = true;
    return ERR_OK;
}
