# SPDX-License-Identifier: MIT
"""What is measured, what it is called, and what was promised of it."""
import collections

# hooks: calls of hooks in one operation, and packets: both as seen by a task that no policy applies to; None where that depends
# on how a program is loaded. limit: what being guarded may add. peers: who does the same work. Rows by the link
# to a guest, and of names, are of columns that have something to say about them.
Row = collections.namedtuple("Row", "title hooks packets limit peers")

# Who sends is judged as a task and by the cgroup that made its socket. The hooks alone, "bpf", do not judge the latter.
FILES, PACKETS = ("apparmor", "bpf"), ("nftables", "bpf_packets")
LINK = ("nftables",)
ROWS = {
    "stat": Row("stat, 6 components", 0, 0, None, ()),
    "open_2": Row("open+close, 2 components", 1, 0, None, FILES),
    "open_6": Row("open+close, 6 components", 1, 0, 1300, FILES),
    "open_12": Row("open+close, 12 components", 1, 0, None, FILES),
    "create_unlink": Row("create+close, unlink", 3, 0, None, FILES),
    "rename": Row("rename, there and back", 2, 0, None, FILES),
    "exec_static": Row("vfork, exec, wait: static", None, None, None, FILES),
    "exec_dynamic": Row("vfork, exec, wait: dynamic", None, None, None, FILES),
    "fork": Row("fork, exit, wait", None, None, None, ()),
    # The kernel asks about the file and about the address. AppArmor remembers with the open file what it allowed, so that mapping
    # it again decides nothing; a name that has changed since is still allowed.
    "mmap_exec": Row("executable mmap+munmap", 2, 0, None, ("bpf",)),
    "udp_connect": Row("UDP connect", 1, 0, 250, ("bpf",)),
    "udp_send": Row("UDP sendto+recv, loopback", 1, 1, 420, PACKETS),
    "tcp_connection": Row("TCP connect, accept, 1 byte, close", 4, 8, 2500, PACKETS),
    "tcp_stream": Row("TCP 4 KiB write+read, established", 1, 2, 260, PACKETS),
    # One of 256 after the other: what was decided for the last ones is of no use.
    "udp_connect_new": Row("UDP connect, each elsewhere", 1, 0, None, ("bpf",)),
    "udp_send_new": Row("UDP sendto+recv, each elsewhere", 1, 1, None, PACKETS),
    # What the guest's own kernel does is in the figures, and so are our hooks on its sockets, as its kernel is this one.
    "link_udp_out": Row("datagram of a guest", 1, 1, None, LINK),
    "link_udp_in": Row("datagram to a guest", 1, 1, None, LINK),
    "link_stream_out": Row("4 KiB of a guest, established", 1, 2, None, LINK),
    "link_stream_in": Row("4 KiB to a guest, established", 1, 2, None, LINK),
    "resolve": Row("question to a name server, answer", 2, 2, None, ()),
    "link_denied": Row("a denied datagram of a guest", 1, 1, None, LINK),
    "denied_open": Row("a denied open", 1, 0, None, FILES),
    "denied_connect": Row("a denied TCP connect", 2, 0, None, ("nftables", "bpf")),
}
# A refusal is no operation with something added: what it costs is compared as a whole.
DENIED = ("denied_open", "denied_connect", "link_denied")
PER_HOOK, PER_PACKET = 75, 110

COLUMNS = {
    "bare": "bare",
    "idle": "idle",
    "unguarded": "unguarded",
    "guarded": "guarded",
    "apparmor": "AppArmor",
    "nftables": "nftables",
    "bpf": "BPF LSM",
    "bpf_packets": "+ cgroup_skb",
}
OWN = ("idle", "unguarded", "guarded")
PEERS = ("apparmor", "nftables", "bpf", "bpf_packets")
# Who has to refuse what; nobody else may.
REFUSES = {
    "guarded": DENIED,
    "apparmor": ("denied_open",),
    "nftables": ("denied_connect", "link_denied"),
    "bpf": ("denied_open", "denied_connect"),
    "bpf_packets": ("denied_open", "denied_connect"),
}

SCALES = {
    "rules": "rules, and as many networks",
    "policies": "loaded policies",
    "cgroups": "bound cgroups",
    "depth": "depth of the cgroup, bound at the top",
    "hosts": "rules on names",
    "names": "addresses that names were found to have",
    "devices": "networks, of a bound device",
}
GROWTH = 0.05

# What another cgroup does all the time, most of which is refused.
STORMS = {
    "storm_fork": "a fork bomb",
    "storm_exec": "a storm of execs",
    "storm_connect": "a storm of connects",
    "storm_open": "a flood of refusals",
}
DISTURBANCE = 0.10

# Instructions by which a row's figures differ from run to run, and why; the difference of two columns has both of theirs.
CLOCK = (4, "in some boots reading the clock takes three instructions more")
PAGES = "pages come from lists of another length in each boot; this is what the lower quartile of a hundred rounds differs by"
ALLOCATORS = "whether a packet's memory comes from a fast path depends on what was freed before"
NOISE = {row: CLOCK for row in ROWS}
NOISE.update({
    "exec_static": (1000, PAGES),
    "exec_dynamic": (2000, PAGES),
    "fork": (700, PAGES),
    "create_unlink": (15, ALLOCATORS),
    "rename": (15, ALLOCATORS),
    "tcp_connection": (60, ALLOCATORS),
    "tcp_stream": (250, ALLOCATORS),
    "denied_connect": (700, ALLOCATORS),
    "link_udp_out": (110, ALLOCATORS),
    "link_udp_in": (110, ALLOCATORS),
    "link_stream_out": (110, ALLOCATORS),
    "link_stream_in": (110, ALLOCATORS),
    "link_denied": (700, ALLOCATORS),
    "resolve": (60, ALLOCATORS),
})
