// SPDX-License-Identifier: GPL-2.0-only
/*
 * Order of initialisation and its mirror.
 */
#include <linux/module.h>

#include "activation.h"
#include "attest.h"
#include "binding.h"
#include "cgroup_state.h"
#include "clock.h"
#include "device.h"
#include "event.h"
#include "guard.h"
#include "ledger.h"
#include "name.h"
#include "netlink.h"
#include "phase.h"
#include "precondition.h"
#include "protect.h"
#include "recheck.h"
#include "response.h"
#include "ruleset.h"
#include "subject.h"

static int __init fng_mod_init(void)
{
	int err;

	err = fng_precondition_check();
	if (err)
		return err;
	err = fng_clock_init();
	if (err)
		return err;
	err = fng_protect_init();
	if (err)
		goto err_clock;
	err = fng_name_init();
	if (err)
		goto err_protect;
	err = fng_subject_init();
	if (err)
		goto err_name;
	err = fng_ledger_init();
	if (err)
		goto err_subject;
	err = fng_event_init();
	if (err)
		goto err_ledger;
	err = fng_ruleset_init();
	if (err)
		goto err_event;
	fng_response_init();
	err = fng_guard_init();
	if (err)
		goto err_ruleset;
	err = fng_device_init();
	if (err)
		goto err_guard;
	err = fng_netlink_init();
	if (err)
		goto err_device;
	return 0;

err_device:
	fng_device_exit();
err_guard:
	fng_guard_exit();
	fng_binding_exit();
err_ruleset:
	fng_ruleset_exit();
err_event:
	fng_event_exit();
err_ledger:
	fng_ledger_exit();
err_subject:
	fng_subject_exit();
	fng_cgroup_state_exit();
err_name:
	fng_name_exit();
err_protect:
	fng_protect_exit();
err_clock:
	fng_clock_exit();
	return err;
}

/* Behind the first line nothing is attached: nothing can be judged there. */
static void __exit fng_mod_exit(void)
{
	fng_guard_hold_module();
	fng_netlink_exit();
	fng_response_exit();
	fng_phase_exit();
	fng_recheck_exit();
	fng_guard_exit();
	fng_device_exit();
	fng_attest_exit();
	fng_binding_exit();
	fng_ruleset_exit();
	fng_event_exit();
	fng_activation_exit();
	fng_ledger_exit();
	fng_subject_exit();
	fng_cgroup_state_exit();
	fng_name_exit();
	fng_protect_exit();
	fng_clock_exit();
}

module_init(fng_mod_init);
module_exit(fng_mod_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("fnguard: guards the functions of a FaaS host per cgroup");
MODULE_VERSION(FNG_MODULE_VERSION);
MODULE_ALIAS_GENL_FAMILY("fnguard");
