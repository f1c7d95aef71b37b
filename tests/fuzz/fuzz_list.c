/* A list of any bytes: every indicator it gives has a text that reads back as the same indicator. */
#include "fuzz.h"
#include "intel/list.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static enum errc take(void *context, const struct indicator *indicator, const struct label *label,
                      struct err *err)
{
    static struct indicator again;
    static char text[INDICATOR_TEXT_SIZE];
    static char twice[INDICATOR_TEXT_SIZE];
    (void)context;
    (void)err;
    must(label->family && strlen(label->family) <= LABEL_TEXT_MAX);
    must(label->confidence >= LABEL_UNKNOWN && label->confidence <= LABEL_CONFIDENCE_MAX);
    size_t size = indicator_format(indicator, text);
    must(size > 0 && size < sizeof text);
    /* A top-level domain is written with its dot, and a hash of 64 digits under its name. */
    if (indicator->kind == KIND_DOMAIN && !memchr(text, '.', size))
        return ERR_OK;
    must(indicator_parse((struct str){text, size}, indicator->kind, &again));
    must(again.kind == indicator->kind);
    must(indicator_format(&again, twice) == size && memcmp(text, twice, size) == 0);
    return ERR_OK;
}

static void ignore(void *context, uint64_t number, struct str text)
{
    (void)context;
    must(number > 0 && (text.p || text.n == 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct list_options options = {
        .label = {.source = "fuzz", .family = "", .confidence = LABEL_UNKNOWN}, .hash64_kind = KIND_SHA256};
    const struct list_sink sink = {NULL, take, ignore};
    struct list_counts counts;
    struct input *input;
    char name[LIST_NAME_SIZE];
    int fd = memfd_create("fuzz", MFD_CLOEXEC);
    must(fd >= 0 && write(fd, data, size) == (ssize_t)size && lseek(fd, 0, SEEK_SET) == 0);
    if (input_open_fd(fd, "fuzz", &input, NULL) < 0)
        return 0;
    (void)!list_read(input, &options, &sink, &counts, name, NULL); /* archives and JSON may be refused */
    input_close(input);
    return 0;
}
