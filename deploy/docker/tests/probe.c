// Tries what a slice's seccomp profile has to refuse or allow, each in a child of its own, and prints `name: errno or ok`.
// Arguments are such that a call which comes through changes nothing: a profile says EPERM before they are looked at.
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void tell(const char *name, long result) {
    printf("%s: %s\n", name, result < 0 ? strerrorname_np(errno) : "ok");
    fflush(stdout);
}

// A call that changes its process is made by a child.
#define APART(name, call)                                                                                              \
    do {                                                                                                               \
        fflush(stdout);                                                                                                \
        pid_t child = fork();                                                                                          \
        if (child == 0) {                                                                                              \
            tell(name, call);                                                                                          \
            _exit(0);                                                                                                  \
        }                                                                                                              \
        int status;                                                                                                    \
        waitpid(child, &status, 0);                                                                                    \
        if (WIFSIGNALED(status)) printf("%s: signal %d\n", name, WTERMSIG(status));                                    \
    } while (0)

static long clone_with(unsigned long flags) {
    long child = syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0);
    if (child == 0) _exit(0);
    return child;
}

// The same numbers by the door of 32-bit programs, which the profile keeps shut.
static long socket_by_the_32_bit_door(void) {
    long result;
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(359), "b"(AF_NETLINK), "c"(SOCK_RAW), "d"(12) : "memory");
    if (result >= 0) return result;
    errno = (int)-result;
    return -1;
}

int main(void) {
    if (getuid() == 0) return fprintf(stderr, "not as root\n"), 2;
    APART("chroot without a user namespace", syscall(SYS_chroot, "/"));
    APART("clone3", syscall(SYS_clone3, 0, 0));
    APART("mount", syscall(SYS_mount, 1, 1, 1, 0, 0));
    APART("setns", syscall(SYS_setns, -1, 0));
    APART("keyctl", syscall(SYS_keyctl, 0, -3, 0, 0, 0));
    APART("userfaultfd", syscall(SYS_userfaultfd, 1));
    APART("bpf", syscall(SYS_bpf, 0, 0, 0));
    APART("perf_event_open", syscall(SYS_perf_event_open, 0, 0, -1, -1, 0));
    APART("io_uring_setup", syscall(SYS_io_uring_setup, 1, 0));
    APART("open_by_handle_at", syscall(SYS_open_by_handle_at, -1, 0, 0));
    APART("init_module", syscall(SYS_init_module, 0, 0, 1));

    APART("socket unix", socket(AF_UNIX, SOCK_STREAM, 0));
    APART("socket inet", socket(AF_INET, SOCK_STREAM, 0));
    APART("socket inet6", socket(AF_INET6, SOCK_STREAM, 0));
    APART("socket netlink route", socket(AF_NETLINK, SOCK_RAW, 0));
    APART("socket netlink netfilter", socket(AF_NETLINK, SOCK_RAW, 12));
    APART("socket netlink xfrm", socket(AF_NETLINK, SOCK_RAW, 6));
    APART("socket packet", socket(AF_PACKET, SOCK_RAW, 0));
    APART("socket vsock", socket(AF_VSOCK, SOCK_STREAM, 0));
    APART("socket alg", socket(AF_ALG, SOCK_SEQPACKET, 0));
    APART("socket 32-bit", socket_by_the_32_bit_door());

    APART("unshare user", syscall(SYS_unshare, CLONE_NEWUSER));
    APART("unshare user and mount", syscall(SYS_unshare, CLONE_NEWUSER | CLONE_NEWNS));
    APART("unshare net", syscall(SYS_unshare, CLONE_NEWNET));
    APART("clone user, pid and net", clone_with(CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET));
    APART("clone user and mount", clone_with(CLONE_NEWUSER | CLONE_NEWNS));
    APART("clone user and ipc", clone_with(CLONE_NEWUSER | CLONE_NEWIPC));
    return 0;
}
