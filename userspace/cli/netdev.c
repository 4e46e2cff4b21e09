// SPDX-License-Identifier: MIT
/*
 * fnguard netdev: bindings of network devices to policies.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <client/netns.h>
#include "output.h"
#include "session.h"

static const struct fng_column columns[] = {
	{ "device", "DEVICE", NULL, NULL },
	{ "ifindex", "INDEX", NULL, NULL },
	{ "netns", "NETNS", NULL, NULL },
	{ "policy", "POLICY", NULL, NULL },
	{ "by", "BY", NULL, NULL },
	{ "labels", "LABELS", NULL, NULL },
	{ "id", "ID", NULL, NULL },
	{ NULL, NULL, NULL, NULL },
};

static int append(const struct fng_client_netdev *netdev, void *data)
{
	json_t *row = json_object();

	fng_set_text(row, "device", netdev->name);
	json_object_set_new(row, "ifindex", json_integer(netdev->ifindex));
	json_object_set_new(row, "netns", json_integer(netdev->netns));
	fng_set_text(row, "policy", netdev->policy);
	json_object_set_new(row, "by", json_string(netdev->template ?
						   "template" : "hand"));
	json_object_set_new(row, "labels", fng_labels_object(netdev->labels));
	json_object_set_new(row, "id", json_integer(netdev->id));
	json_array_append_new(data, row);
	return 0;
}

static int list(struct fng_client *client, json_t *rows)
{
	return fng_client_netdev_list(client, append, rows);
}

int fng_cmd_netdev_list(int argc, char **argv)
{
	return fng_session_list(argc, argv, list, columns);
}

/* DEVICE or DEVICE@NETNS; no device has an at sign in front of a namespace. */
static bool find_netdev(const char *text, struct fng_client_netdev *netdev)
{
	const char *at = strrchr(text, '@');
	char device[64];
	int index;

	netdev->netns_fd = -1;
	snprintf(device, sizeof(device), "%.*s",
		 (int)(at ? (size_t)(at - text) : strlen(text)), text);
	if (at)
		netdev->netns_fd = fng_netns_open(at + 1);
	if (at && netdev->netns_fd < 0) {
		fng_output_error("cannot open the network namespace %s: %s",
				 at + 1, strerror(-netdev->netns_fd));
		return false;
	}
	index = fng_netns_ifindex(netdev->netns_fd, device);
	if (index < 0) {
		fng_output_error("no network device %s%s%s: %s", device,
				 at ? " in the namespace " : "",
				 at ? at + 1 : "", strerror(-index));
		return false;
	}
	netdev->ifindex = index;
	return true;
}

static int bind_netdev(struct fng_client *client,
		       struct fng_client_netdev *netdev)
{
	int err = fng_client_netdev_bind(client, netdev);

	if (!err)
		fng_output_done(json_pack("{s:o, s:i, s:o, s:o}", "device",
					  fng_text(netdev->name), "ifindex",
					  (int)netdev->ifindex, "id",
					  json_integer(netdev->id), "policy",
					  fng_text(netdev->policy)),
				"Bound %s to %s.", netdev->name,
				netdev->policy);
	return fng_session_failed(client, err);
}

static int unbind_netdev(struct fng_client *client,
			 struct fng_client_netdev *netdev)
{
	int err = fng_client_netdev_unbind(client, netdev);

	if (!err)
		fng_output_done(json_pack("{s:o}", "unbound",
					  fng_text(netdev->name)),
				"Unbound %s.", netdev->name);
	return fng_session_failed(client, err);
}

static int with_netdev(const char *text, struct fng_client_netdev *netdev,
		       int (*act)(struct fng_client *client,
				  struct fng_client_netdev *netdev))
{
	struct fng_client client;
	int result = fng_session_open(&client);

	if (!result) {
		result = find_netdev(text, netdev) ? act(&client, netdev) :
						     FNG_EXIT_FAILED;
		if (netdev->netns_fd >= 0)
			close(netdev->netns_fd);
	}
	fng_client_close(&client);
	return result;
}

int fng_cmd_netdev_bind(int argc, char **argv)
{
	struct fng_client_netdev netdev = { .netns_fd = -1 };
	char labels[FNG_MAX_LABELS + 1] = "";

	netdev.labels = fng_labels_read(argc, argv, labels);
	fng_cli_args(argc, argv, 2, 2);
	netdev.policy = argv[optind + 1];
	return with_netdev(argv[optind], &netdev, bind_netdev);
}

int fng_cmd_netdev_unbind(int argc, char **argv)
{
	struct fng_client_netdev netdev = { .netns_fd = -1 };

	while (fng_cli_getopt(argc, argv, NULL) != -1)
		;
	fng_cli_args(argc, argv, 1, 1);
	return with_netdev(argv[optind], &netdev, unbind_netdev);
}
