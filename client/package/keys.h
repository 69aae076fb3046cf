/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The keys of packages, and the files they lie in.
 *
 *   publisher key   EC P-256; private: PKCS#8 PEM, with or without passphrase; public: SubjectPublicKeyInfo PEM
 *   device key      EC P-256, public half only: SubjectPublicKeyInfo PEM
 *   class key       32 bytes; PEM with the label LUATEE CLASS KEY
 *
 * A function that returns luatee_status sets the error, too: LUATEE_USAGE for a file that is missing or not such a key
 * (or the passphrase is wrong), LUATEE_FAILED when the system or OpenSSL fails.
 */
#ifndef LUATEE_CLIENT_PACKAGE_KEYS_H
#define LUATEE_CLIENT_PACKAGE_KEYS_H

#include <stdbool.h>
#include <stdint.h>

#include <openssl/types.h>

#include "abi/package.h"
#include "luatee/luatee.h"

/* An id as people compare it: its first bytes in hexadecimal. */
#define PACKAGE_ID_TEXT_SIZE (2 * 8 + 1)
void package_id_text(const uint8_t *id, char text[PACKAGE_ID_TEXT_SIZE]);

/* Environment variable with the passphrase of publisher keys; without it a person is asked, on the terminal. */
#define PACKAGE_PASSPHRASE_VARIABLE "LUATEE_PASSPHRASE"

/* The caller frees *key with EVP_PKEY_free(). package_load_publisher takes a private key file or a public one, and
 * tells. */
LUATEE_CHECKED luatee_status package_load_publisher(const char *path, EVP_PKEY **key, bool *is_private,
                                                    luatee_error *error);
LUATEE_CHECKED luatee_status package_load_public(const char *path, EVP_PKEY **key, luatee_error *error);

/* A line in front of the PEM of each development key, whoever's it is: readers of PEM pass over text there (RFC 7468,
 * section 2). It keeps mistakes out of release TAs; who wants to can take it away. */
#define PACKAGE_DEVELOPMENT_MARK "luatee: development key, not for release TAs"

/* *marked: whether the key in this file, of any kind, is marked so. */
LUATEE_CHECKED luatee_status package_key_marked(const char *path, bool *marked, luatee_error *error);

/* Reads a class key; the caller wipes it. */
LUATEE_CHECKED luatee_status package_load_class(const char *path, uint8_t key[PACKAGE_KEY_SIZE], luatee_error *error);

/* Ids, as package.cddl defines them. False when OpenSSL fails. */
bool package_publisher_id(const EVP_PKEY *key, uint8_t id[PACKAGE_PUBLISHER_ID_SIZE]);
bool package_device_id(const EVP_PKEY *key, uint8_t id[PACKAGE_RECIPIENT_ID_SIZE]);
bool package_class_id(const uint8_t key[PACKAGE_KEY_SIZE], uint8_t id[PACKAGE_RECIPIENT_ID_SIZE]);

/* The coordinates of a P-256 key's public point. False when OpenSSL fails. */
bool package_key_point(const EVP_PKEY *key, uint8_t x[PACKAGE_POINT_SIZE], uint8_t y[PACKAGE_POINT_SIZE]);

/*
 * Makes a key and writes it to a new file of mode 0600; of a publisher's, the public half to another one of mode 0644.
 * A file that exists stays as it is: LUATEE_USAGE. Either all files are there afterwards, whole, or none of them.
 * passphrase: asks for one, and encrypts the private key with it (PBES2, AES-256-CBC). mark: a line in front of each
 * PEM, or NULL.
 */
LUATEE_CHECKED luatee_status package_create_publisher(const char *path, const char *public_path, bool passphrase,
                                                      const char *mark, luatee_error *error);
LUATEE_CHECKED luatee_status package_create_class(const char *path, const char *mark, luatee_error *error);

#endif
