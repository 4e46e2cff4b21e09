// SPDX-License-Identifier: MIT
/*
 * Certificates that are read, keys that are theirs, and signatures that the kernel
 * would take.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/stat.h>
#include <openssl/cms.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <cmocka.h>

#include <cli/certificate.h>
#include <cli/cli.h>
#include <cli/file.h>
#include <fnguard/limits.h>

#define DAY	(24 * 60 * 60)

/* Made once: it takes long. */
static EVP_PKEY *rsa, *curve;
static char directory[] = "/tmp/fnguard-certificate-XXXXXX";

static const char *path_of(const char *name)
{
	static char path[2][128];
	static unsigned int turn;
	char *text = path[turn++ % 2];

	snprintf(text, sizeof(path[0]), "%s/%s", directory, name);
	return text;
}

static X509 *make(EVP_PKEY *key, const char *name, int from, int to)
{
	X509 *certificate = X509_new();
	X509_NAME *subject = X509_get_subject_name(certificate);
	const EVP_MD *digest = EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519 ?
			       NULL : EVP_sha256();

	X509_set_version(certificate, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
	X509_gmtime_adj(X509_getm_notBefore(certificate), from);
	X509_gmtime_adj(X509_getm_notAfter(certificate), to);
	X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
				   (const unsigned char *)name, -1, -1, 0);
	X509_set_issuer_name(certificate, subject);
	X509_set_pubkey(certificate, key);
	assert_true(X509_sign(certificate, key, digest) > 0);
	return certificate;
}

static void write_pem(const char *name, X509 *certificate, const char *mode)
{
	FILE *file = fopen(path_of(name), mode);

	assert_non_null(file);
	assert_int_equal(1, PEM_write_X509(file, certificate));
	fclose(file);
}

static void write_der(const char *name, X509 *certificate)
{
	unsigned char *der;
	int size = fng_certificate_der(certificate, &der);

	assert_true(size > 0);
	assert_int_equal(0, fng_file_write(path_of(name), der, size));
	OPENSSL_free(der);
}

static void write_key(const char *name, EVP_PKEY *key)
{
	FILE *file = fopen(path_of(name), "w");

	assert_non_null(file);
	PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL);
	fclose(file);
}

/* How many certificates are read; 0 if the file is refused. */
static int read_some(const char *name)
{
	STACK_OF(X509) *certificates = fng_certificates_read(path_of(name));
	int nr = certificates ? sk_X509_num(certificates) : 0;

	fng_certificates_free(certificates);
	return nr;
}

static void read_as(EVP_PKEY *key, int from, int to, int wanted)
{
	X509 *certificate = make(key, "some", from, to);

	write_pem("some.pem", certificate, "w");
	assert_int_equal(wanted, read_some("some.pem"));
	write_der("some.der", certificate);
	assert_int_equal(wanted, read_some("some.der"));
	X509_free(certificate);
}

static void test_formats(void **state)
{
	X509 *certificate = make(rsa, "first", -DAY, DAY);

	(void)state;
	write_pem("list.pem", certificate, "w");
	assert_int_equal(1, read_some("list.pem"));
	write_pem("list.pem", certificate, "a");
	write_pem("list.pem", certificate, "a");
	assert_int_equal(3, read_some("list.pem"));
	write_der("one.der", certificate);
	assert_int_equal(1, read_some("one.der"));
	X509_free(certificate);
}

static void test_what_is_none(void **state)
{
	static const char *const texts[] = {
		"", "x", "-----BEGIN CERTIFICATE-----\n",
		"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
		"\x30\x82\xff\xff", "\x30\x80\x30\x80\x30\x80",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		assert_int_equal(0, fng_file_write(path_of("none"), texts[i],
						   strlen(texts[i])));
		assert_int_equal(0, read_some("none"));
	}
	assert_int_equal(0, read_some("missing"));
	write_key("key.pem", rsa);
	assert_int_equal(0, read_some("key.pem"));
}

/* Each end of a certificate is missing once. */
static void test_cut_off(void **state)
{
	X509 *certificate = make(rsa, "cut", -DAY, DAY);
	unsigned char *der;
	int size = fng_certificate_der(certificate, &der), i;

	(void)state;
	for (i = 0; i < size; i += 7) {
		fng_file_write(path_of("cut.der"), der, i);
		assert_int_equal(0, read_some("cut.der"));
	}
	OPENSSL_free(der);
	X509_free(certificate);
}

static void test_when_it_is_valid(void **state)
{
	(void)state;
	read_as(rsa, -DAY, DAY, 1);
	read_as(rsa, -2 * DAY, -DAY, 0);
	read_as(rsa, DAY, 2 * DAY, 0);
}

static void test_kinds_of_keys(void **state)
{
	EVP_PKEY *weak = EVP_RSA_gen(1024);
	EVP_PKEY *other = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");

	(void)state;
	read_as(rsa, -DAY, DAY, 1);
	read_as(curve, -DAY, DAY, 1);
	read_as(weak, -DAY, DAY, 0);
	read_as(other, -DAY, DAY, 0);
	EVP_PKEY_free(weak);
	EVP_PKEY_free(other);
}

/* One that is of no use makes the whole file so. */
static void test_one_of_several(void **state)
{
	X509 *good = make(rsa, "good", -DAY, DAY);
	X509 *late = make(rsa, "late", -2 * DAY, -DAY);

	(void)state;
	write_pem("several.pem", good, "w");
	write_pem("several.pem", late, "a");
	assert_int_equal(0, read_some("several.pem"));
	X509_free(good);
	X509_free(late);
}

static void test_what_is_shown(void **state)
{
	X509 *certificate = make(rsa, "a\n\xc3\xa9", -DAY, DAY);
	json_t *shown = fng_certificate_json(certificate);

	(void)state;
	assert_string_equal("CN=a\\0A\\C3\\A9",
			    json_string_value(json_object_get(shown, "subject")));
	assert_int_equal(64, json_string_length(json_object_get(shown,
							"fingerprint")));
	assert_int_equal(20, json_string_length(json_object_get(shown,
							"expires")));
	json_decref(shown);
	X509_free(certificate);
}

static int read_signer(struct fng_signer *signer, EVP_PKEY *of, EVP_PKEY *with)
{
	X509 *certificate = make(of, "signer", -DAY, DAY);

	write_pem("signer.pem", certificate, "w");
	write_key("signer.key", with);
	X509_free(certificate);
	return fng_signer_read(signer, path_of("signer.key"),
			       path_of("signer.pem"));
}

static int verify(const unsigned char *signature, int size, const char *text)
{
	BIO *in = BIO_new_mem_buf(text, -1);
	CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &signature, size);
	int good;

	assert_non_null(cms);
	good = CMS_verify(cms, NULL, NULL, in, NULL,
			  CMS_BINARY | CMS_NO_SIGNER_CERT_VERIFY);
	CMS_ContentInfo_free(cms);
	BIO_free(in);
	return good;
}

/* What the kernel asks of a signature: one signer, SHA-256, nothing of mail. */
static void look_into(const unsigned char *signature, int size)
{
	CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &signature, size);
	CMS_SignerInfo *info = sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms),
						       0);
	X509_ALGOR *digest;

	assert_int_equal(1, CMS_is_detached(cms));
	assert_int_equal(1, sk_CMS_SignerInfo_num(CMS_get0_SignerInfos(cms)));
	CMS_SignerInfo_get0_algs(info, NULL, NULL, &digest, NULL);
	assert_int_equal(NID_sha256, OBJ_obj2nid(digest->algorithm));
	assert_int_equal(-1, CMS_signed_get_attr_by_NID(info,
							NID_SMIMECapabilities,
							-1));
	assert_true(CMS_signed_get_attr_by_NID(info, NID_pkcs9_signingTime,
					       -1) >= 0);
	CMS_ContentInfo_free(cms);
}

static void test_signatures(void **state)
{
	EVP_PKEY *const keys[] = { rsa, curve };
	struct fng_signer signer;
	unsigned char *signature;
	int i, size;

	(void)state;
	for (i = 0; i < 2; i++) {
		assert_int_equal(FNG_EXIT_DONE,
				 read_signer(&signer, keys[i], keys[i]));
		size = fng_signer_sign(&signer, "an image\r\n\n", 11, &signature);
		assert_true(size > 0 && size <= FNG_MAX_SIGNATURE);
		look_into(signature, size);
		assert_int_equal(1, verify(signature, size, "an image\r\n\n"));
		assert_int_equal(0, verify(signature, size, "an image\n\n"));
		OPENSSL_free(signature);
		fng_signer_free(&signer);
	}
}

static void test_who_cannot_sign(void **state)
{
	struct fng_signer signer;

	(void)state;
	assert_int_equal(FNG_EXIT_FAILED, read_signer(&signer, rsa, curve));
	fng_signer_free(&signer);
	assert_int_equal(FNG_EXIT_DONE, read_signer(&signer, rsa, rsa));
	fng_signer_free(&signer);
	assert_int_equal(FNG_EXIT_FAILED,
			 fng_signer_read(&signer, path_of("missing"),
					 path_of("signer.pem")));
	fng_signer_free(&signer);
	assert_int_equal(FNG_EXIT_FAILED,
			 fng_signer_read(&signer, path_of("signer.pem"),
					 path_of("signer.pem")));
	fng_signer_free(&signer);
	assert_int_equal(FNG_EXIT_FAILED,
			 fng_signer_read(&signer, path_of("signer.key"),
					 path_of("missing")));
	fng_signer_free(&signer);
}

static void test_files(void **state)
{
	struct stat st;
	void *bytes;
	size_t size;

	(void)state;
	assert_int_equal(0, fng_file_write(path_of("file"), "12345", 5));
	assert_int_equal(0, fng_file_read(path_of("file"), 5, &bytes, &size));
	assert_int_equal(5, size);
	assert_memory_equal("12345", bytes, 5);
	free(bytes);
	assert_int_equal(-EFBIG, fng_file_read(path_of("file"), 4, &bytes,
					       &size));
	assert_int_equal(-ENOENT, fng_file_read(path_of("missing"), 4, &bytes,
						&size));
	assert_int_equal(-EIO, fng_file_read(directory, 4, &bytes, &size));
	assert_int_equal(0, stat(path_of("file"), &st));
	assert_int_equal(0644, st.st_mode & 0777);
	assert_int_equal(-ENOENT, fng_file_write(path_of("nowhere/file"), "1", 1));
}

static int setup(void **state)
{
	(void)state;
	rsa = EVP_RSA_gen(2048);
	curve = EVP_EC_gen("P-256");
	return !rsa || !curve || !mkdtemp(directory);
}

static int teardown(void **state)
{
	char command[160];

	(void)state;
	EVP_PKEY_free(rsa);
	EVP_PKEY_free(curve);
	snprintf(command, sizeof(command), "rm -rf %s", directory);
	return system(command);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_formats),
		cmocka_unit_test(test_what_is_none),
		cmocka_unit_test(test_cut_off),
		cmocka_unit_test(test_when_it_is_valid),
		cmocka_unit_test(test_kinds_of_keys),
		cmocka_unit_test(test_one_of_several),
		cmocka_unit_test(test_what_is_shown),
		cmocka_unit_test(test_signatures),
		cmocka_unit_test(test_who_cannot_sign),
		cmocka_unit_test(test_files),
	};

	return cmocka_run_group_tests_name("certificates", tests, setup,
					   teardown);
}
