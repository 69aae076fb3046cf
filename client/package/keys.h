/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The keys of packages, and their files.
 *
 *   publisher key   EC P-256; private: PKCS#8 PEM, with or without passphrase; public: SubjectPublicKeyInfo PEM
 *   device key      EC P-256, public half only: SubjectPublicKeyInfo PEM
 *   class key       32 bytes; PEM with the label LUATEE CLASS KEY
 *
 * A function that returns luatee_status also sets the error. It returns LUATEE_USAGE when the file is missing, contains
 * no key of this kind, or the passphrase is wrong; and LUATEE_FAILED when the system or OpenSSL fails.
 */
#ifndef LUATEE_CLIENT_PACKAGE_KEYS_H
#define LUATEE_CLIENT_PACKAGE_KEYS_H

#include <stdbool.h>
#include <stdint.h>

#include <openssl/types.h>

#include "abi/package.h"
#include "luatee/luatee.h"

/* Writes the first 8 bytes of an id in hexadecimal, for people to compare. */
#define PACKAGE_ID_TEXT_SIZE (2 * 8 + 1)
void package_id_text(const uint8_t *id, char text[PACKAGE_ID_TEXT_SIZE]);

/* The environment variable with the passphrase of publisher keys. Without it, the user is asked on the terminal. */
#define PACKAGE_PASSPHRASE_VARIABLE "LUATEE_PASSPHRASE"

/* Loads a private or a public key, and sets *is_private. The caller frees *key with EVP_PKEY_free(). */
LUATEE_CHECKED luatee_status package_load_publisher(const char *path, EVP_PKEY **key, bool *is_private,
                                                    luatee_error *error);
/* Loads a public key. The caller frees *key with EVP_PKEY_free(). Returns LUATEE_USAGE for a private key. */
LUATEE_CHECKED luatee_status package_load_public(const char *path, EVP_PKEY **key, luatee_error *error);

/* A line before the PEM of every development key: PEM parsers skip text there (RFC 7468, section 2). The line prevents
 * mistakes, namely release TAs with development keys. It does not stop an attacker, who can remove it. */
#define PACKAGE_DEVELOPMENT_MARK "luatee: development key, not for release TAs"

/* Sets *marked to whether the file, of any kind of key, has PACKAGE_DEVELOPMENT_MARK. */
LUATEE_CHECKED luatee_status package_key_marked(const char *path, bool *marked, luatee_error *error);

/* Loads a class key. The caller wipes it. */
LUATEE_CHECKED luatee_status package_load_class(const char *path, uint8_t key[PACKAGE_KEY_SIZE], luatee_error *error);

/* Compute the ids that package.cddl defines. Return false when OpenSSL fails. */
bool package_publisher_id(const EVP_PKEY *key, uint8_t id[PACKAGE_PUBLISHER_ID_SIZE]);
bool package_device_id(const EVP_PKEY *key, uint8_t id[PACKAGE_RECIPIENT_ID_SIZE]);
bool package_class_id(const uint8_t key[PACKAGE_KEY_SIZE], uint8_t id[PACKAGE_RECIPIENT_ID_SIZE]);

/* Writes the coordinates of a P-256 key's public point. Returns false when OpenSSL fails. */
bool package_key_point(const EVP_PKEY *key, uint8_t x[PACKAGE_POINT_SIZE], uint8_t y[PACKAGE_POINT_SIZE]);

/*
 * Make a key and write it to a new file of mode 0600. package_create_publisher() also writes the public half to a new
 * file of mode 0644. Return LUATEE_USAGE when a file already exists; the file stays unchanged. After an error there are
 * no new files. passphrase: asks for one, and encrypts the private key with it (PBES2, AES-256-CBC). mark: a line
 * before each PEM, or NULL.
 */
LUATEE_CHECKED luatee_status package_create_publisher(const char *path, const char *public_path, bool passphrase,
                                                      const char *mark, luatee_error *error);
LUATEE_CHECKED luatee_status package_create_class(const char *path, const char *mark, luatee_error *error);

#endif
