/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as the body of a package, signed by a publisher that the TA trusts: what is behind the signature must bear
 * everything, too. The keys and the header are those of the test vectors, and the device's key is their first device's,
 * so that bodies of the vectors decrypt. It runs in the repository's folder.
 */
/* link: $(fuzz_open_keys) */
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>

#include "client/package/encode.h"
#include "client/package/files.h"
#include "client/package/keys.h"
#include "client/package/sign.h"
#include "core/storage/object.h"
#include "core/trust/package_open.h"
#include "sim/ta/memory.h"

#define VECTORS "tests/package/vectors/"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static EVP_PKEY *publisher;
static struct luatee_buffer sample;
static struct package header; /* of the sample */

static void need(bool fine)
{
    if (!fine)
        abort();
}

static EVP_PKEY *load(const char *path)
{
    EVP_PKEY *key;
    bool is_private;
    need(package_load_publisher(path, &key, &is_private, NULL) == LUATEE_OK && is_private);
    return key;
}

static void install_device_key(EVP_PKEY *device)
{
    static const uint8_t id[] = { OBJECT_DEVICE_KEY };
    uint8_t x[PACKAGE_POINT_SIZE], y[PACKAGE_POINT_SIZE], number[PACKAGE_POINT_SIZE];
    BIGNUM *private_number = NULL;
    TEE_Attribute parts[4];
    TEE_ObjectHandle key, stored;
    need(package_key_point(device, x, y));
    need(EVP_PKEY_get_bn_param(device, OSSL_PKEY_PARAM_PRIV_KEY, &private_number) == 1 &&
         BN_bn2binpad(private_number, number, sizeof(number)) == sizeof(number));
    BN_free(private_number);
    TEE_InitRefAttribute(&parts[0], TEE_ATTR_ECC_PUBLIC_VALUE_X, x, sizeof(x));
    TEE_InitRefAttribute(&parts[1], TEE_ATTR_ECC_PUBLIC_VALUE_Y, y, sizeof(y));
    TEE_InitRefAttribute(&parts[2], TEE_ATTR_ECC_PRIVATE_VALUE, number, sizeof(number));
    TEE_InitValueAttribute(&parts[3], TEE_ATTR_ECC_CURVE, TEE_ECC_CURVE_NIST_P256, 0);
    need(TEE_AllocateTransientObject(TEE_TYPE_ECDH_KEYPAIR, 256, &key) == TEE_SUCCESS);
    need(TEE_PopulateTransientObject(key, parts, 4) == TEE_SUCCESS);
    need(TEE_CreatePersistentObject(TEE_STORAGE_PRIVATE, id, sizeof(id),
                                    TEE_DATA_FLAG_ACCESS_READ | TEE_DATA_FLAG_OVERWRITE, key, NULL, 0,
                                    &stored) == TEE_SUCCESS);
    TEE_FreeTransientObject(key);
    TEE_CloseObject(stored);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    need(sim_memory_start());
    publisher = load(VECTORS "keys/publisher.pem");
    EVP_PKEY *device = load(VECTORS "keys/device1.pem");
    install_device_key(device);
    EVP_PKEY_free(device);
    need(package_file_read(VECTORS "packed/ta/answer.luata", PACKAGE_SIZE_MAX, &sample, NULL) == LUATEE_OK);
    need(package_parse(sample.data, sample.size, &header) == PACKAGE_FINE);
    return 0;
}

static void open_signed(struct alloc *a, const struct luatee_buffer *whole)
{
    static const struct package_expected expected = { .app = "vectors", .script = "answer", .kind = PACKAGE_SOURCE };
    struct package_opened opened;
    enum package_check check;
    TEE_Result result = package_open(a, whole->data, whole->size, &expected, &opened, &check);
    need((result == TEE_SUCCESS && check == PACKAGE_FINE) ||
         (result == TEE_ERROR_SECURITY && check >= PACKAGE_TRUNCATED));
    need(check != PACKAGE_BAD_SIGNATURE);
    need(result == TEE_SUCCESS || (opened.size == 0 && opened.plaintext == NULL));
    package_opened_free(a, &opened);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t signature[PACKAGE_SIGNATURE_SIZE];
    struct luatee_buffer whole = { 0 };
    struct package package = header;
    if (size == 0)
        return 0; /* a payload has a byte at least */
    package.payload = data;
    package.payload_size = size;
    package.signature = signature;
    need(package_sign(publisher, &package, signature, NULL) == LUATEE_OK && package_encode_whole(&package, &whole));
    struct alloc *a = alloc_new();
    need(a != NULL);
    open_signed(a, &whole);
    alloc_delete(a);
    luatee_buffer_free(&whole);
    return 0;
}
