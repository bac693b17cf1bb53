// Attempts of somebody who owns a slice: NAME, NAME=FIRST or NAME=FIRST=SECOND. Each is made by a child of its own and
// answered with a line `ATTEMPT: done`, or `ATTEMPT: refused: ` and the errno or signal. What succeeds ends with the child
// or does no harm. In C, because the workspace forbids unsafe Rust and a raw system call is nothing else.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fanotify.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *first, *second;

static long number(const char *text) { return strtol(text, NULL, 10); }

// Goes on in a child with these new namespaces, as Chromium's sandbox does; the parent ends as the child.
static long enter(unsigned long flags) {
    fflush(stdout);
    long child = syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0);
    if (child <= 0) return child;
    int status;
    waitpid(child, &status, 0);
    if (WIFSIGNALED(status)) kill(getpid(), WTERMSIG(status));
    _exit(0);
}

#define SANDBOX (CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET)

// What Chromium's sandbox needs, and what is allowed therefore: a control that fails nowhere.
static long sandbox(void) { return enter(SANDBOX); }
static long unshare_user(void) { return unshare(CLONE_NEWUSER); }

static long unshare_net(void) { return unshare(CLONE_NEWUSER | CLONE_NEWNET); }
static long unshare_mount(void) {
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0) return -1;
    return mount("tmpfs", "/tmp", "tmpfs", 0, NULL);
}
static long clone_ipc(void) { return enter(CLONE_NEWUSER | CLONE_NEWIPC); }
static long clone_uts(void) { return enter(CLONE_NEWUSER | CLONE_NEWUTS); }
static long clone_cgroup(void) { return enter(CLONE_NEWUSER | CLONE_NEWCGROUP); }
static long clone3(void) {
    struct { uint64_t flags, words[10]; } args = {.flags = CLONE_NEWUSER | CLONE_NEWNS};
    args.words[3] = SIGCHLD;
    fflush(stdout);
    long child = syscall(SYS_clone3, &args, sizeof args);
    if (child == 0) _exit(0);
    return child;
}
static long enter_namespace(void) {
    if (enter(SANDBOX) < 0) return -1;
    return syscall(SYS_setns, open("/proc/self/ns/net", O_RDONLY), CLONE_NEWNET);
}

// Sockets beyond those of a browser, where the namespace gives every right over it.
static long socket_of(int family, int type, int protocol) {
    if (enter(SANDBOX) < 0) return -1;
    return socket(family, type, protocol);
}
static long netfilter(void) { return socket_of(AF_NETLINK, SOCK_RAW, 12); }
static long xfrm(void) { return socket_of(AF_NETLINK, SOCK_RAW, 6); }
static long route(void) { return socket_of(AF_NETLINK, SOCK_RAW, 0); }
static long packet(void) { return socket_of(AF_PACKET, SOCK_RAW, 0); }
static long vsock(void) { return socket_of(AF_VSOCK, SOCK_STREAM, 0); }
// The same by the door of 32-bit programs.
static long netfilter_32(void) {
    long result;
    if (enter(SANDBOX) < 0) return -1;
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(359), "b"(AF_NETLINK), "c"(SOCK_RAW), "d"(12) : "memory");
    if (result >= 0) return result;
    errno = (int)-result;
    return -1;
}

static long add_key(void) { return syscall(SYS_add_key, "user", "queunir", "x", 1, -2); }
static long keyctl(void) { return syscall(SYS_keyctl, 0, -3, 1, 0, 0); }
static long io_uring(void) {
    char parameters[120] = {0};
    return syscall(SYS_io_uring_setup, 1, parameters);
}
static long userfaultfd(void) { return syscall(SYS_userfaultfd, 1 | O_CLOEXEC); }
static long bpf(void) {
    struct { uint32_t type, key, value, entries, rest[28]; } map = {2, 4, 4, 1, {0}};
    return syscall(SYS_bpf, 0, &map, sizeof map);
}
static long perf(void) {
    struct perf_event_attr what = {.type = PERF_TYPE_SOFTWARE, .size = sizeof what, .exclude_kernel = 1, .exclude_hv = 1};
    what.config = PERF_COUNT_SW_TASK_CLOCK;
    return syscall(SYS_perf_event_open, &what, 0, -1, -1, 0);
}
static long fanotify(void) { return syscall(SYS_fanotify_init, FAN_CLASS_NOTIF | FAN_REPORT_FID, O_RDONLY); }
static long fixed_addresses(void) { return personality(ADDR_NO_RANDOMIZE); }
static long foreign_memory(void) { return syscall(SYS_process_vm_readv, getpid(), NULL, 0, NULL, 0, 0); }
static long kernel_log(void) { return syscall(SYS_syslog, 10, NULL, 0); }

// What needs a right, or somebody else's name.
static long become_root(void) {
    if (geteuid() == 0) return 0;
    errno = EPERM;
    return -1;
}
static long make_device(void) { return mknod(first, S_IFCHR | 0600, makedev(1, 3)); }
static long give_away(void) {
    int file = open(first, O_CREAT | O_RDWR, 0600);
    return file < 0 ? -1 : fchown(file, 12345, 12345);
}
static long raw_socket(void) { return socket(AF_INET, SOCK_RAW, 1); }
static long other_user(void) { return setresuid(12345, 12345, 12345); }
static long open_device(void) {
    unlink(first);
    if (mknod(first, S_IFCHR | 0600, makedev(10, 229)) < 0) return -1;
    return open(first, O_RDWR);
}
static long reach(void) { return kill(number(first), 0); }
static long trace(void) { return ptrace(PTRACE_SEIZE, number(first), 0, 0); }
static long shared_memory(void) { return (long)shmat(number(first), NULL, SHM_RDONLY) == -1 ? -1 : 0; }

// What uses something up.
static long fork_many(void) {
    int failure = 0;
    long made = 0, wanted = number(first);
    pid_t *children = calloc(wanted, sizeof *children);
    for (; made < wanted; made++) {
        pid_t child = fork();
        if (child == 0) pause();
        if (child < 0) {
            failure = errno;
            break;
        }
        children[made] = child;
    }
    for (long at = 0; at < made; at++) kill(children[at], SIGKILL);
    while (wait(NULL) > 0) {}
    errno = failure;
    return failure ? -1 : 0;
}
static long open_many(void) {
    // More than it is given, if it may.
    struct rlimit most;
    getrlimit(RLIMIT_NOFILE, &most);
    most.rlim_cur = most.rlim_max;
    setrlimit(RLIMIT_NOFILE, &most);
    for (long made = 0, wanted = number(first); made < wanted; made++)
        if (open("/", O_RDONLY) < 0) return -1;
    return 0;
}
static long raise_to(int limit, rlim_t value) {
    struct rlimit most = {value, value};
    return setrlimit(limit, &most);
}
static long raise_core(void) { return raise_to(RLIMIT_CORE, 1 << 20); }
static long eat(void) {
    size_t size = (size_t)number(first) << 20;
    // Volatile, or the compiler sees that nobody reads it and leaves it out.
    volatile char *memory = malloc(size);
    if (!memory) return -1;
    for (size_t at = 0; at < size; at += 4096) memory[at] = 1;
    return 0;
}
static long fill(void) {
    int file = open(first, O_CREAT | O_WRONLY | O_TRUNC, 0600);
    long done = file < 0 ? -1 : fallocate(file, 0, 0, (off_t)number(second) << 20);
    int failure = errno;
    unlink(first);
    errno = failure;
    return done;
}

// Files.
static long write_file(void) { return open(first, O_CREAT | O_WRONLY, 0600); }
// Never created: a place of the kernel's is opened, and nothing written.
static long open_to_write(void) { return open(first, O_WRONLY); }
static long read_file(void) {
    char byte;
    int file = open(first, O_RDONLY);
    long length = file < 0 ? -1 : read(file, &byte, 1);
    if (length == 0) errno = ENODATA;
    return length == 1 ? 0 : -1;
}
static long list_folder(void) {
    int folder = open(first, O_RDONLY | O_DIRECTORY);
    char bytes[1024];
    return folder < 0 ? -1 : syscall(SYS_getdents64, folder, bytes, sizeof bytes);
}
static long hard_link(void) { return link(first, second); }
static long symbolic_link(void) { return symlink(first, second); }
static long talk_to(void) {
    struct sockaddr_un place = {.sun_family = AF_UNIX};
    strncpy(place.sun_path, first, sizeof place.sun_path - 1);
    return connect(socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr *)&place, sizeof place);
}
static long run_copy(void) {
    int from = open("/proc/self/exe", O_RDONLY), to = open(first, O_CREAT | O_WRONLY | O_TRUNC, 0700);
    char bytes[65536];
    if (to < 0) return -1;
    for (ssize_t length; (length = read(from, bytes, sizeof bytes)) > 0;)
        if (write(to, bytes, length) != length) return -1;
    close(to);
    return execl(first, first, "--run", (char *)NULL);
}

static const struct {
    const char *name;
    long (*attempt)(void);
} attempts[] = {
#define A(name) {#name, name}
    A(sandbox), A(unshare_user), A(unshare_net), A(unshare_mount), A(clone_ipc), A(clone_uts), A(clone_cgroup), A(clone3),
    A(enter_namespace), A(netfilter), A(xfrm), A(route), A(packet), A(vsock), A(netfilter_32), A(add_key),
    A(keyctl), A(io_uring), A(userfaultfd), A(bpf), A(perf), A(fanotify), A(fixed_addresses), A(foreign_memory),
    A(kernel_log), A(become_root), A(make_device), A(give_away), A(raw_socket), A(other_user), A(open_device), A(reach),
    A(trace), A(shared_memory), A(fork_many), A(open_many), A(raise_core), A(eat), A(fill), A(write_file),
    A(open_to_write), A(read_file), A(list_folder), A(hard_link), A(symbolic_link), A(talk_to), A(run_copy),
};

static int attempt(char *words) {
    const char *name = strsep(&words, "=");
    first = words ? strsep(&words, "=") : "";
    second = words ? words : "";
    for (size_t at = 0; at < sizeof attempts / sizeof *attempts; at++) {
        if (strcmp(attempts[at].name, name) != 0) continue;
        if (attempts[at].attempt() < 0)
            printf("refused: %s\n", strerrorname_np(errno));
        else
            puts("done");
        return 0;
    }
    puts("there is no such attempt");
    return 2;
}

int main(int count, char **words) {
    if (count == 2 && strcmp(words[1], "--run") == 0) return puts("done"), 0;
    for (int at = 1; at < count; at++) {
        printf("%s: ", words[at]);
        fflush(stdout);
        pid_t child = fork();
        if (child == 0) return attempt(words[at]);
        int status;
        waitpid(child, &status, 0);
        if (WIFSIGNALED(status)) printf("refused: signal %d\n", WTERMSIG(status));
    }
    return 0;
}
