#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Reads packages as a device does, from RFC 9052 and RFC 9053, with libraries that are not ours:
check_contents.py KEYS APP BYTECODE PACKED

KEYS has class.key and device1.pem, device2.pem; PACKED is what APP was packed into. Every recipient must give the
plaintext: the script in APP/ta, or for BYTECODE=1 some Lua bytecode; or the manifest. Every encoding must be the
deterministic one. Prints a line for each package that fails, then "N passed, N failed".
"""
import base64
import hashlib
import pathlib
import sys

import cbor2
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.keywrap import aes_key_unwrap

IDENTITY = -70000
A256GCM, A256KW, ECDH_ES_A256KW = 3, -5, -31
MANIFEST = {
    "name": "vectors", "version": "1.2.3", "sequence": 2 ** 32, "memory": 2 ** 20, "fuel": 1000000,
    "permissions": {"storage": True, "host": ["confirm", "log"]},
}


def expect(what, condition):
    if not condition:
        raise ValueError(what)


def decode(data):
    """CBOR that must be in its deterministic encoding."""
    value = cbor2.loads(data)
    expect("deterministic encoding", cbor2.dumps(value, canonical=True) == data)
    return value


def load_class_key(path):
    return base64.b64decode("".join(path.read_text().splitlines()[1:-1]))


def load_keys(folder):
    keys = {}
    class_key = load_class_key(folder / "class.key")
    keys[hashlib.sha256(b"luatee class key" + class_key).digest()[:16]] = class_key
    for path in sorted(folder.glob("device*.pem")):
        key = serialization.load_pem_private_key(path.read_bytes(), None)
        spki = key.public_key().public_bytes(serialization.Encoding.DER,
                                             serialization.PublicFormat.SubjectPublicKeyInfo)
        keys[hashlib.sha256(spki).digest()[:16]] = key
    return keys


def unwrap(recipient, keys):
    """The content key, or None when the recipient's key is not ours."""
    protected, unprotected, wrapped = recipient
    key = keys.get(unprotected[4])
    if key is None:
        return None
    if protected == b"":
        expect("A256KW", unprotected[1] == A256KW)
        return aes_key_unwrap(key, wrapped)
    expect("ECDH-ES+A256KW", decode(protected) == {1: ECDH_ES_A256KW})
    cose_key = unprotected[-1]
    expect("EC2, P-256", cose_key[1] == 2 and cose_key[-1] == 1)
    ephemeral = ec.EllipticCurvePublicNumbers(int.from_bytes(cose_key[-2], "big"), int.from_bytes(cose_key[-3], "big"),
                                              ec.SECP256R1()).public_key()
    context = cbor2.dumps([A256KW, [None] * 3, [None] * 3, [256, protected]])
    secret = key.exchange(ec.ECDH(), ephemeral)
    return aes_key_unwrap(HKDF(hashes.SHA256(), 32, None, context).derive(secret), wrapped)


def decrypt(header, payload, keys):
    """The plaintexts that each of our keys gives: they are all the same."""
    protected, unprotected, ciphertext, recipients = decode(payload)
    expect("A256GCM", decode(protected) == {1: A256GCM})
    additional = cbor2.dumps(["Encrypt", protected, header])
    content_keys = [unwrap(recipient, keys) for recipient in recipients]
    expect("a key for every recipient", content_keys and None not in content_keys)
    plaintexts = {AESGCM(key).decrypt(unprotected[5], ciphertext, additional) for key in content_keys}
    expect("one plaintext", len(plaintexts) == 1)
    return plaintexts.pop()


def check(path, keys, app, bytecode):
    tag = decode(path.read_bytes())
    header, unprotected, payload, _ = tag.value
    expect("tag 18, no unprotected header", tag.tag == 18 and unprotected == {})
    fields = decode(header)
    expect("critical header", fields[2] == [IDENTITY])
    fmt, name, kind, script, version, sequence, bundle = fields[IDENTITY]
    expect("identity", (fmt, name, version, sequence) == (1, "vectors", "1.2.3", 2 ** 32))
    expect("name of the file", path.name == script + ".luata")
    plaintext = decrypt(header, payload, keys)
    if kind == 2:
        expect("manifest", decode(plaintext) == MANIFEST)
    elif bytecode:
        expect("bytecode", kind == 1 and plaintext.startswith(b"\x1bLua\x54"))
    else:
        expect("source", kind == 0 and plaintext == (app / "ta" / (script + ".lua")).read_bytes())
    return bundle


def main():
    keys = load_keys(pathlib.Path(sys.argv[1]))
    app, bytecode, packed = pathlib.Path(sys.argv[2]), sys.argv[3] == "1", pathlib.Path(sys.argv[4])
    passed = failed = 0
    bundles = set()
    for path in sorted(packed.glob("**/*.luata")):
        try:
            bundles.add(check(path, keys, app, bytecode))
            passed += 1
        except Exception as error:  # whatever it is, the package is not readable
            print(f"FAIL {path}: {type(error).__name__}: {error}")
            failed += 1
    if len(bundles) != 1:
        print(f"FAIL {packed}: {len(bundles)} bundles")
        failed += 1
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed > 0)


main()
