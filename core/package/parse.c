/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/package/parse.h"

#include <stdbool.h>
#include <string.h>

#include "abi/name.h"
#include "core/codec/cursor.h"

const char *package_check_text(enum package_check check)
{
    switch (check) {
    case PACKAGE_FINE:
        return "it is well-formed";
    case PACKAGE_TOO_LARGE:
        return "it is too large for a package";
    case PACKAGE_TRUNCATED:
        return "it ends too early: copy the whole file";
    case PACKAGE_NOT_CANONICAL:
        return "it is not in deterministic encoding";
    case PACKAGE_BAD_ENVELOPE:
        return "it is not a signed package, or something follows the package";
    case PACKAGE_BAD_HEADER:
        return "its protected header is invalid";
    case PACKAGE_BAD_FORMAT:
        return "this luatee does not know its format version: use one of the same release";
    case PACKAGE_BAD_IDENTITY:
        return "its app, script, version, sequence or bundle is invalid";
    case PACKAGE_BAD_BODY:
        return "its encrypted body is invalid";
    case PACKAGE_BAD_RECIPIENT:
        return "its recipients are invalid";
    case PACKAGE_UNKNOWN_PUBLISHER:
        return "it is signed with a key that this TA was not built with";
    case PACKAGE_REVOKED_PUBLISHER:
        return "it is signed with a key that was revoked: pack with a newer key";
    case PACKAGE_BAD_SIGNATURE:
        return "its signature is invalid: it was changed after it was packed";
    case PACKAGE_OTHER_APP:
        return "it is a package of another app";
    case PACKAGE_OTHER_SCRIPT:
        return "it is a package of another script";
    case PACKAGE_OTHER_KIND:
        return "it is a manifest where a script belongs, or a script where a manifest belongs";
    case PACKAGE_OTHER_BUNDLE:
        return "it was not packed together with the others of this session: use the files of one `luatee pack`";
    case PACKAGE_OLD_SEQUENCE:
        return "its sequence is lower than one that this app has run with: raise it in manifest.lua and pack again";
    case PACKAGE_NOT_FOR_US:
        return "it is encrypted neither for this device nor for its class: pack for this device";
    case PACKAGE_BAD_KEY:
        return "its content key cannot be unwrapped";
    case PACKAGE_BAD_CIPHERTEXT:
        return "it cannot be decrypted";
    }
    return "it is rejected";
}

/* Returns the rule that the cursor's failure breaks. part: the rule when an unexpected item is in this part. */
static enum package_check check_of(const struct cursor *c, enum package_check part)
{
    switch (c->failure) {
    case CURSOR_FINE:
        return PACKAGE_FINE;
    case CURSOR_TRUNCATED:
        return PACKAGE_TRUNCATED;
    case CURSOR_NOT_SHORTEST:
        return PACKAGE_NOT_CANONICAL;
    case CURSOR_UNEXPECTED:
        break;
    }
    return part;
}

static const char *read_name(struct cursor *c, size_t *size)
{
    const char *name = cursor_text(c, 1, LUATEE_NAME_MAX, size);
    if (name && !luatee_name_valid(name, *size))
        cursor_fail(c, CURSOR_UNEXPECTED);
    return name;
}

/* A version is shown to people, so it must not contain control characters. */
static const char *read_version(struct cursor *c, size_t *size)
{
    const char *version = cursor_text(c, 1, PACKAGE_VERSION_MAX, size);
    for (size_t i = 0; version && i < *size; i++)
        if (version[i] < ' ' || version[i] > '~')
            cursor_fail(c, CURSOR_UNEXPECTED);
    return version;
}

static uint64_t read_at_most(struct cursor *c, uint64_t max)
{
    uint64_t value = cursor_uint(c);
    if (value > max)
        cursor_fail(c, CURSOR_UNEXPECTED);
    return value;
}

static enum package_check parse_identity(struct cursor *c, struct package_identity *identity)
{
    /* Another format may have another number of fields, so the format is checked first. */
    uint64_t fields = cursor_array(c);
    uint64_t format = cursor_uint(c);
    if (c->failure == CURSOR_FINE && format != PACKAGE_FORMAT)
        return PACKAGE_BAD_FORMAT;
    if (fields != 7)
        cursor_fail(c, CURSOR_UNEXPECTED);
    identity->app = read_name(c, &identity->app_size);
    identity->kind = (enum package_kind)read_at_most(c, PACKAGE_MANIFEST);
    identity->script = read_name(c, &identity->script_size);
    identity->version = read_version(c, &identity->version_size);
    identity->sequence = read_at_most(c, PACKAGE_SEQUENCE_MAX);
    identity->bundle = cursor_bytes_of(c, PACKAGE_BUNDLE_SIZE);
    if (c->failure == CURSOR_FINE && identity->kind == PACKAGE_MANIFEST &&
        (identity->script_size != strlen(PACKAGE_MANIFEST_NAME) ||
         memcmp(identity->script, PACKAGE_MANIFEST_NAME, identity->script_size) != 0))
        cursor_fail(c, CURSOR_UNEXPECTED);
    return check_of(c, PACKAGE_BAD_IDENTITY);
}

static enum package_check parse_header(struct package *package)
{
    struct cursor c;
    cursor_begin(&c, package->header, package->header_size);
    cursor_expect_map(&c, 5);
    cursor_expect_int(&c, PACKAGE_LABEL_ALG);
    cursor_expect_int(&c, PACKAGE_ALG_ES256);
    cursor_expect_int(&c, PACKAGE_LABEL_CRIT);
    cursor_expect_array(&c, 1);
    cursor_expect_int(&c, PACKAGE_LABEL_IDENTITY);
    cursor_expect_int(&c, PACKAGE_LABEL_CONTENT_TYPE);
    cursor_expect_int(&c, PACKAGE_CONTENT_TYPE);
    cursor_expect_int(&c, PACKAGE_LABEL_KID);
    package->publisher_id = cursor_bytes_of(&c, PACKAGE_PUBLISHER_ID_SIZE);
    cursor_expect_int(&c, PACKAGE_LABEL_IDENTITY);
    if (c.failure != CURSOR_FINE)
        return check_of(&c, PACKAGE_BAD_HEADER);
    enum package_check check = parse_identity(&c, &package->identity);
    if (check != PACKAGE_FINE)
        return check;
    (void)cursor_finish(&c);
    return check_of(&c, PACKAGE_BAD_HEADER);
}

enum package_check package_parse(const void *data, size_t size, struct package *package)
{
    *package = (struct package) { 0 };
    if (size > PACKAGE_SIZE_MAX)
        return PACKAGE_TOO_LARGE;
    struct cursor c;
    cursor_begin(&c, data, size);
    cursor_expect_tag(&c, PACKAGE_TAG);
    cursor_expect_array(&c, 4);
    package->header = cursor_bytes(&c, 1, PACKAGE_HEADER_MAX, &package->header_size);
    cursor_expect_map(&c, 0);
    package->payload = cursor_bytes(&c, 1, PACKAGE_SIZE_MAX, &package->payload_size);
    package->signature = cursor_bytes_of(&c, PACKAGE_SIGNATURE_SIZE);
    if (!cursor_finish(&c))
        return check_of(&c, PACKAGE_BAD_ENVELOPE);
    return parse_header(package);
}

/* Reads the protected header of the body or of a recipient: a byte string that contains {1 => algorithm}. */
static void expect_protected_algorithm(struct cursor *c, int64_t algorithm)
{
    size_t size;
    const uint8_t *bytes = cursor_bytes(c, 0, PACKAGE_HEADER_MAX, &size);
    struct cursor inner;
    cursor_begin(&inner, bytes, size);
    cursor_expect_map(&inner, 1);
    cursor_expect_int(&inner, PACKAGE_LABEL_ALG);
    cursor_expect_int(&inner, algorithm);
    if (!cursor_finish(&inner))
        cursor_fail(c, inner.failure);
}

static void parse_class_recipient(struct cursor *c, struct package_recipient *recipient)
{
    recipient->kind = PACKAGE_FOR_CLASS;
    (void)cursor_bytes_of(c, 0);
    cursor_expect_map(c, 2);
    cursor_expect_int(c, PACKAGE_LABEL_ALG);
    cursor_expect_int(c, PACKAGE_ALG_A256KW);
    cursor_expect_int(c, PACKAGE_LABEL_KID);
    recipient->id = cursor_bytes_of(c, PACKAGE_RECIPIENT_ID_SIZE);
}

static void parse_device_recipient(struct cursor *c, struct package_recipient *recipient)
{
    recipient->kind = PACKAGE_FOR_DEVICE;
    expect_protected_algorithm(c, PACKAGE_ALG_ECDH_ES_A256KW);
    cursor_expect_map(c, 2);
    cursor_expect_int(c, PACKAGE_LABEL_KID);
    recipient->id = cursor_bytes_of(c, PACKAGE_RECIPIENT_ID_SIZE);
    cursor_expect_int(c, PACKAGE_LABEL_EPHEMERAL);
    cursor_expect_map(c, 4);
    cursor_expect_int(c, PACKAGE_KEY_LABEL_TYPE);
    cursor_expect_int(c, PACKAGE_KEY_TYPE_EC2);
    cursor_expect_int(c, PACKAGE_KEY_LABEL_CURVE);
    cursor_expect_int(c, PACKAGE_KEY_CURVE_P256);
    cursor_expect_int(c, PACKAGE_KEY_LABEL_X);
    recipient->x = cursor_bytes_of(c, PACKAGE_POINT_SIZE);
    cursor_expect_int(c, PACKAGE_KEY_LABEL_Y);
    recipient->y = cursor_bytes_of(c, PACKAGE_POINT_SIZE);
}

static void parse_recipient(struct cursor *c, struct package_recipient *recipient)
{
    cursor_expect_array(c, 3);
    /* The protected header of a class recipient is empty, that of a device recipient is not. */
    struct cursor ahead = *c;
    size_t protected_size;
    (void)cursor_bytes(&ahead, 0, PACKAGE_HEADER_MAX, &protected_size);
    if (ahead.failure != CURSOR_FINE)
        cursor_fail(c, ahead.failure);
    else if (protected_size == 0)
        parse_class_recipient(c, recipient);
    else
        parse_device_recipient(c, recipient);
    recipient->wrapped = cursor_bytes_of(c, PACKAGE_WRAPPED_SIZE);
}

static enum package_check parse_recipients(struct cursor *c, struct package_body *body)
{
    uint64_t count = cursor_array(c);
    if (count == 0 || count > PACKAGE_RECIPIENTS_MAX)
        cursor_fail(c, CURSOR_UNEXPECTED);
    for (size_t i = 0; i < count && c->failure == CURSOR_FINE; i++) {
        parse_recipient(c, &body->recipients[i]);
        body->recipient_count = i + 1;
    }
    return check_of(c, PACKAGE_BAD_RECIPIENT);
}

enum package_check package_parse_body(const void *payload, size_t size, struct package_body *body)
{
    *body = (struct package_body) { 0 };
    struct cursor c;
    cursor_begin(&c, payload, size);
    cursor_expect_array(&c, 4);
    expect_protected_algorithm(&c, PACKAGE_ALG_A256GCM);
    cursor_expect_map(&c, 1);
    cursor_expect_int(&c, PACKAGE_LABEL_IV);
    body->iv = cursor_bytes_of(&c, PACKAGE_IV_SIZE);
    body->ciphertext = cursor_bytes(&c, PACKAGE_TAG_SIZE, PACKAGE_CIPHERTEXT_MAX, &body->ciphertext_size);
    if (c.failure != CURSOR_FINE)
        return check_of(&c, PACKAGE_BAD_BODY);
    enum package_check check = parse_recipients(&c, body);
    if (check != PACKAGE_FINE)
        return check;
    (void)cursor_finish(&c);
    return check_of(&c, PACKAGE_BAD_BODY);
}
