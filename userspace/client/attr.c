// SPDX-License-Identifier: MIT
/*
 * The attributes of the family. Nothing received is believed: each is checked
 * against its type before anybody looks inside.
 */
#include <errno.h>
#include <string.h>

#include "attr.h"

enum kind { SKIP, NUMBER16, NUMBER32, NUMBER64, STRING, BYTES, FLAG, NEST };

static const struct {
	enum kind kind;
	const char *name;
} types[FNG_A_MAX + 1] = {
	[FNG_A_STATE] = { NUMBER32, "state" },
	[FNG_A_REASON] = { STRING, "reason" },
	[FNG_A_POLICY_GEN] = { NUMBER64, "policy-gen" },
	[FNG_A_BINDING_GEN] = { NUMBER64, "binding-gen" },
	[FNG_A_IMAGE_ABI] = { NUMBER32, "image-abi" },
	[FNG_A_MODULE_VERSION] = { STRING, "module-version" },
	[FNG_A_NR_POLICIES] = { NUMBER32, "nr-policies" },
	[FNG_A_NR_BINDINGS] = { NUMBER32, "nr-bindings" },
	[FNG_A_NR_SUBJECTS] = { NUMBER32, "nr-subjects" },
	[FNG_A_NR_ENTERING] = { NUMBER32, "nr-entering" },
	[FNG_A_EVENTS_LOST] = { NUMBER64, "events-lost" },
	[FNG_A_DENIED] = { NUMBER64, "denied" },
	[FNG_A_AGENT] = { FLAG, "agent" },
	[FNG_A_HOOK] = { NEST, "hook" },
	[FNG_A_HOOK_ID] = { NUMBER32, "hook-id" },
	[FNG_A_HOOK_PROVEN] = { FLAG, "hook-proven" },
	[FNG_A_HOOK_ABSENT] = { FLAG, "hook-absent" },
	[FNG_A_POLICY] = { NEST, "policy" },
	[FNG_A_POLICY_NAME] = { STRING, "policy-name" },
	[FNG_A_POLICY_VERSION] = { NUMBER32, "policy-version" },
	[FNG_A_REPLACE_WITH] = { STRING, "replace-with" },
	[FNG_A_IMAGE_FD] = { NUMBER32, "image-fd" },
	[FNG_A_IMAGE_SIZE] = { NUMBER32, "image-size" },
	[FNG_A_IMAGE_HASH] = { NUMBER64, "image-hash" },
	[FNG_A_NR_RULES] = { NUMBER32, "nr-rules" },
	[FNG_A_MODE] = { NUMBER32, "mode" },
	[FNG_A_CGROUP_FD] = { NUMBER32, "cgroup-fd" },
	[FNG_A_CGROUP_ID] = { NUMBER64, "cgroup-id" },
	[FNG_A_CGROUP_PATH] = { STRING, "cgroup-path" },
	[FNG_A_LABELS] = { STRING, "labels" },
	[FNG_A_TEMPLATE] = { FLAG, "template" },
	[FNG_A_PARTIAL] = { FLAG, "partial" },
	[FNG_A_DEAD] = { FLAG, "dead" },
	[FNG_A_EVENT] = { NEST, "event" },
	[FNG_A_KIND] = { NUMBER32, "kind" },
	[FNG_A_SEQ] = { NUMBER64, "seq" },
	[FNG_A_TIME_BOOT] = { NUMBER64, "time-boot" },
	[FNG_A_TIME_WALL] = { NUMBER64, "time-wall" },
	[FNG_A_RULE_ID] = { NUMBER32, "rule-id" },
	[FNG_A_RULE_FILE] = { STRING, "rule-file" },
	[FNG_A_RULE_LINE] = { NUMBER32, "rule-line" },
	[FNG_A_RULE_TEXT] = { STRING, "rule-text" },
	[FNG_A_CLASS] = { NUMBER32, "class" },
	[FNG_A_ACCESS] = { NUMBER32, "access" },
	[FNG_A_ERRNO] = { NUMBER32, "errno" },
	[FNG_A_OBJECT] = { BYTES, "object" },
	[FNG_A_OBJECT_LEN] = { NUMBER32, "object-len" },
	[FNG_A_OBJECT_HASH] = { NUMBER64, "object-hash" },
	[FNG_A_ADDR] = { BYTES, "addr" },
	[FNG_A_PORT] = { NUMBER16, "port" },
	[FNG_A_PROTO] = { NUMBER32, "proto" },
	[FNG_A_PID] = { NUMBER32, "pid" },
	[FNG_A_TGID] = { NUMBER32, "tgid" },
	[FNG_A_PPID] = { NUMBER32, "ppid" },
	[FNG_A_UID] = { NUMBER32, "uid" },
	[FNG_A_LOGINUID] = { NUMBER32, "loginuid" },
	[FNG_A_COMM] = { STRING, "comm" },
	[FNG_A_EXE] = { BYTES, "exe" },
	[FNG_A_START_TIME] = { NUMBER64, "start-time" },
	[FNG_A_SOCKET_COOKIE] = { NUMBER64, "socket-cookie" },
	[FNG_A_ENTERING] = { FLAG, "entering" },
	[FNG_A_VERDICT] = { NEST, "verdict" },
	[FNG_A_REFUSED] = { FLAG, "refused" },
	[FNG_A_AUDIT] = { FLAG, "audit" },
	[FNG_A_COUNT] = { NUMBER64, "count" },
	[FNG_A_REPORTED] = { NUMBER64, "reported" },
	[FNG_A_REPEAT] = { NUMBER64, "repeat" },
	[FNG_A_UNHEARD] = { NUMBER64, "unheard" },
	[FNG_A_FILE_FD] = { NUMBER32, "file-fd" },
	[FNG_A_FILE_SIZE] = { NUMBER64, "file-size" },
	[FNG_A_FILE_CTIME] = { NUMBER64, "file-ctime" },
	[FNG_A_SHA256] = { BYTES, "sha256" },
	[FNG_A_MOMENT] = { NUMBER64, "moment" },
	[FNG_A_CLOCK_STEPS] = { NUMBER32, "clock-steps" },
	[FNG_A_SEALED] = { FLAG, "sealed" },
	[FNG_A_SIGNATURE_SIZE] = { NUMBER32, "signature-size" },
	[FNG_A_CERTIFICATE] = { BYTES, "certificate" },
	[FNG_A_HOST] = { BYTES, "host" },
	[FNG_A_RESOLVER] = { BYTES, "resolver" },
	[FNG_A_TTL] = { NUMBER32, "ttl" },
	[FNG_A_HITS] = { NUMBER32, "hits" },
	[FNG_A_DEVICE_ID] = { NUMBER64, "device-id" },
	[FNG_A_IFINDEX] = { NUMBER32, "ifindex" },
	[FNG_A_IFNAME] = { STRING, "ifname" },
	[FNG_A_NETNS_FD] = { NUMBER32, "netns-fd" },
	[FNG_A_NETNS] = { NUMBER32, "netns" },
	[FNG_A_NR_DEVICES] = { NUMBER32, "nr-devices" },
	[FNG_A_ACT] = { NUMBER32, "act" },
	[FNG_A_NUMBER] = { NUMBER32, "number" },
	[FNG_A_TARGET] = { BYTES, "target" },
	[FNG_A_NR_ACTS] = { NUMBER32, "nr-acts" },
	[FNG_A_UNKEPT] = { NUMBER64, "unkept" },
	[FNG_A_SECONDS] = { NUMBER32, "seconds" },
	[FNG_A_NR_EXEMPT] = { NUMBER32, "nr-exempt" },
	[FNG_A_KILLED] = { FLAG, "killed" },
	[FNG_A_KILLS] = { NUMBER64, "kills" },
	[FNG_A_NR_QUARANTINED] = { NUMBER32, "nr-quarantined" },
	[FNG_A_PHASE] = { STRING, "phase" },
	[FNG_A_NEXT_PHASE] = { STRING, "next-phase" },
	[FNG_A_ENTER] = { NUMBER32, "enter" },
	[FNG_A_PHASES] = { NUMBER64, "phases" },
	[FNG_A_ACTIVATION] = { STRING, "activation" },
	[FNG_A_OBSERVED] = { FLAG, "observed" },
	[FNG_A_STDIO] = { NUMBER32, "stdio" },
	[FNG_A_QUARANTINED] = { FLAG, "quarantined" },
	[FNG_A_EXCESS] = { FLAG, "excess" },
	[FNG_A_UNCONFIRMED] = { NUMBER32, "unconfirmed" },
	[FNG_A_CANDIDATE] = { FLAG, "candidate" },
	[FNG_A_CANDIDATE_POLICY] = { NEST, "candidate-policy" },
	[FNG_A_CANDIDATE_DENIES] = { FLAG, "candidate-denies" },
	[FNG_A_CANDIDATE_ALLOWS] = { FLAG, "candidate-allows" },
	[FNG_A_WOULD_DENY] = { NUMBER64, "would-deny" },
	[FNG_A_WOULD_ALLOW] = { NUMBER64, "would-allow" },
};

const char *fng_attr_name(unsigned int type)
{
	return type <= FNG_A_MAX && types[type].name ? types[type].name : "?";
}

static bool fits(const struct nlattr *attr, enum kind kind)
{
	const char *data = fng_attr_data(attr);
	size_t size = fng_attr_size(attr);

	switch (kind) {
	case NUMBER16:
		return size == 2;
	case NUMBER32:
		return size == 4;
	case NUMBER64:
		return size == 8;
	case STRING:
		return size && !data[size - 1];
	default:
		return true;
	}
}

int fng_attrs_parse(struct fng_attrs *attrs, const void *data, size_t size)
{
	const struct nlattr *attr = data;
	size_t step;
	u16 type;

	memset(attrs, 0, sizeof(*attrs));
	while (size) {
		if (size < NLA_HDRLEN || attr->nla_len < NLA_HDRLEN ||
		    attr->nla_len > size)
			return -EBADMSG;
		type = attr->nla_type & NLA_TYPE_MASK;
		if (type <= FNG_A_MAX && types[type].kind != SKIP) {
			if (!fits(attr, types[type].kind))
				return -EBADMSG;
			if (!attrs->attr[type])
				attrs->attr[type] = attr;
		}
		step = NLA_ALIGN(attr->nla_len);
		if (step >= size)
			break;
		size -= step;
		attr = (const struct nlattr *)((const char *)attr + step);
	}
	return 0;
}

u64 fng_attr_number(const struct fng_attrs *attrs, unsigned int type)
{
	const struct nlattr *attr = attrs->attr[type];
	u64 number = 0;

	if (attr)
		memcpy(&number, fng_attr_data(attr), fng_attr_size(attr));
	return number;
}

const char *fng_attr_string(const struct fng_attrs *attrs, unsigned int type)
{
	const struct nlattr *attr = attrs->attr[type];

	return attr ? fng_attr_data(attr) : NULL;
}
