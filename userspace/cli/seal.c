// SPDX-License-Identifier: MIT
/*
 * fnguard seal: until reboot, what is enforced can only be added to.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <openssl/crypto.h>
#include <openssl/x509.h>

#include "certificate.h"
#include "output.h"
#include "session.h"

/**
 * struct request - what the command line asks for
 * @certificates: who may sign, in DER
 * @nr: number of @certificates
 * @shown: the same, for the answer
 * @sure: nobody is to be asked
 */
struct request {
	struct fng_client_certificate certificates[FNG_MAX_CERTIFICATES];
	size_t nr;
	json_t *shown;
	bool sure;
};

static int add_one(struct request *request, const char *path, X509 *certificate)
{
	unsigned char *der;
	int size;

	if (request->nr == FNG_MAX_CERTIFICATES) {
		fng_output_error("%s: more than %u certificates", path,
				 FNG_MAX_CERTIFICATES);
		return FNG_EXIT_FAILED;
	}
	size = fng_certificate_der(certificate, &der);
	if (size < 0)
		return FNG_EXIT_FAILED;
	request->certificates[request->nr].data = der;
	request->certificates[request->nr++].size = size;
	json_array_append_new(request->shown, fng_certificate_json(certificate));
	if (size <= FNG_MAX_CERTIFICATE)
		return FNG_EXIT_DONE;
	fng_output_error("%s: a certificate of more than %u bytes", path,
			 FNG_MAX_CERTIFICATE);
	return FNG_EXIT_FAILED;
}

static int add_file(struct request *request, const char *path)
{
	STACK_OF(X509) *certificates = fng_certificates_read(path);
	int i, status = certificates ? FNG_EXIT_DONE : FNG_EXIT_FAILED;

	for (i = 0; !status && i < sk_X509_num(certificates); i++)
		status = add_one(request, path, sk_X509_value(certificates, i));
	fng_certificates_free(certificates);
	return status;
}

static int read_options(int argc, char **argv, struct request *request)
{
	static const struct option options[] = {
		{ "cert", required_argument, NULL, 'c' },
		{ "yes", no_argument, NULL, 'y' },
		{ NULL, 0, NULL, 0 },
	};
	int c, status = FNG_EXIT_DONE;

	while (!status && (c = fng_cli_getopt(argc, argv, options)) != -1) {
		if (c == 'c')
			status = add_file(request, optarg);
		else
			request->sure = true;
	}
	if (status)
		return status;
	fng_cli_args(argc, argv, 0, 0);
	if (!request->nr)
		return fng_cli_usage(argv, "say who may sign policies from then on, with --cert FILE");
	if (!request->sure && (fng_output_json || !isatty(0)))
		return fng_cli_usage(argv, "this cannot be taken back, and nobody can be asked here: say --yes");
	return FNG_EXIT_DONE;
}

static const char *member(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static int ask(const struct request *request)
{
	char answer[16] = "";
	const json_t *one;
	size_t i;

	printf("Until the next reboot, and whoever asks for it:\n"
	       "  no policy is unloaded, no cgroup unbound, the guard not disarmed;\n"
	       "  a policy is loaded only if its version is higher than before, and it is\n"
	       "  signed by the holder of\n");
	json_array_foreach(request->shown, i, one)
		printf("    %s (SHA-256 %s, until %s)\n", member(one, "subject"),
		       member(one, "fingerprint"), member(one, "expires"));
	printf("This cannot be taken back. Type \"seal\" to go on: ");
	fflush(stdout);
	if (fgets(answer, sizeof(answer), stdin) && !strcmp(answer, "seal\n"))
		return FNG_EXIT_DONE;
	fng_output_error("the guard was not sealed");
	return FNG_EXIT_FAILED;
}

static int seal(const struct request *request)
{
	struct fng_client client;
	int result;

	result = fng_session_open(&client);
	if (!result && !request->sure)
		result = ask(request);
	if (!result)
		result = fng_session_failed(&client,
					    fng_client_seal(&client,
							    request->certificates,
							    request->nr));
	if (!result)
		fng_output_done(json_pack("{s:b, s:O}", "sealed", 1,
					  "certificates", request->shown),
				"Sealed until reboot: what is enforced can only be added to.");
	fng_client_close(&client);
	return result;
}

int fng_cmd_seal(int argc, char **argv)
{
	struct request request = { .shown = json_array() };
	int result = read_options(argc, argv, &request);
	size_t i;

	if (!result)
		result = seal(&request);
	for (i = 0; i < request.nr; i++)
		OPENSSL_free((void *)request.certificates[i].data);
	json_decref(request.shown);
	return result;
}
