// SPDX-License-Identifier: MIT
/*
 * The table of keys. Order is that of the documentation.
 */
#include <compiler/schema.h>

#define TEXT(section, name, flags, parse, doc) \
	{ section, name, FNGC_TYPE_TEXT, flags, 0, NULL, NULL, parse, doc }
#define NUMBER(section, name, flags, parse, doc) \
	{ section, name, FNGC_TYPE_NUMBER, flags, 0, NULL, NULL, parse, doc }
#define WORD(section, name, flags, words, parse, doc) \
	{ section, name, FNGC_TYPE_WORD, flags, 0, NULL, words, parse, doc }
#define TEXTS(section, name, flags, parse, doc) \
	{ section, name, FNGC_TYPE_TEXTS, flags, 0, NULL, NULL, parse, doc }
#define WORDS(section, name, flags, words, parse, doc) \
	{ section, name, FNGC_TYPE_WORDS, flags, 0, NULL, words, parse, doc }
#define MAP(section, name, flags, child, parse, doc) \
	{ section, name, FNGC_TYPE_MAP, flags, 0, child, NULL, parse, doc }
#define MAPS(section, name, flags, child, parse, doc) \
	{ section, name, FNGC_TYPE_MAPS, flags, 0, child, NULL, parse, doc }
#define FREE(section, name, flags, parse, doc) \
	{ section, name, FNGC_TYPE_FREE, flags, 0, NULL, NULL, parse, doc }
#define CLASS(name, class, doc) \
	{ "", name, FNGC_TYPE_MAP, 0, class, name, NULL, fngc_parse_class, doc }
#define MODE(section) \
	WORD(section, "mode", POLICY_ONLY, fngc_mode_words, \
	     fngc_parse_class_mode, \
	     "Mode of this section, if it is not that of the policy.")
#define DEFAULT(section) \
	WORD(section, "default", 0, fngc_effect_words, fngc_parse_default, \
	     "What happens where no rule matches; deny if not said.")
#define QUESTION(name, doc) \
	TEXT("tests", name, 0, fngc_parse_test_question, doc)

#define POLICY_ONLY	FNGC_KEY_POLICY_ONLY
#define REQUIRED	FNGC_KEY_REQUIRED
#define NOT_EMPTY	FNGC_KEY_NOT_EMPTY

const struct fngc_key fngc_keys[] = {
	TEXT("", "policy", 0, fngc_parse_name,
	     "Name: [a-z0-9][a-z0-9._-]{0,62}."),
	TEXT("", "template", 0, fngc_parse_name,
	     "Instead of policy: this file is for others to extend; its own "
	     "name without .yaml."),
	NUMBER("", "version", POLICY_ONLY, fngc_parse_version,
	       "The author's number, shown in every event."),
	TEXTS("", "extends", 0, NULL,
	      "Templates whose rules are added; later files win on settings."),
	FREE("", "params", 0, NULL,
	     "Parameters and their defaults, for ${name} in values below; a "
	     "parameter without a default must be set by --set."),
	WORD("", "mode", POLICY_ONLY, fngc_mode_words, fngc_parse_mode,
	     "enforce refuses; audit allows and reports what it would refuse."),
	MAP("", "attach", POLICY_ONLY, "attach", NULL,
	    "Which cgroups and network devices the policy binds by itself."),
	TEXTS("attach", "cgroup", 0, fngc_parse_attach_cgroup,
	      "Patterns of cgroup paths from the root of the v2 hierarchy."),
	TEXTS("attach", "interface", 0, fngc_parse_attach_interface,
	      "Patterns of names of network devices that guests are behind."),
	MAPS("", "override", 0, "override", fngc_parse_override,
	     "Rules of templates that are taken out."),
	TEXT("override", "rule", REQUIRED, fngc_parse_text_out,
	     "The rule as template:line, or template:line:column."),
	TEXT("override", "reason", REQUIRED, fngc_parse_text_out,
	     "Why; shown by policy check."),

	CLASS("exec", FNG_CLASS_EXEC, "What code may run."),
	DEFAULT("exec"),
	MODE("exec"),
	TEXTS("exec", "allow", 0, fngc_parse_exec_paths,
	      "Programs and interpreters that may be executed, and mapped as "
	      "code."),
	TEXTS("exec", "map", 0, fngc_parse_exec_paths,
	      "Files that may be mapped as code: libraries."),
	TEXTS("exec", "deny", 0, fngc_parse_exec_paths,
	      "Files that may be neither; beats allow and map."),
	WORD("exec", "fileless", 0, fngc_effect_words, fngc_parse_fileless,
	     "Code without a file name: memfd, deleted, O_TMPFILE, anonymous; "
	     "deny if not said."),
	WORD("exec", "modified", 0, fngc_effect_words, fngc_parse_modified,
	     "Code in files that somebody has open for writing, or that changed "
	     "since the policy was bound to the cgroup; allow if not said."),
	FREE("exec", "sha256", 0, fngc_parse_sha256,
	     "Paths of files, without patterns, and the SHA-256 of what has to "
	     "be in them: /app/worker: 9f86d081..."),

	CLASS("memory", FNG_CLASS_MEMORY, "What memory may become code."),
	MODE("memory"),
	WORD("memory", "write-exec", 0, fngc_effect_words,
	     fngc_parse_write_exec,
	     "Mappings that are writable and executable, at once or one after "
	     "the other; deny if not said."),

	CLASS("files", FNG_CLASS_FILES, "Which files may be used, and how."),
	DEFAULT("files"),
	MODE("files"),
	MAPS("files", "rules", 0, "files.rules", fngc_parse_files_rule,
	     "Deny beats allow beats default, whatever the order."),
	TEXT("files.rules", "path", REQUIRED, fngc_parse_files_path,
	     "Pattern of the path as the function sees it."),
	WORDS("files.rules", "allow", 0, fngc_access_words,
	      fngc_parse_files_access, "What is allowed there."),
	WORDS("files.rules", "deny", 0, fngc_access_words,
	      fngc_parse_files_access, "What is refused there."),

	CLASS("egress", FNG_CLASS_EGRESS, "Where packets may go."),
	DEFAULT("egress"),
	MODE("egress"),
	TEXTS("egress", "resolvers", 0, fngc_parse_resolvers,
	      "Addresses of name servers that may be asked, and whose answers "
	      "host rules believe."),
	WORD("egress", "dns", 0, fngc_dns_words, fngc_parse_dns,
	     "strict refuses to ask for names that no host rule allows; any if "
	     "not said."),
	MAPS("egress", "rules", 0, "egress.rules", fngc_parse_egress_rule,
	     "Deny beats allow beats default, whatever the order."),
	MAP("egress.rules", "allow", 0, "egress.rules.target",
	    fngc_parse_egress_effect, "Destinations that are allowed."),
	MAP("egress.rules", "deny", 0, "egress.rules.target",
	    fngc_parse_egress_effect, "Destinations that are refused."),
	TEXTS("egress.rules.target", "to", NOT_EMPTY, fngc_parse_egress_to,
	      "Addresses, networks and sets: 10.0.0.1, fd00::/8, @loopback."),
	TEXT("egress.rules.target", "host", 0, fngc_parse_egress_host,
	     "Instead of to: api.example.com, *.example.com for one label more, "
	     "**.example.com for any number; the addresses are those that a "
	     "resolver has given the function."),
	WORD("egress.rules.target", "answers", 0, fngc_answer_words,
	     fngc_parse_egress_answers,
	     "any believes addresses that are private, of the link or loopback, "
	     "too; public if not said."),
	TEXTS("egress.rules.target", "ports", NOT_EMPTY,
	      fngc_parse_egress_ports,
	      "443/tcp, 8000-8100/tcp, 53 (tcp and udp), \"*/udp\", icmp; if not "
	      "said, an allow rule covers all of tcp and udp, a deny rule "
	      "everything."),

	CLASS("sockets", FNG_CLASS_SOCKETS, "Which sockets may be made."),
	MODE("sockets"),
	WORDS("sockets", "families", 0, fngc_family_words,
	      fngc_parse_families, "Address families; all if not said."),
	WORDS("sockets", "types", 0, fngc_type_words, fngc_parse_types,
	      "Socket types; all if not said."),

	CLASS("privileges", FNG_CLASS_PRIVILEGES,
	      "What the function may do beyond what its user may."),
	MODE("privileges"),
	WORDS("privileges", "capabilities", 0, fngc_capability_words,
	      fngc_parse_capabilities,
	      "Capabilities that may be used; all if not said. That of a later "
	      "file takes the place of a template's."),
	WORDS("privileges", "allow", 0, fngc_privilege_words,
	      fngc_parse_privileges,
	      "What else is allowed; nothing if not said. Some words lift a "
	      "part of the fixed floor."),

	CLASS("listen", FNG_CLASS_LISTEN,
	      "On which of its ports the function can be reached."),
	DEFAULT("listen"),
	MODE("listen"),
	TEXTS("listen", "allow", 0, fngc_parse_listen_ports,
	      "8080/tcp, 5000-5010/udp, 8080 (tcp and udp), \"*/udp\"; 0 is a "
	      "port that the kernel chooses."),
	TEXTS("listen", "deny", 0, fngc_parse_listen_ports,
	      "The same; deny beats allow beats default."),

	CLASS("unix", FNG_CLASS_UNIX,
	      "Which Unix sockets the function may talk to."),
	DEFAULT("unix"),
	MODE("unix"),
	TEXTS("unix", "allow", 0, fngc_parse_unix_peers,
	      "/run/fn/*.sock of the function's own cgroups, as it sees the "
	      "path; host:/run/log.sock of anybody else, as they see it; "
	      "@fn-* abstract."),
	TEXTS("unix", "deny", 0, fngc_parse_unix_peers,
	      "The same; deny beats allow beats default."),

	CLASS("limits", FNG_CLASS_LIMITS,
	      "How much of what is allowed. A rate is 50/s, 50/m or 50/h, with "
	      "a burst, as in 50/s burst 100, if more may be used at once than "
	      "in a second."),
	MODE("limits"),
	TEXT("limits", "connect", 0, fngc_parse_limit,
	     "Rate of connections, and other choices of a destination by "
	     "connect()."),
	TEXT("limits", "egress", 0, fngc_parse_limit,
	     "Rate of bytes that are sent, with the headers of IP: 20MiB/s burst "
	     "64MiB; in B, KiB, MiB, GiB, kB, MB or GB."),
	TEXT("limits", "egress-total", 0, fngc_parse_limit,
	     "Bytes that may be sent in all: 1GiB."),
	TEXT("limits", "destinations", 0, fngc_parse_limit,
	     "How many addresses something may be sent to, at most 1024."),
	TEXT("limits", "dns-queries", 0, fngc_parse_limit,
	     "Rate of questions to name servers."),
	TEXT("limits", "dns-label", 0, fngc_parse_limit,
	     "Bytes of the longest label of a name that is asked for, at most "
	     "63."),
	TEXT("limits", "exec", 0, fngc_parse_limit,
	     "Rate of programs that are executed."),
	TEXT("limits", "fork", 0, fngc_parse_limit,
	     "Rate of processes and threads that are made."),
	TEXT("limits", "open", 0, fngc_parse_limit,
	     "Rate of files that are opened."),
	TEXT("limits", "map", 0, fngc_parse_limit,
	     "Rate of mappings of memory that are made."),

	MAP("", "response", 0, "response", NULL,
	    "What a refusal looks like, and what it leads to."),
	MAP("response", "errno", 0, "response.errno", NULL,
	    "Error number of a refusal, by section."),
#define ERRNO(name, class, doc) \
	{ "response.errno", name, FNGC_TYPE_WORD, 0, class, NULL, \
	  fngc_errno_words, fngc_parse_errno, doc }
	ERRNO("exec", FNG_CLASS_EXEC, "EACCES if not said."),
	ERRNO("memory", FNG_CLASS_MEMORY, "EPERM if not said."),
	ERRNO("files", FNG_CLASS_FILES, "EACCES if not said."),
	ERRNO("egress", FNG_CLASS_EGRESS, "ECONNREFUSED if not said."),
	ERRNO("sockets", FNG_CLASS_SOCKETS, "EPERM if not said."),
	ERRNO("privileges", FNG_CLASS_PRIVILEGES, "EPERM if not said."),
	ERRNO("listen", FNG_CLASS_LISTEN, "EPERM if not said."),
	ERRNO("unix", FNG_CLASS_UNIX, "EPERM if not said."),
	ERRNO("limits", FNG_CLASS_LIMITS, "EAGAIN if not said."),
	WORDS("response", "kill", NOT_EMPTY, fngc_kill_words, fngc_parse_kill,
	      "Who is refused something by these is killed; fileless is code "
	      "without a file."),
	TEXT("response", "quarantine", 0, fngc_parse_quarantine,
	     "After so many refusals in so long, nothing is executed or sent: "
	     "20 denials / 10s."),

	FREE("", "phases", POLICY_ONLY, fngc_parse_phases,
	     "Names of at most four phases, in order, each with sections whose keys "
	     "take the place of the policy's once a cgroup has entered it, which "
	     "is one way; none may allow what was refused before it."),
	TEXT("phases", "enter", 0, fngc_parse_phase_enter,
	     "listen or accept: the first time that the function does that on "
	     "a TCP socket; 30s, 5m or 1h: so long after the phase before was "
	     "entered, or the function was first met; by the host alone if not "
	     "said."),
	WORD("phases", "mode", 0, fngc_phase_mode_words, fngc_parse_phase_mode,
	     "audit only tells what the phase would refuse; what was in force "
	     "before stays in force."),
#define PHASE(name, class) \
	{ "phases", name, FNGC_TYPE_MAP, 0, class, name, NULL, \
	  fngc_parse_phase_section, "What it has takes the place of the same in " name "." }
	PHASE("exec", FNG_CLASS_EXEC),
	PHASE("memory", FNG_CLASS_MEMORY),
	PHASE("files", FNG_CLASS_FILES),
	PHASE("egress", FNG_CLASS_EGRESS),
	PHASE("sockets", FNG_CLASS_SOCKETS),
	PHASE("privileges", FNG_CLASS_PRIVILEGES),
	PHASE("listen", FNG_CLASS_LISTEN),
	PHASE("unix", FNG_CLASS_UNIX),
	PHASE("limits", FNG_CLASS_LIMITS),

	WORDS("", "observe", NOT_EMPTY, fngc_observable_words,
	      fngc_parse_observe,
	      "What is reported when it is allowed, too: exec, map, open, "
	      "connect, listen."),
	TEXT("", "observe-rate", 0, fngc_parse_observe_rate,
	     "How much of that is reported from each cgroup, as 50/s burst 100; "
	     "what is over is counted. 100/s if not said."),

	MAPS("", "tests", POLICY_ONLY, "tests", fngc_parse_test,
	     "Questions with expected answers, for policy test."),
	QUESTION("open", "Access to a path; read, unless access says."),
	QUESTION("read", "Path that is read."),
	QUESTION("write", "Path that is written."),
	QUESTION("create", "Path that is created."),
	QUESTION("delete", "Path that is removed."),
	QUESTION("attr", "Path whose mode or owner is changed."),
	QUESTION("link", "Path that gets another hard link."),
	QUESTION("exec", "Path that is executed."),
	QUESTION("map", "Path that is mapped as code."),
	QUESTION("connect", "Destination: 1.2.3.4:443/tcp, [::1]:53/udp, "
			    "api.example.com:443."),
	QUESTION("resolve", "Name that a resolver is asked for."),
	QUESTION("listen", "Port to be reached on: 8080/tcp; 0 if the kernel "
			   "chooses."),
	QUESTION("unix", "Unix socket: /path, host:/path or @name."),
	QUESTION("socket", "Socket that is made: inet/stream."),
	QUESTION("fileless", "exec or map of code without a file."),
	QUESTION("modified", "exec or map of code in a file that changed."),
	QUESTION("undigested", "Path of a program that is not what its sha256 says."),
	QUESTION("write-exec", "mmap or mprotect to writable and executable."),
	QUESTION("capability", "Capability that is used: net_raw."),
	QUESTION("privilege", "What privileges.allow names: setuid, ptrace, ..."),
	QUESTION("floor", "Part of the fixed floor: mount, bpf, ..."),
	WORDS("tests", "access", NOT_EMPTY, fngc_access_words,
	      fngc_parse_test_access, "For open: what kind of access."),
	WORD("tests", "expect", REQUIRED, fngc_effect_words,
	     fngc_parse_test_expect, "The answer that is right."),
	TEXT("tests", "phase", 0, fngc_parse_test_phase,
	     "The phase that is asked; what the policy starts in if not said."),
	TEXT("tests", "rule", 0, fngc_parse_test_rule,
	     "The rule that must decide, as file:line without .yaml."),

	TEXT("set", "set", REQUIRED, fngc_parse_set_name,
	     "Name of the set; its file's own name without .yaml."),
	TEXTS("set", "addresses", REQUIRED, fngc_parse_set_addresses,
	      "Addresses and networks."),
	{ NULL, NULL, 0, 0, 0, NULL, NULL, NULL, NULL },
};
