/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The part of key_peer that has no keys in PEM: what the services of tee are compared with. All but NAME and numbers is
 * in hexadecimal, "" is nothing; NAME is OpenSSL's.
 *
 *   key_peer digest NAME DATA
 *   key_peer hmac NAME KEY DATA
 *   key_peer hkdf NAME SIZE SECRET SALT INFO
 *   key_peer pbkdf2 NAME SIZE ITERATIONS PASSWORD SALT
 *   key_peer cipher NAME 1|0 KEY IV DATA            1 encrypts
 *   key_peer seal NAME TAG-SIZE KEY NONCE AAD TEXT  ciphertext and tag
 *   key_peer open NAME TAG-SIZE KEY NONCE AAD BOX   exit status 1: not authentic
 */
#ifndef LUATEE_TESTS_UNIT_SERVICE_PEER_H
#define LUATEE_TESTS_UNIT_SERVICE_PEER_H

/* The arguments are main's. Returns the exit status; -1: it is none of these. */
int service_peer(int argc, char **argv);

#endif
