#include "intel/follow.h"

#include <stdlib.h>
#include <sys/stat.h>

struct followed {
    const char *path;
    bool open;
    struct feed feed;
};

struct follow {
    int format;
    size_t count;
    struct followed files[];
};

enum errc follow_new(const char *const *paths, size_t count, int format, struct follow **out, struct err *err)
{
    struct follow *follow = calloc(1, sizeof *follow + count * sizeof follow->files[0]);
    if (!follow)
        return err_set(err, ERR_NOMEM, "no memory to follow %zu files", count);
    follow->format = format;
    follow->count = count;
    for (size_t i = 0; i < count; i++)
        follow->files[i].path = paths[i];
    *out = follow;
    return ERR_OK;
}

void follow_free(struct follow *follow)
{
    for (size_t i = 0; follow && i < follow->count; i++)
        if (follow->files[i].open)
            feed_done(&follow->files[i].feed);
    free(follow);
}

static enum errc open_file(struct follow *follow, struct followed *file, struct err *err)
{
    struct input *input = NULL;
    enum errc rc = input_open(file->path, &input, err);
    if (rc == ERR_NOT_FOUND)
        return ERR_OK; /* it is waited for */
    if (rc < 0)
        return rc;
    if (input_is_compressed(input)) {
        input_close(input);
        return err_set(err, ERR_UNSUPPORTED, "%s is packed: only a plain file can be followed", file->path);
    }
    feed_init(&file->feed, input, file->path, follow->format);
    file->open = true;
    return ERR_OK;
}

static enum errc start_again(struct follow *follow, struct followed *file, struct err *err)
{
    struct input *input = file->feed.input;
    enum errc rc = input_restart(input, err);
    if (rc < 0)
        return rc;
    file->feed.input = NULL;
    free(file->feed.left);
    feed_init(&file->feed, input, file->path, follow->format);
    return ERR_OK;
}

static enum errc step(struct follow *follow, struct followed *file, struct hunt *hunt, struct err *err)
{
    struct stat here;
    struct stat named;
    enum errc rc = file->open ? ERR_OK : open_file(follow, file, err);
    if (rc < 0 || !file->open)
        return rc;
    /* First whether it is still the one, then the rest of it: what is written between is not lost. */
    bool replaced = stat(file->path, &named) == 0 && fstat(input_fd(file->feed.input), &here) == 0 &&
                    (named.st_ino != here.st_ino || named.st_dev != here.st_dev);
    bool shorter = !replaced && fstat(input_fd(file->feed.input), &here) == 0 &&
                   (uint64_t)here.st_size < input_done_bytes(file->feed.input);
    if (shorter)
        rc = start_again(follow, file, err);
    if (rc == ERR_OK)
        rc = hunt_run(hunt, &file->feed, !replaced, err);
    if (rc == ERR_OK && replaced) {
        feed_done(&file->feed);
        file->open = false;
        rc = open_file(follow, file, err);
        if (rc == ERR_OK && file->open)
            rc = hunt_run(hunt, &file->feed, true, err);
    }
    return rc;
}

enum errc follow_step(struct follow *follow, struct hunt *hunt, bool *out_grown, struct err *err)
{
    uint64_t before = hunt_totals(hunt)->bytes;
    enum errc rc = ERR_OK;
    for (size_t i = 0; rc == ERR_OK && i < follow->count; i++)
        rc = step(follow, &follow->files[i], hunt, err);
    *out_grown = hunt_totals(hunt)->bytes != before;
    return rc;
}
