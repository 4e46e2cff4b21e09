// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every command of the netlink family, as it is given with faults.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <client/activation.h>
#include <client/exchange.h>
#include <client/phase.h>
#include <guest/link.h>
#include "certificate.h"
#include "deeds.h"
#include "fault.h"
#include "manage.h"
#include "orders.h"

#define BASE	"torture-base"
#define OTHER	"torture-other"

/* It has the kernel look at what comes in, in every network namespace. */
#define NAMES								\
	"policy: " OTHER "\n"						\
	"attach: { cgroup: [\"/torture/other/*\"] }\n"			\
	"egress:\n"							\
	"  resolvers: [127.0.0.53]\n"					\
	"  rules: [ { allow: { host: \"*.n.test\", ports: [8080] } } ]\n" \
	"  dns: strict\n"

static const struct deed watched[] = {
	{ "open of what is denied", deeds_open_bad, NULL, EACCES,
	  STORM_EITHER },
};

struct worker orders_guarded;
struct storm orders_watch = {
	.deeds = watched,
	.nr_deeds = 1,
	.nr_tasks = 1,
	.cpu = -1,
};

static struct group guarded, spare, canary;
static struct blob base, base_again, other, names;
static struct link wire;

static void must(int err)
{
	if (err)
		die("%s", guard_client()->error);
}

static void load_other(void)
{
	orders_reset();
	must(manage_load(guard_client(), &other));
}

static void bind_spare(void)
{
	orders_reset();
	must(manage_bind(guard_client(), &spare, BASE));
}

static int bind_device(struct fng_client *client)
{
	struct fng_client_netdev netdev = {
		.netns_fd = -1, .ifindex = wire.ifindex, .policy = BASE,
	};

	return fng_client_netdev_bind(client, &netdev);
}

static int unbind_device(struct fng_client *client)
{
	struct fng_client_netdev netdev = {
		.netns_fd = -1, .ifindex = wire.ifindex,
	};

	return fng_client_netdev_unbind(client, &netdev);
}

static void hold_device(void)
{
	orders_reset();
	must(bind_device(guard_client()));
}

static void load_names(void)
{
	orders_reset();
	must(manage_load(guard_client(), &names));
}

static void begin_proof(void)
{
	orders_reset();
	must(fng_client_arm(guard_client(), canary.fd, -1));
}

/* A guard that is not proven is never sealed, which could not be taken back. */
static void end_proof(void)
{
	begin_proof();
	if (fng_client_prove(guard_client()) != -ENOMSG)
		die("a guard is proven that nobody has proven");
}

static void disarm(void)
{
	must(fng_client_disarm(guard_client(), "to be armed"));
}

static int ask_status(struct fng_client *client)
{
	struct fng_client_status status;

	return fng_client_status(client, false, &status);
}

static int declare_agent(struct fng_client *client)
{
	struct fng_client_status status;

	return fng_client_status(client, true, &status);
}

static int see_policy(const struct fng_client_policy *policy, void *data)
{
	(void)policy;
	(void)data;
	return 0;
}

static int get_policy(struct fng_client *client)
{
	return fng_client_policy_get(client, BASE, see_policy, NULL);
}

static int get_image(struct fng_client *client)
{
	void *data = NULL;
	size_t size = 0;
	int err = fng_client_policy_image(client, BASE, &data, &size);

	if (!err && (size != base.size || memcmp(data, base.data, size)))
		err = -EBADMSG;
	free(data);
	return err;
}

static int list_policies(struct fng_client *client)
{
	return fng_client_policy_list(client, see_policy, NULL);
}

static int see_binding(const struct fng_client_binding *binding, void *data)
{
	(void)binding;
	(void)data;
	return 0;
}

static int list_bindings(struct fng_client *client)
{
	return fng_client_binding_list(client, see_binding, NULL);
}

static int see_device(const struct fng_client_netdev *netdev, void *data)
{
	(void)netdev;
	(void)data;
	return 0;
}

static int list_devices(struct fng_client *client)
{
	return fng_client_netdev_list(client, see_device, NULL);
}

static int see_counter(const struct fng_client_counter *counter, void *data)
{
	(void)counter;
	(void)data;
	return 0;
}

static int list_counters(struct fng_client *client)
{
	return fng_client_counters(client, NULL, NULL, see_counter, NULL);
}

static int list_totals(struct fng_client *client)
{
	const u64 totals = 0;

	return fng_client_counters(client, BASE, &totals, see_counter, NULL);
}

/* Not a command, but the kernel calls the family all the same. */
static int subscribe(struct fng_client *client)
{
	int fd = nl_socket_get_fd(client->sock), err;

	fault_begin(fault_nth);
	err = errno_of(setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP,
				  &client->group, sizeof(client->group)));
	fault_left = fault_end();
	return -err;
}

static int give_load(struct fng_client *client)
{
	return manage_load(client, &other);
}

static int give_names(struct fng_client *client)
{
	return manage_load(client, &names);
}

static int give_replace(struct fng_client *client)
{
	return manage_load(client, &base_again);
}

static int give_trial(struct fng_client *client)
{
	return manage_load_as(client, &base_again,
			      (struct fng_client_load) { .within = 3600 });
}

static void begin_trial(void)
{
	orders_reset();
	must(give_trial(guard_client()));
}

static int give_candidate(struct fng_client *client)
{
	return manage_load_as(client, &base_again,
			      (struct fng_client_load) { .candidate = true });
}

static void load_candidate(void)
{
	orders_reset();
	must(give_candidate(guard_client()));
}

static int give_promotion(struct fng_client *client)
{
	return manage_promote(client, BASE);
}

static int give_drop(struct fng_client *client)
{
	return manage_drop(client, BASE);
}

static int give_first_load(struct fng_client *client)
{
	return manage_load(client, &base);
}

static int give_unload(struct fng_client *client)
{
	return manage_unload(client, OTHER, NULL);
}

static int give_hand_over(struct fng_client *client)
{
	return manage_unload(client, BASE, OTHER);
}

static int give_bind(struct fng_client *client)
{
	return manage_bind(client, &spare, BASE);
}

static int give_unbind(struct fng_client *client)
{
	return manage_unbind(client, &spare, BASE);
}

static int give_activation(struct fng_client *client)
{
	const struct fng_client_activation activation = {
		.cgroup_fd = spare.fd,
		.policy = BASE,
		.name = "torture",
		.labels = "a=b",
	};

	return fng_client_cgroup_activate(client, &activation);
}

/* It has entered no phase then. */
static void activate_spare(void)
{
	orders_reset();
	must(give_activation(guard_client()));
}

static int give_phase(struct fng_client *client)
{
	return fng_client_phase_enter(client, spare.fd, BASE, "later");
}

static int see_phase(const struct fng_client_phase *phase, void *data)
{
	(void)phase;
	(void)data;
	return 0;
}

static int list_phases(struct fng_client *client)
{
	return fng_client_phase_list(client, see_phase, NULL);
}

static int give_arm(struct fng_client *client)
{
	return fng_client_arm(client, canary.fd, -1);
}

static int give_disarm(struct fng_client *client)
{
	return fng_client_disarm(client, "with a fault");
}

static int give_seal(struct fng_client *client)
{
	const struct fng_client_certificate trusted = {
		.data = certificate,
		.size = sizeof(certificate),
	};

	return fng_client_seal(client, &trusted, 1);
}

/* Cheap ones first; nobody has done what a proof asks for. */
static int give_attest(struct fng_client *client)
{
	struct fng_client_attestation found = { 0 };
	struct stat st;
	int err;

	found.fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	if (found.fd < 0 || fstat(found.fd, &st))
		die("what am I?");
	found.size = st.st_size;
	found.ctime = st.st_ctim.tv_sec * 1000000000ull + st.st_ctim.tv_nsec;
	err = fng_client_attest_begin(client, found.fd, &found.moment) ?:
	      fng_client_attest(client, &found);
	close(found.fd);
	return err;
}

const struct order orders[] = {
	{ "status", orders_reset, ask_status, 0, false },
	{ "status of the agent", orders_reset, declare_agent, 0, false },
	{ "policy get", orders_reset, get_policy, 0, false },
	{ "policy get with image", orders_reset, get_image, 0, false },
	{ "policy list", orders_reset, list_policies, 0, false },
	{ "binding list", orders_reset, list_bindings, 0, false },
	{ "counters", orders_reset, list_counters, 0, false },
	{ "totals", orders_reset, list_totals, 0, false },
	{ "subscription to events", orders_reset, subscribe, 0, false },
	{ "load of another policy", orders_reset, give_load, 0, true },
	{ "replacement", orders_reset, give_replace, 0, true },
	{ "load on trial", orders_reset, give_trial, 0, true },
	{ "confirmation", begin_trial, manage_confirm, 0, true },
	{ "rollback", begin_trial, manage_roll_back, 0, true },
	{ "load of a candidate", orders_reset, give_candidate, 0, true },
	{ "promotion", load_candidate, give_promotion, 0, true },
	{ "unload of a candidate", load_candidate, give_drop, 0, true },
	{ "unload", load_other, give_unload, 0, true },
	{ "unload for an heir", load_other, give_hand_over, 0, true },
	{ "bind", orders_reset, give_bind, 0, true },
	{ "unbind", bind_spare, give_unbind, 0, true },
	{ "entering a phase", activate_spare, give_phase, 0, true },
	{ "list of phases", activate_spare, list_phases, 0, false },
	{ "activation", bind_spare, give_activation, 0, true },
	{ "load of rules about names", orders_reset, give_names, 0, true },
	{ "replacement of rules about names", load_names, give_load, 0, true },
	{ "unload of rules about names", load_names, give_unload, 0, true },
	{ "bind of a device", orders_reset, bind_device, 0, true },
	{ "unbind of a device", hold_device, unbind_device, 0, true },
	{ "replacement with a device", hold_device, give_replace, 0, true },
	{ "list of devices", hold_device, list_devices, 0, false },
	{ "attest", orders_reset, give_attest, 0, false },
	{ "arm, attached", orders_reset, give_arm, 0, true },
	{ "prove", begin_proof, fng_client_prove, -ENOMSG, true },
	{ "seal, not proven", end_proof, give_seal, -EINVAL, false },
	{ "disarm", orders_reset, give_disarm, 0, true },
	{ "arm, idle", disarm, give_arm, 0, true },
	{ "load, idle", disarm, give_first_load, 0, true },
};

const u32 nr_orders = sizeof(orders) / sizeof(orders[0]);

struct wanted {
	u32 nr;
	bool base;
};

static int look(const struct fng_client_policy *policy, void *data)
{
	struct wanted *found = data;

	found->nr++;
	found->base |= !strcmp(policy->name, BASE);
	return 0;
}

/* Whatever is not there any more, or not yet, has nothing to be undone. */
void orders_reset(void)
{
	struct fng_client *client = guard_client();
	struct wanted found = { 0 };

	manage_unbind(client, &spare, NULL);
	unbind_device(client);
	manage_roll_back(client);
	give_drop(client);
	must(manage_load(client, &base));
	must(fng_client_policy_list(client, look, &found));
	if (found.nr == 2)
		must(manage_unload(client, OTHER, BASE));
	if (!control_status().nr_bindings)
		must(manage_bind(client, &guarded, BASE));
}

void orders_setup(void)
{
	const struct rules base_rules = {
		.name = BASE,
		.head = "phases: { later: { unix: { default: deny } } }\n",
		.extra = 5,
		.template = rules_templates[0],
	};
	const struct rules again_rules = {
		.name = BASE,
		.extra = 10,
		.template = rules_templates[1],
	};
	const struct rules other_rules = {
		.name = OTHER,
		.head = "attach: { cgroup: [\"/torture/other/*\"] }\n",
		.template = rules_templates[0],
	};

	base = rules_compile(&base_rules);
	base_again = rules_compile(&again_rules);
	other = rules_compile(&other_rules);
	names = control_compile(NAMES);
	link_make_veth(&wire);
	guard_client();
	group_make(&guarded, NULL);
	group_make(&spare, NULL);
	group_make(&canary, NULL);
	worker_start(&orders_guarded);
	worker_move(&orders_guarded, &guarded);
	orders_watch.group = &guarded;
	storm_start(&orders_watch);
	orders_reset();
}

void orders_cleanup(void)
{
	worker_end(&orders_guarded);
	storm_stop(&orders_watch);
	group_remove(&guarded);
	group_remove(&spare);
	group_remove(&canary);
	free(base.data);
	free(base_again.data);
	free(other.data);
	free(names.data);
	link_remove(wire.ifindex);
}
