/*
 * A layer between the program and the system that lies about disks and clocks (LD_PRELOAD). It minds only files below the
 * folder that TORTURE_DATA names, and is told what to do by the file that TORTURE_SWITCHES names, which the harness writes
 * while the program runs; its layout is struct switches, and that of `Switch` in shim.rs.
 *
 * At each sync it copies what was written since the last one to TORTURE_DURABLE/<name>: that is what a power cut leaves.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

struct switches {
    _Atomic int64_t syncs_fail;     /* 1: every sync answers EIO and keeps nothing */
    _Atomic int64_t sync_ms;        /* how long a sync takes at least */
    _Atomic int64_t clock_ms;       /* by how much the wall clock is ahead */
    _Atomic int64_t disk_is_finite; /* 1: files may grow by free_bytes in all, then writes answer ENOSPC */
    _Atomic int64_t free_bytes;
    _Atomic int64_t syncs;          /* counted: syncs that were kept, */
    _Atomic int64_t failed_syncs;   /* syncs that failed, */
    _Atomic int64_t refused_writes; /* and writes for which there was no space */
};

/* What of a file was written and not synced yet. */
struct dirty {
    char path[512];
    off_t from, to;
};

enum { MAX_FILES = 32, PATH_SIZE = 512 };

static struct switches *switches;
static const char *data, *durable;
static struct dirty files[MAX_FILES];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_unlink)(const char *);
static int (*real_clock_gettime)(clockid_t, struct timespec *);

static void *next(const char *name) {
    void *found = dlsym(RTLD_NEXT, name);
    if (!found) abort();
    return found;
}

__attribute__((constructor)) static void set_up(void) {
    real_write = next("write");
    real_pwrite = next("pwrite");
    real_fsync = next("fsync");
    real_fdatasync = next("fdatasync");
    real_unlink = next("unlink");
    real_clock_gettime = next("clock_gettime");
    data = getenv("TORTURE_DATA");
    durable = getenv("TORTURE_DURABLE");
    const char *name = getenv("TORTURE_SWITCHES");
    int fd = name ? open(name, O_RDWR | O_CLOEXEC) : -1;
    void *map = fd < 0 ? MAP_FAILED : mmap(NULL, sizeof *switches, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (!data || !durable || map == MAP_FAILED) {
        fprintf(stderr, "shim: its variables are not set\n");
        abort();
    }
    switches = map;
    close(fd);
}

/* The path of an open file that we mind; 0 for everything else. */
static int is_ours(int fd, char path[PATH_SIZE]) {
    struct stat meta;
    char link[64];
    if (!switches || fstat(fd, &meta) != 0 || !S_ISREG(meta.st_mode)) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, PATH_SIZE - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    size_t folder = strlen(data);
    return strncmp(path, data, folder) == 0 && path[folder] == '/';
}

/* The entry of a file, or a free one for it. Call it with the lock. */
static struct dirty *entry(const char *path) {
    for (int i = 0; i < MAX_FILES; i++) {
        if (strcmp(files[i].path, path) == 0) return &files[i];
        if (!files[i].path[0]) {
            snprintf(files[i].path, PATH_SIZE, "%s", path);
            return &files[i];
        }
    }
    abort();
}

static void durable_path(const char *path, char copy[PATH_SIZE]) {
    snprintf(copy, PATH_SIZE, "%s/%s", durable, strrchr(path, '/') + 1);
}

/* --- writing --- */

/* Whether a write fits on the disk; it takes its space. */
static int fits(int fd, off_t end) {
    struct stat meta;
    if (!atomic_load(&switches->disk_is_finite)) return 1;
    if (fstat(fd, &meta) != 0 || end <= meta.st_size) return 1;
    int64_t grows = end - meta.st_size;
    if (atomic_fetch_sub(&switches->free_bytes, grows) >= grows) return 1;
    atomic_fetch_add(&switches->free_bytes, grows);
    atomic_fetch_add(&switches->refused_writes, 1);
    return 0;
}

static void note(const char *path, off_t from, off_t to) {
    pthread_mutex_lock(&lock);
    struct dirty *file = entry(path);
    int is_clean = file->to == 0;
    if (is_clean || from < file->from) file->from = from;
    if (is_clean || to > file->to) file->to = to;
    pthread_mutex_unlock(&lock);
}

static ssize_t write_at(int fd, const void *bytes, size_t count, off_t at, int seeks) {
    char path[PATH_SIZE];
    if (!is_ours(fd, path)) return seeks ? real_pwrite(fd, bytes, count, at) : real_write(fd, bytes, count);
    off_t from = seeks ? at : lseek(fd, 0, SEEK_CUR);
    if (!fits(fd, from + (off_t)count)) {
        errno = ENOSPC;
        return -1;
    }
    note(path, from, from + (off_t)count);
    return seeks ? real_pwrite(fd, bytes, count, at) : real_write(fd, bytes, count);
}

ssize_t write(int fd, const void *bytes, size_t count) {
    return real_write ? write_at(fd, bytes, count, 0, 0) : -1;
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) { return write_at(fd, bytes, count, at, 1); }

ssize_t pwrite64(int fd, const void *bytes, size_t count, off_t at) { return write_at(fd, bytes, count, at, 1); }

/* --- syncing --- */

/* Copies what was written since the last sync. A kill may come in the middle, as a power cut may come in the middle of a sync. */
static void keep(int fd, const char *path) {
    char name[PATH_SIZE], buffer[1 << 16];
    struct stat meta;
    durable_path(path, name);
    pthread_mutex_lock(&lock);
    struct dirty *file = entry(path);
    int copy = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    /* Through a descriptor of our own: the file's may be for writing only, and its place is not ours to move. */
    int original = open(path, O_RDONLY | O_CLOEXEC);
    if (copy < 0 || original < 0 || fstat(fd, &meta) != 0) abort();
    for (off_t at = file->from; at < file->to;) {
        size_t wanted = (size_t)(file->to - at) < sizeof buffer ? (size_t)(file->to - at) : sizeof buffer;
        ssize_t got = pread(original, buffer, wanted, at);
        if (got <= 0) break;
        if (real_pwrite(copy, buffer, (size_t)got, at) != got) abort();
        at += got;
    }
    if (ftruncate(copy, meta.st_size) != 0) abort();
    file->from = file->to = 0;
    close(original);
    close(copy);
    pthread_mutex_unlock(&lock);
    atomic_fetch_add(&switches->syncs, 1);
}

static int sync_through(int fd, int (*real)(int)) {
    char path[PATH_SIZE];
    if (!is_ours(fd, path)) return real(fd);
    int64_t ms = atomic_load(&switches->sync_ms);
    if (ms > 0) usleep((useconds_t)ms * 1000);
    if (atomic_load(&switches->syncs_fail)) {
        atomic_fetch_add(&switches->failed_syncs, 1);
        errno = EIO;
        return -1;
    }
    keep(fd, path);
    /* The copy is what survives here; the real disk's own sync would only cost time. */
    return 0;
}

int fsync(int fd) { return sync_through(fd, real_fsync); }

int fdatasync(int fd) { return sync_through(fd, real_fdatasync); }

/* A file that is deleted is not there after a power cut either. */
int unlink(const char *path) {
    char name[PATH_SIZE];
    if (switches && strncmp(path, data, strlen(data)) == 0) {
        durable_path(path, name);
        real_unlink(name);
        pthread_mutex_lock(&lock);
        struct dirty *file = entry(path);
        file->from = file->to = 0;
        pthread_mutex_unlock(&lock);
    }
    return real_unlink(path);
}

/* --- clocks --- */

int clock_gettime(clockid_t clock, struct timespec *now) {
    if (!real_clock_gettime) real_clock_gettime = next("clock_gettime");
    int answer = real_clock_gettime(clock, now);
    if (answer == 0 && switches && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
        int64_t ms = atomic_load(&switches->clock_ms);
        now->tv_sec += ms / 1000;
        now->tv_nsec += ms % 1000 * 1000000;
        if (now->tv_nsec < 0) now->tv_sec--, now->tv_nsec += 1000000000;
        if (now->tv_nsec >= 1000000000) now->tv_sec++, now->tv_nsec -= 1000000000;
    }
    return answer;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    struct timespec precise;
    (void)zone;
    int answer = clock_gettime(CLOCK_REALTIME, &precise);
    now->tv_sec = precise.tv_sec;
    now->tv_usec = precise.tv_nsec / 1000;
    return answer;
}
