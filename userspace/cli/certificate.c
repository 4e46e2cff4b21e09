// SPDX-License-Identifier: MIT
/*
 * Certificates, and signatures that the kernel can check: PKCS#7 with SHA-256, by
 * RSA or by a curve of NIST.
 */
#include <stdio.h>
#include <string.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "certificate.h"
#include "cli.h"
#include "output.h"

/* Of 2048 bits of RSA, and what is called acceptable today. */
#define LEAST_SECURITY_BITS	112

/* What a signature is: without the data, as it is, and with nothing of mail. */
#define SIGNATURE_FLAGS	(CMS_DETACHED | CMS_BINARY | CMS_NOSMIMECAP)

static const char *reason(void)
{
	const char *text = ERR_reason_error_string(ERR_peek_last_error());

	return text ?: "it is not what it should be";
}

/* Why nobody should rely on a certificate; NULL if he may. */
static const char *find_flaw(X509 *certificate)
{
	EVP_PKEY *key = X509_get0_pubkey(certificate);
	int type = key ? EVP_PKEY_get_base_id(key) : EVP_PKEY_NONE;

	if (type != EVP_PKEY_RSA && type != EVP_PKEY_EC)
		return "its key is neither of RSA nor of a NIST curve, so that no kernel can check it";
	if (EVP_PKEY_get_security_bits(key) < LEAST_SECURITY_BITS)
		return "its key is too weak; RSA takes at least 2048 bits";
	if (X509_cmp_current_time(X509_get0_notBefore(certificate)) > 0)
		return "it is not valid yet";
	if (X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0)
		return "it has expired";
	return NULL;
}

/* The end of a file that begins with one is an error like any other to PEM. */
static void read_pem(BIO *file, STACK_OF(X509) *certificates)
{
	X509 *certificate;

	while ((certificate = PEM_read_bio_X509(file, NULL, NULL, NULL)))
		sk_X509_push(certificates, certificate);
	if (sk_X509_num(certificates))
		ERR_clear_error();
}

static void read_any(BIO *file, STACK_OF(X509) *certificates)
{
	X509 *certificate = d2i_X509_bio(file, NULL);

	if (certificate) {
		sk_X509_push(certificates, certificate);
		return;
	}
	ERR_clear_error();
	if (!BIO_seek(file, 0))
		read_pem(file, certificates);
}

static bool check(const char *path, STACK_OF(X509) *certificates)
{
	const char *flaw;
	int i;

	for (i = 0; i < sk_X509_num(certificates); i++) {
		flaw = find_flaw(sk_X509_value(certificates, i));
		if (!flaw)
			continue;
		fng_output_error("%s: the certificate is of no use: %s", path,
				 flaw);
		return false;
	}
	if (i)
		return true;
	fng_output_error("%s: there is no certificate in it, in PEM or DER", path);
	return false;
}

STACK_OF(X509) *fng_certificates_read(const char *path)
{
	STACK_OF(X509) *certificates = sk_X509_new_null();
	BIO *file = BIO_new_file(path, "rb");

	if (!file || !certificates) {
		fng_output_error("cannot read %s: %s", path, reason());
		sk_X509_free(certificates);
		return NULL;
	}
	read_any(file, certificates);
	BIO_free(file);
	if (check(path, certificates))
		return certificates;
	fng_certificates_free(certificates);
	return NULL;
}

void fng_certificates_free(STACK_OF(X509) *certificates)
{
	sk_X509_pop_free(certificates, X509_free);
}

static json_t *fingerprint(X509 *certificate)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	char text[2 * EVP_MAX_MD_SIZE + 1] = "";
	unsigned int size = 0, i;

	if (X509_digest(certificate, EVP_sha256(), digest, &size))
		for (i = 0; i < size; i++)
			sprintf(text + 2 * i, "%02x", digest[i]);
	return json_string(text);
}

static json_t *end_of(X509 *certificate)
{
	struct tm tm = { 0 };
	char text[32] = "";

	if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &tm))
		strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
	return json_string(text);
}

/* Escaped, so that no name can pretend to be more than one. */
static json_t *subject(X509 *certificate)
{
	BIO *out = BIO_new(BIO_s_mem());
	json_t *text = NULL;
	char *bytes;
	long size;

	if (out && X509_NAME_print_ex(out, X509_get_subject_name(certificate), 0,
				      XN_FLAG_RFC2253) >= 0) {
		size = BIO_get_mem_data(out, &bytes);
		text = json_stringn(bytes, size);
	}
	BIO_free(out);
	return text ?: json_string("");
}

json_t *fng_certificate_json(X509 *certificate)
{
	return json_pack("{s:o, s:o, s:o}", "subject", subject(certificate),
			 "fingerprint", fingerprint(certificate),
			 "expires", end_of(certificate));
}

int fng_certificate_der(X509 *certificate, unsigned char **der)
{
	int size;

	*der = NULL;
	size = i2d_X509(certificate, der);
	if (size < 0)
		fng_output_error("cannot encode a certificate: %s", reason());
	return size;
}

static EVP_PKEY *read_key(const char *path)
{
	BIO *file = BIO_new_file(path, "rb");
	EVP_PKEY *key = NULL;

	if (file)
		key = PEM_read_bio_PrivateKey(file, NULL, NULL, NULL);
	if (!key)
		fng_output_error("cannot read the private key %s: %s", path,
				 reason());
	BIO_free(file);
	return key;
}

int fng_signer_read(struct fng_signer *signer, const char *key,
		    const char *certificate)
{
	signer->key = NULL;
	signer->certificates = fng_certificates_read(certificate);
	if (!signer->certificates)
		return FNG_EXIT_FAILED;
	signer->key = read_key(key);
	if (!signer->key)
		return FNG_EXIT_FAILED;
	if (X509_check_private_key(sk_X509_value(signer->certificates, 0),
				   signer->key) == 1)
		return FNG_EXIT_DONE;
	fng_output_error("%s is not the key of the first certificate in %s", key,
			 certificate);
	return FNG_EXIT_FAILED;
}

void fng_signer_free(struct fng_signer *signer)
{
	fng_certificates_free(signer->certificates);
	EVP_PKEY_free(signer->key);
}

/* The kernel takes SHA-256 from whoever signs, whatever his key would prefer. */
static CMS_ContentInfo *make_signature(const struct fng_signer *signer, BIO *in)
{
	CMS_ContentInfo *cms;
	int i;

	cms = CMS_sign(NULL, NULL, NULL, in, SIGNATURE_FLAGS | CMS_PARTIAL);
	if (!cms)
		return NULL;
	if (!CMS_add1_signer(cms, sk_X509_value(signer->certificates, 0),
			     signer->key, EVP_sha256(), SIGNATURE_FLAGS))
		goto err_free;
	for (i = 1; i < sk_X509_num(signer->certificates); i++)
		if (!CMS_add1_cert(cms, sk_X509_value(signer->certificates, i)))
			goto err_free;
	if (CMS_final(cms, in, NULL, SIGNATURE_FLAGS))
		return cms;
err_free:
	CMS_ContentInfo_free(cms);
	return NULL;
}

int fng_signer_sign(const struct fng_signer *signer, const void *data,
		    size_t size, unsigned char **signature)
{
	BIO *in = BIO_new_mem_buf(data, size);
	CMS_ContentInfo *cms = in ? make_signature(signer, in) : NULL;
	int length = -1;

	*signature = NULL;
	if (cms)
		length = i2d_CMS_ContentInfo(cms, signature);
	if (length < 0)
		fng_output_error("cannot sign: %s", reason());
	CMS_ContentInfo_free(cms);
	BIO_free(in);
	return length;
}
