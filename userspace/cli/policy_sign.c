// SPDX-License-Identifier: MIT
/*
 * fnguard policy sign: a signature beside an image, for guards that are sealed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <openssl/crypto.h>
#include <openssl/x509.h>

#include "certificate.h"
#include "file.h"
#include "output.h"
#include "policy_offline.h"

enum { OPT_KEY = FNG_OFFLINE_OWN, OPT_CERT };

static const struct option options[] = {
	FNG_OFFLINE_OPTIONS,
	{ "output", required_argument, NULL, 'o' },
	{ "key", required_argument, NULL, OPT_KEY },
	{ "cert", required_argument, NULL, OPT_CERT },
	{ NULL, 0, NULL, 0 },
};

/**
 * struct request - what the command line asks for
 * @offline: how to compile; gets the policy
 * @output: where the image of a text goes, or NULL for its name
 * @key: file of the private key
 * @certificate: file of its certificate
 */
struct request {
	struct fng_offline offline;
	const char *output;
	const char *key;
	const char *certificate;
};

static int write_file(const char *path, const void *bytes, size_t size)
{
	int err = fng_file_write(path, bytes, size);

	if (!err)
		return FNG_EXIT_DONE;
	fng_output_error("cannot write %s: %s", path, strerror(-err));
	return FNG_EXIT_FAILED;
}

static int report(const struct fng_offline *policy, const char *image,
		  const char *signature, X509 *certificate)
{
	const struct fng_image_meta *meta = policy->image.meta;
	json_t *signer = fng_certificate_json(certificate);
	char *name = strdup(json_string_value(json_object_get(signer,
							      "subject")));

	fng_output_done(json_pack("{s:s, s:I, s:s, s:s, s:o}",
				  "policy", meta->name,
				  "version", (json_int_t)meta->version,
				  "image", image, "signature", signature,
				  "signer", signer),
			"%s: policy %s, version %u, signed by %s", signature,
			meta->name, meta->version, name ?: "?");
	free(name);
	return FNG_EXIT_DONE;
}

static int sign(const struct fng_offline *policy, const char *image,
		const struct fng_signer *signer)
{
	size_t image_size;
	const void *bytes = fng_offline_bytes(policy, &image_size);
	char path[4096];
	unsigned char *signature;
	int size, status;

	size = fng_signer_sign(signer, bytes, image_size, &signature);
	if (size < 0)
		return FNG_EXIT_FAILED;
	snprintf(path, sizeof(path), "%s" FNG_SIGNATURE_SUFFIX, image);
	status = policy->result ? write_file(image, bytes, image_size) :
				  FNG_EXIT_DONE;
	if (!status)
		status = write_file(path, signature, size);
	OPENSSL_free(signature);
	return status ?: report(policy, image, path,
				sk_X509_value(signer->certificates, 0));
}

static int sign_file(struct request *request, const char *path)
{
	char name[FNG_MAX_POLICY_NAME + 8];
	struct fng_signer signer;
	int status;

	status = fng_offline_read(&request->offline, path);
	if (status)
		return status;
	if (request->offline.result) {
		snprintf(name, sizeof(name), "%s.fng",
			 request->offline.image.meta->name);
		path = request->output ?: name;
	}
	status = fng_signer_read(&signer, request->key, request->certificate);
	if (!status)
		status = sign(&request->offline, path, &signer);
	fng_signer_free(&signer);
	return status;
}

static int read_options(int argc, char **argv, struct request *request)
{
	int option;

	while ((option = fng_cli_getopt(argc, argv, options)) != -1) {
		if (option == 'o')
			request->output = optarg;
		else if (option == OPT_KEY)
			request->key = optarg;
		else if (option == OPT_CERT)
			request->certificate = optarg;
		else
			fng_offline_option(&request->offline, option, argv);
	}
	fng_cli_args(argc, argv, 1, 1);
	if (!request->key || !request->certificate)
		return fng_cli_usage(argv, "say who signs, with --key FILE and --cert FILE");
	if (!request->output || strcmp(request->output, "-"))
		return FNG_EXIT_DONE;
	return fng_cli_usage(argv, "an image and its signature take a file each, not standard output");
}

int fng_cmd_policy_sign(int argc, char **argv)
{
	struct request request = { .output = NULL };
	int status = read_options(argc, argv, &request);

	if (!status)
		status = sign_file(&request, argv[optind]);
	fng_offline_free(&request.offline);
	return status;
}
