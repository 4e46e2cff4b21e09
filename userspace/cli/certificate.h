/* SPDX-License-Identifier: MIT */
/*
 * Certificates, and signatures that the kernel can check.
 */
#ifndef CLI_CERTIFICATE_H
#define CLI_CERTIFICATE_H

#include <stddef.h>
#include <jansson.h>
#include <openssl/types.h>

/* Behind the name of an image, the name of its signature. */
#define FNG_SIGNATURE_SUFFIX	".p7s"

/**
 * fng_certificates_read() - read the certificates of a file
 * @path: the file: one in DER, or any number in PEM
 *
 * Says what is wrong: a certificate that has expired, or whose key is weak or of
 * a kind that kernels cannot check, is of no use.
 *
 * Return: at least one, for fng_certificates_free(); or NULL.
 */
STACK_OF(X509) *fng_certificates_read(const char *path);

void fng_certificates_free(STACK_OF(X509) *certificates);

/* Subject, SHA-256 fingerprint and end of a certificate, for the answer. */
json_t *fng_certificate_json(X509 *certificate);

/* A certificate in DER, for OPENSSL_free(); returns its size, or says why not. */
int fng_certificate_der(X509 *certificate, unsigned char **der);

/**
 * struct fng_signer - whose signature is made
 * @certificates: his own, and behind it those that lead to one that is trusted
 * @key: the private key of the first
 */
struct fng_signer {
	STACK_OF(X509) *certificates;
	EVP_PKEY *key;
};

/**
 * fng_signer_read() - read who signs
 * @signer: filled in, for fng_signer_free() in every case
 * @key: file of the private key, in PEM
 * @certificate: file of the certificates
 *
 * Return: an enum fng_exit; what is wrong has been said.
 */
int fng_signer_read(struct fng_signer *signer, const char *key,
		    const char *certificate);

void fng_signer_free(struct fng_signer *signer);

/**
 * fng_signer_sign() - sign bytes
 * @signer: who signs
 * @data: the bytes
 * @size: number of them
 * @signature: set to a detached signature in DER, for OPENSSL_free()
 *
 * Return: bytes of @signature, or -1; what is wrong has been said.
 */
int fng_signer_sign(const struct fng_signer *signer, const void *data,
		    size_t size, unsigned char **signature);

#endif /* CLI_CERTIFICATE_H */
