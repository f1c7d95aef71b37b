#include "intel/good.h"

#include "intel/index_file.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool is_index(const char *path)
{
    char head[8] = "";
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool index = fd >= 0 && read(fd, head, sizeof head) == (ssize_t)sizeof head &&
                 memcmp(head, INDEX_MAGIC, sizeof head) == 0;
    if (fd >= 0)
        (void)close(fd);
    return index;
}

static enum errc add(struct good *good, struct index *index, enum good_weight weight, struct err *err)
{
    if (good->count == EXAMINE_GOOD_MAX) {
        index_close(index);
        return err_set(err, ERR_LIMIT, "more than %d lists of the known good: make one index of them",
                       EXAMINE_GOOD_MAX);
    }
    good->indexes[good->count] = index;
    good->lists[good->count++] = (struct good_list){index, weight};
    return ERR_OK;
}

/* An index that has no name any more once it is open. */
static enum errc open_built(struct index_build *build, struct index **out, struct err *err)
{
    const char *folder = getenv("TMPDIR");
    char path[256];
    (void)snprintf(path, sizeof path, "%s/fengsui-good-XXXXXX", folder ? folder : "/tmp");
    int fd = mkstemp(path);
    if (fd < 0)
        return err_set(err, ERR_IO, "%s cannot be made", path);
    (void)close(fd);
    enum errc rc = index_build_write(build, path, err);
    if (rc == ERR_OK)
        rc = index_open(path, INDEX_CHECK_ALL, out, err);
    (void)unlink(path);
    return rc;
}

static enum errc read_list(struct index_build *build, const char *path, const char *name,
                           const struct collect_report *report, struct err *err)
{
    const struct list_options options = {
        .label = {.source = name,
                  .family = "",
                  .confidence = LABEL_UNKNOWN,
                  .valid_from_ms = LABEL_NO_TIME,
                  .valid_until_ms = LABEL_NO_TIME},
        .hash64_kind = KIND_SHA256,
    };
    struct list_counts counts;
    struct input *input = NULL;
    enum errc rc = input_open(path, &input, err);
    if (rc == ERR_OK)
        rc = collect_list(build, input, &options, report, &counts, err);
    input_close(input);
    return rc;
}

enum errc good_load(struct good *good, const char *const *paths, size_t count, enum good_weight weight,
                    const struct collect_report *report, const struct env *env, struct err *err)
{
    struct index_build *build = NULL;
    struct index *index = NULL;
    enum errc rc = ERR_OK;
    for (size_t i = 0; rc == ERR_OK && i < count; i++) {
        if (is_index(paths[i])) {
            rc = index_open(paths[i], INDEX_CHECK_ALL, &index, err);
            if (rc == ERR_OK)
                rc = add(good, index, weight, err);
            continue;
        }
        if (!build)
            rc = index_build_new(env, &build, err);
        if (rc == ERR_OK)
            rc = read_list(build, paths[i], collect_name(paths, count, i), report, err);
    }
    if (rc == ERR_OK && build) {
        rc = open_built(build, &index, err);
        if (rc == ERR_OK)
            rc = add(good, index, weight, err);
    }
    index_build_free(build);
    return rc;
}

void good_done(struct good *good)
{
    for (size_t i = 0; i < good->count; i++)
        index_close(good->indexes[i]);
    good->count = 0;
}
