// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an enforcer made of BPF does for each event: it finds the policy of the
 * cgroup in a hash, has the kernel print the path of a file, and looks for the
 * longest rule in a trie. A refusal is told through a ring. One that also judges
 * what a socket sends by who made the socket has another program for that.
 */
#include "types.h"
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include "maps.h"

/* Components of a name that is put together here. */
#define MAX_DEPTH	20
#define NAME_BYTES	512
#define BITS_OF_POLICY	32

char _license[] SEC("license") = "GPL";

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, __u64);
	__type(value, __u32);
} policies SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, 131072);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct path_key);
	__type(value, struct path_rule);
} paths SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, 131072);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct net4_key);
	__type(value, struct net_rule);
} networks4 SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, 131072);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct net6_key);
	__type(value, struct net_rule);
} networks6 SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 262144);
} events SEC(".maps");

struct scratch {
	struct path_key key;
	/* Filled from NAME_BYTES down; a component may reach beyond it. */
	char name[2 * NAME_BYTES];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct scratch);
} scratches SEC(".maps");

static __always_inline __u32 *policy_of_current(void)
{
	__u64 cgroup = bpf_get_current_cgroup_id();

	return bpf_map_lookup_elem(&policies, &cgroup);
}

static __always_inline struct scratch *scratch_get(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&scratches, &zero);
}

static __always_inline int refuse(__u32 policy, __u32 wanted)
{
	struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

	if (!event)
		return -EPERM;
	event->cgroup = bpf_get_current_cgroup_id();
	event->policy = policy;
	event->wanted = wanted;
	event->pid = bpf_get_current_pid_tgid() >> 32;
	bpf_get_current_comm(event->comm, sizeof(event->comm));
	bpf_ringbuf_submit(event, 0);
	return -EPERM;
}

/* @length is that of the path in @key with its NUL, or a negative errno. */
static __always_inline int judge_path(struct path_key *key, __u32 policy,
				      long length, __u32 wanted)
{
	struct path_rule *rule;

	if (length <= 0 || length > PATH_BYTES)
		return refuse(policy, wanted);
	key->policy = policy;
	key->bits = BITS_OF_POLICY + 8 * length;
	rule = bpf_map_lookup_elem(&paths, key);
	if (!rule || rule->denied & wanted || wanted & ~rule->allowed)
		return refuse(policy, wanted);
	return 0;
}

SEC("lsm/file_open")
int BPF_PROG(on_file_open, struct file *file)
{
	__u32 *policy = policy_of_current(), wanted = 0;
	struct scratch *scratch = scratch_get();
	long length;

	/* What is opened to be executed is judged as that. */
	if (!policy || !scratch || file->f_flags & FMODE_EXEC)
		return 0;
	if (file->f_mode & FMODE_READ)
		wanted |= ACCESS_READ;
	if (file->f_mode & FMODE_WRITE)
		wanted |= ACCESS_WRITE;
	length = bpf_d_path(&file->f_path, scratch->key.path, PATH_BYTES);
	return judge_path(&scratch->key, *policy, length, wanted);
}

SEC("lsm/bprm_check_security")
int BPF_PROG(on_bprm_check, struct linux_binprm *bprm)
{
	struct scratch *scratch = scratch_get();
	__u32 *policy = policy_of_current();
	long length;

	if (!policy || !scratch)
		return 0;
	length = bpf_d_path(&bprm->file->f_path, scratch->key.path, PATH_BYTES);
	return judge_path(&scratch->key, *policy, length, ACCESS_EXEC);
}

SEC("lsm/mmap_file")
int BPF_PROG(on_mmap_file, struct file *file, unsigned long reqprot,
	     unsigned long prot)
{
	struct scratch *scratch;
	__u32 *policy;
	long length;

	if (!file || !(prot & PROT_EXEC))
		return 0;
	scratch = scratch_get();
	policy = policy_of_current();
	if (!policy || !scratch)
		return 0;
	length = bpf_d_path(&file->f_path, scratch->key.path, PATH_BYTES);
	return judge_path(&scratch->key, *policy, length, ACCESS_MAP);
}

/*
 * Puts the name of what is in a directory together, since the kernel prints it
 * for nobody in these hooks. Returns its length with the NUL, or 0.
 */
static __always_inline long print_name(struct scratch *scratch,
				       const struct path *dir,
				       struct dentry *dentry)
{
	struct vfsmount *mnt = dir->mnt;
	__u32 at = NAME_BYTES - 1, length;
	struct mount *mount, *parent;
	int i;

	scratch->name[at] = '\0';
	for (i = 0; i < MAX_DEPTH; i++) {
		if (dentry == BPF_CORE_READ(mnt, mnt_root)) {
			mount = container_of(mnt, struct mount, mnt);
			parent = BPF_CORE_READ(mount, mnt_parent);
			if (parent == mount)
				break;
			dentry = BPF_CORE_READ(mount, mnt_mountpoint);
			mnt = &parent->mnt;
			continue;
		}
		length = BPF_CORE_READ(dentry, d_name.len) & 0xff;
		if (at < length + 1)
			return 0;
		at -= length;
		bpf_probe_read_kernel(&scratch->name[at & (NAME_BYTES - 1)],
				      length,
				      BPF_CORE_READ(dentry, d_name.name));
		at--;
		scratch->name[at & (NAME_BYTES - 1)] = '/';
		dentry = BPF_CORE_READ(dentry, d_parent);
	}
	length = NAME_BYTES - at;
	if (length > PATH_BYTES)
		return 0;
	bpf_probe_read_kernel(scratch->key.path, length,
			      &scratch->name[at & (NAME_BYTES - 1)]);
	return length;
}

static __always_inline int judge_name(const struct path *dir,
				      struct dentry *dentry, __u32 wanted)
{
	struct scratch *scratch = scratch_get();
	__u32 *policy = policy_of_current();
	long length;

	if (!policy || !scratch)
		return 0;
	length = print_name(scratch, dir, dentry);
	return judge_path(&scratch->key, *policy, length, wanted);
}

SEC("lsm/path_mknod")
int BPF_PROG(on_path_mknod, const struct path *dir, struct dentry *dentry)
{
	return judge_name(dir, dentry, ACCESS_CREATE);
}

SEC("lsm/path_unlink")
int BPF_PROG(on_path_unlink, const struct path *dir, struct dentry *dentry)
{
	return judge_name(dir, dentry, ACCESS_DELETE);
}

SEC("lsm/path_rename")
int BPF_PROG(on_path_rename, const struct path *old_dir,
	     struct dentry *old_dentry, const struct path *new_dir,
	     struct dentry *new_dentry)
{
	return judge_name(old_dir, old_dentry, ACCESS_DELETE) ?:
	       judge_name(new_dir, new_dentry, ACCESS_CREATE);
}

static __always_inline bool port_matches(const struct net_rule *rule,
					 __u16 protocol, __u16 port)
{
	int i;

	for (i = 0; i < MAX_RANGES; i++)
		if (i < rule->nr && rule->ranges[i].protocol == protocol &&
		    port >= rule->ranges[i].first &&
		    port <= rule->ranges[i].last)
			return true;
	return !rule->nr;
}

static __always_inline struct net_rule *
find_network4(__u32 policy, const struct sockaddr_any *address)
{
	struct net4_key key = { .bits = BITS_OF_POLICY + 32, .policy = policy };

	__builtin_memcpy(key.address, address->v4, sizeof(key.address));
	return bpf_map_lookup_elem(&networks4, &key);
}

static __always_inline struct net_rule *
find_network6(__u32 policy, const struct sockaddr_any *address)
{
	struct net6_key key = {
		.bits = BITS_OF_POLICY + 128, .policy = policy
	};

	__builtin_memcpy(key.address, address->v6, sizeof(key.address));
	return bpf_map_lookup_elem(&networks6, &key);
}

static __always_inline bool allowed(__u32 policy, __u16 protocol,
				    const struct sockaddr_any *address)
{
	struct net_rule *rule;

	if (address->family == AF_INET)
		rule = find_network4(policy, address);
	else if (address->family == AF_INET6)
		rule = find_network6(policy, address);
	else
		return true;
	return rule && rule->allow &&
	       port_matches(rule, protocol, bpf_ntohs(address->port));
}

static __always_inline int judge_address(struct socket *sock, const void *name)
{
	__u32 *policy = policy_of_current();
	struct sockaddr_any address = {};

	if (!policy)
		return 0;
	bpf_probe_read_kernel(&address, sizeof(address), name);
	if (allowed(*policy, BPF_CORE_READ(sock, sk, sk_protocol), &address))
		return 0;
	return refuse(*policy, 0);
}

SEC("lsm/socket_connect")
int BPF_PROG(on_socket_connect, struct socket *sock, struct sockaddr *address)
{
	return judge_address(sock, address);
}

SEC("lsm/socket_sendmsg")
int BPF_PROG(on_socket_sendmsg, struct socket *sock, struct msghdr *msg)
{
	return msg->msg_name ? judge_address(sock, msg->msg_name) : 0;
}

/*
 * Where a packet goes to, as the protocol of the transport header at @offset
 * says. Later segments of a connection have no port: they are not judged.
 */
static __always_inline bool read_port(struct __sk_buff *skb, __u32 offset,
				      __u16 protocol,
				      struct sockaddr_any *address)
{
	struct tcphdr tcp;

	if (protocol == IPPROTO_TCP) {
		if (bpf_skb_load_bytes(skb, offset, &tcp, sizeof(tcp)))
			return false;
		address->port = tcp.dest;
		return tcp.syn && !tcp.ack;
	}
	if (protocol == IPPROTO_UDP)
		return !bpf_skb_load_bytes(skb, offset + 2, &address->port,
					   sizeof(address->port));
	return true;
}

static __always_inline int judge_packet4(struct __sk_buff *skb, __u32 policy)
{
	struct sockaddr_any address = { .family = AF_INET };
	struct iphdr ip;

	if (bpf_skb_load_bytes(skb, 0, &ip, sizeof(ip)))
		return 0;
	if (!read_port(skb, ip.ihl * 4, ip.protocol, &address))
		return 1;
	__builtin_memcpy(address.v4, &ip.daddr, sizeof(address.v4));
	return allowed(policy, ip.protocol, &address);
}

static __always_inline int judge_packet6(struct __sk_buff *skb, __u32 policy)
{
	struct sockaddr_any address = { .family = AF_INET6 };
	struct ipv6hdr ip;

	if (bpf_skb_load_bytes(skb, 0, &ip, sizeof(ip)))
		return 0;
	if (!read_port(skb, sizeof(ip), ip.nexthdr, &address))
		return 1;
	__builtin_memcpy(address.v6, &ip.daddr, sizeof(address.v6));
	return allowed(policy, ip.nexthdr, &address);
}

SEC("cgroup_skb/egress")
int on_packet(struct __sk_buff *skb)
{
	__u64 cgroup = bpf_skb_cgroup_id(skb);
	__u32 *policy = bpf_map_lookup_elem(&policies, &cgroup);

	if (!policy)
		return 1;
	if (skb->protocol == bpf_htons(ETH_P_IP))
		return judge_packet4(skb, *policy);
	return judge_packet6(skb, *policy);
}
