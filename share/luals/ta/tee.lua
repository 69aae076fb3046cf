---@meta
-- SPDX-License-Identifier: BSD-2-Clause
-- What trusted scripts (ta/*.lua) can use besides Lua 5.4, for the Lua language server. docs/reference.md has the full
-- rules. tests/lua/host/suite_definitions.lua and tests/unit/core/lualib/definitions_test.c compare this file with the
-- real tables.

-- --- functions of stock Lua that trusted scripts lack -----------------------------------------------------------------

---@deprecated Not in trusted scripts: modules come from `require`.
function dofile() end

---@deprecated Not in trusted scripts: modules come from `require`.
function loadfile() end

---@deprecated Not in trusted scripts: there is no bytecode.
function string.dump() end

-- --- calls ------------------------------------------------------------------------------------------------------------

---The services of the TEE. Each call gets a fresh table.
---@class tee
tee = {}

---Runs the trusted script `name` of the same app, and returns its results. Raises its errors.
---@param name string
---@param ... any
---@return any ...
function tee.call(name, ...) end

---Runs the trusted script `name` of the same app. The historical name of `tee.call`.
---@param name string
---@param ... any
---@return any ...
function internal_TA_call(name, ...) end

---Functions that the host exports. `tee.host.NAME(...)` calls one, if the manifest grants it (`permissions.host`), and
---waits for its results. They come from Linux: do not trust them.
---@type table<string, fun(...: any): any>
tee.host = nil

---Releases a function of the host, before the garbage collector does.
---@param f function
function tee.release(f) end

---Returns the units of fuel that this call has used, and those that are left.
---@return integer used
---@return integer left
function tee.fuel() end

-- --- cryptography -----------------------------------------------------------------------------------------------------

---@alias tee.digest_name "sha256"|"sha384"|"sha512"|"sha3-256"|"sha3-384"|"sha3-512"
---@alias tee.hash "sha1"|"sha256"|"sha384"|"sha512"

---Returns n bytes from the TEE's random number generator; n from 0 to 65,536.
---@param n integer
---@return string
function tee.random(n) end

---Returns the digest of data. Without data, returns an object for data in pieces.
---@param name tee.digest_name
---@param data string
---@return string digest
---@overload fun(name: tee.digest_name): tee.digest
function tee.digest(name, data) end

---@class tee.digest
local digest = {}

---Adds data.
---@param data string
---@return tee.digest self
function digest:update(data) end

---Returns the digest and ends the object.
---@return string
function digest:final() end

---Returns the HMAC of data. Without data, returns an object for data in pieces.
---@param hash tee.hash
---@param key string
---@param data string
---@return string mac
---@overload fun(hash: tee.hash, key: string): tee.mac
function tee.mac(hash, key, data) end

---@class tee.mac
local mac = {}

---Adds data.
---@param data string
---@return tee.mac self
function mac:update(data) end

---Returns the MAC and ends the object.
---@return string
function mac:final() end

---Compares the MAC in constant time and ends the object.
---@param mac string
---@return boolean
function mac:verify(mac) end

---@alias tee.aead_name "aes-gcm"|"aes-ccm"

---Authenticated encryption. A key has 16, 24 or 32 bytes.
tee.aead = {}

---Encrypts text. Returns a fresh random nonce of 12 bytes, the ciphertext and a tag of 16 bytes as one string, the box.
---@param name tee.aead_name
---@param key string
---@param text string
---@param aad? string authenticated too, but not part of the box; needed again to open it
---@return string box
function tee.aead.seal(name, key, text, aad) end

---Verifies and decrypts a box. Returns the text, or nil and "not authentic".
---@param name tee.aead_name
---@param key string
---@param box string
---@param aad? string
---@return string? text
---@return string? why
function tee.aead.open(name, key, box, aad) end

---Encrypts text with the caller's nonce. Returns the ciphertext and the tag. Never use a nonce twice with one key: two
---such messages reveal each other.
---@param name tee.aead_name
---@param key string
---@param nonce string 12 bytes; with AES-CCM 7 to 13
---@param text string
---@param aad? string
---@param tag_size? integer 12 to 16; with AES-CCM 4 to 16, even
---@return string box
function tee.aead.seal_with_unique_nonce(name, key, nonce, text, aad, tag_size) end

---Verifies and decrypts ciphertext and tag. Returns the text, or nil and "not authentic".
---@param name tee.aead_name
---@param key string
---@param nonce string
---@param box string
---@param aad? string
---@param tag_size? integer
---@return string? text
---@return string? why
function tee.aead.open_with_nonce(name, key, nonce, box, aad, tag_size) end

---@alias tee.cipher_name "aes-ctr"|"aes-cbc"

---Encryption without authentication, for formats that require it. Prefer `tee.aead`.
tee.cipher = {}

---Encrypts text. Returns a fresh random IV of 16 bytes and the ciphertext.
---@param name tee.cipher_name
---@param key string
---@param text string
---@return string data
function tee.cipher.encrypt(name, key, text) end

---Decrypts IV and ciphertext. Returns the text, or nil and a message.
---@param name tee.cipher_name
---@param key string
---@param data string
---@return string? text
---@return string? why
function tee.cipher.decrypt(name, key, data) end

---Encrypts text with the caller's IV, which must never be used twice with one key. Returns the ciphertext.
---@param name tee.cipher_name
---@param key string
---@param iv string 16 bytes
---@param text string
---@return string data
function tee.cipher.encrypt_with_unique_iv(name, key, iv, text) end

---Decrypts the ciphertext. Returns the text, or nil and a message.
---@param name tee.cipher_name
---@param key string
---@param iv string
---@param data string
---@return string? text
---@return string? why
function tee.cipher.decrypt_with_iv(name, key, iv, data) end

---Key derivation.
tee.kdf = {}

---HKDF (RFC 5869): derives a key from a secret. Each `info` leads to another key.
---@param hash tee.hash
---@param secret string
---@param salt string?
---@param info string?
---@param size integer bytes
---@return string
function tee.kdf.hkdf(hash, secret, salt, info, size) end

---PBKDF2 (RFC 8018): derives a key from a password.
---@param hash tee.hash
---@param password string
---@param salt string
---@param iterations integer
---@param size integer bytes
---@return string
function tee.kdf.pbkdf2(hash, password, salt, iterations, size) end

---Compares two strings in a time that depends on their lengths only.
---@param a string
---@param b string
---@return boolean
function tee.equal(a, b) end

---Whether this TEE supports all of these: algorithms, key types, "persistent-time", "device-id", "rollback-protection".
---@param name string
---@param ... string
---@return boolean
function tee.supports(name, ...) end

-- --- bytes as text, values as bytes -----------------------------------------------------------------------------------

---Base 16.
tee.hex = {}

---@param data string
---@return string text
function tee.hex.encode(data) end

---Returns the bytes, or nil and a message.
---@param text string
---@return string? data
---@return string? why
function tee.hex.decode(text) end

---Base 64.
tee.base64 = {}

---@param data string
---@param alphabet? "standard"|"url"
---@return string text
function tee.base64.encode(data, alphabet) end

---Returns the bytes, or nil and a message.
---@param text string
---@param alphabet? "standard"|"url"
---@return string? data
---@return string? why
function tee.base64.decode(text, alphabet) end

---CBOR (RFC 8949) in its deterministic form.
tee.cbor = {}

---CBOR's null.
---@type userdata
tee.cbor.null = nil

---Encodes a value.
---@param value any
---@param strings? "bytes"|"text" the CBOR type of strings
---@return string data
function tee.cbor.encode(value, strings) end

---Decodes a value. Returns it, or nil and a message with the position of the error.
---@param data string
---@return any value
---@return string? why
function tee.cbor.decode(data) end

---Returns an object that is encoded as a CBOR text string.
---@param s string
---@return userdata
function tee.cbor.text(s) end

---Marks the table, so that it is encoded as an array, and returns it.
---@param t table
---@return table t
function tee.cbor.array(t) end

-- --- keys -------------------------------------------------------------------------------------------------------------

---@alias tee.key_type "aes"|"hmac-sha1"|"hmac-sha256"|"hmac-sha384"|"hmac-sha512"|"ecdsa-p256"|"ecdsa-p384"|"ed25519"|"ecdh-p256"|"x25519"|"rsa-pss"|"rsa-pkcs1"|"rsa-oaep"
---@alias tee.key_use "encrypt"|"decrypt"|"sign"|"verify"|"mac"|"derive"

---Options of all functions that make keys.
---@class tee.key_options
---@field type tee.key_type
---@field size? integer bits
---@field usage? tee.key_use[] default: all uses of the type
---@field extractable? boolean
---@field name? string stores the key under this name; needs the permission `keys`

---@class tee.import_options: tee.key_options
---@field pem? string
---@field der? string
---@field cose? string
---@field raw? string the secret
---@field public? string the public key

---@class tee.derive_options: tee.key_options
---@field info? string the purpose of the key
---@field salt? string
---@field peer? string the other side's public key

---Keys that stay in the TEE.
tee.key = {}

---Generates a key.
---@param options tee.key_options
---@return tee.key
function tee.key.generate(options) end

---Imports a key in one of its formats. Returns the key, or nil and the reason why it is invalid.
---@param options tee.import_options
---@return tee.key?
---@return string? why
function tee.key.import(options) end

---Opens a stored key. Returns the key, or nil and a message.
---@param name string
---@return tee.key?
---@return string? why
function tee.key.open(name) end

---Returns the names of the app's stored keys.
---@return string[]
function tee.key.list() end

---Deletes a stored key. Returns whether there was one.
---@param name string
---@return boolean
function tee.key.delete(name) end

---@class tee.key
---@field type tee.key_type
---@field size integer bits
---@field usage tee.key_use[]
---@field extractable boolean
---@field secret boolean whether it has a secret or private part
---@field name string? the name of a stored key
local key = {}

---Signs data.
---@param data string
---@param form? "der"|"raw"
---@return string signature
function key:sign(data, form) end

---Whether this is a signature, or a MAC, of data by this key.
---@param data string
---@param signature string
---@param form? "der"|"raw"
---@return boolean
function key:verify(data, signature, form) end

---Encrypts text.
---@param text string
---@param aad? string
---@return string box
function key:encrypt(text, aad) end

---Decrypts a box. Returns the text, or nil and a message.
---@param box string
---@param aad? string
---@return string? text
---@return string? why
function key:decrypt(box, aad) end

---Returns the MAC of data.
---@param data string
---@return string mac
function key:mac(data) end

---Derives a key from this one. Returns it, or nil and the reason why the peer's key is invalid.
---@param options tee.derive_options
---@return tee.key?
---@return string? why
function key:derive(options) end

---Returns the public key.
---@param form? "pem"|"der"|"cose"|"raw"
---@return string
function key:public(form) end

---Returns the secret or private part of an extractable key.
---@param form? "pem"|"der"|"cose"|"raw"
---@return string
function key:export(form) end

---Closes the key's handle, which frees memory of the TEE. A stored key stays stored.
function key:close() end

-- --- storage ----------------------------------------------------------------------------------------------------------

---A value that can be stored: without functions.
---@alias tee.stored boolean|number|string|table

---The app's values in secure storage. Needs the permission `storage`.
tee.store = {}

---Stores a value under a key.
---@param key string 1 to 255 bytes
---@param value tee.stored
function tee.store.put(key, value) end

---Returns a copy of the value, or nil.
---@param key string
---@return tee.stored? value
function tee.store.get(key) end

---Deletes a pair. Returns whether there was one.
---@param key string
---@return boolean
function tee.store.delete(key) end

---Returns an iterator over the current pairs whose keys begin with the prefix, in the order of the keys.
---@param prefix? string
---@return fun(): string?, tee.stored?
function tee.store.pairs(prefix) end

---The functions of a transaction.
---@class tee.transaction
---@field put fun(key: string, value: tee.stored)
---@field get fun(key: string): tee.stored?
---@field delete fun(key: string): boolean
---@field pairs fun(prefix?: string): fun(): string?, tee.stored?

---Calls f and stores all of its changes, or none if it raises an error.
---@param f fun(t: tee.transaction): ...
---@return ... the results of f
function tee.store.transaction(f) end

---Removes all pairs. Works on a damaged store.
function tee.store.clear() end

---A counter that never goes back.
---@class tee.counter
local counter = {}

---Returns the app's counter of this name. Needs the permission `counters`.
---@param name string
---@return tee.counter
function tee.counter(name) end

---Returns the counter's value.
---@return integer
function counter:value() end

---Adds to the counter, and stores it before it returns.
---@param by? integer 1 or more; default 1
---@return integer value
function counter:increment(by) end

---Sets a new value for a counter that was lost because storage was damaged.
---@param value integer
---@return integer value
function counter:restart(value) end

---Returns the counter's protection against rollback: 0 none, 100 with the help of Linux, 1000 by the TEE.
---@return integer
function counter:protection() end

-- --- time and identity ------------------------------------------------------------------------------------------------

---Clocks. Times are seconds as a float, with a resolution of milliseconds.
tee.time = {}

---Returns the time since an arbitrary point, which does not change within a session.
---@return number seconds
function tee.time.system() end

---Returns the host's clock: seconds since 1970, if the host is honest.
---@return number seconds
function tee.time.ree() end

---Returns the app's own clock, or nil and a message if it was never set or was lost. Needs the permission `storage`.
---@return number? seconds
---@return string? why
function tee.time.persistent() end

---Sets the app's own clock. Needs the permission `storage`.
---@param seconds number from 0 to 2^32
function tee.time.set_persistent(seconds) end

---@class tee.trust
---@field system "tee"|"ree"
---@field persistent "tee"|"ree"
---@field ree "ree"

---Returns who controls each clock.
---@return tee.trust
function tee.time.trust() end

---@class tee.caller
---@field login "public"|"user"|"group"|"application"|"application_user"|"application_group"|"trusted_app"|string
---@field uuid string

---Returns the identity of the session's client, as Linux reported it to the TEE.
---@return tee.caller
function tee.caller() end

---@class tee.limits
---@field fuel integer units of fuel of this call
---@field memory integer bytes of the session
---@field message integer bytes of the arguments, or of the results, of a call
---@field values integer number of arguments, or of results, of a call
---@field value_depth integer depth of tables inside tables
---@field call_depth integer depth of trusted scripts that call each other
---@field host_depth integer calls that wait for the host at a time
---@field functions integer functions lent in each direction at a time
---@field objects integer digests, MACs and keys in use at a time
---@field keys integer stored keys of the app
---@field counters integer counters of the app
---@field store_key integer bytes of a key of `tee.store`
---@field store_value integer bytes of an encoded value of `tee.store`
---@field store_keys integer number of keys of `tee.store`
---@field store_size integer bytes of all keys and values of `tee.store` together
---@field random integer bytes that `tee.random` returns
---@field pbkdf2 integer iterations times blocks of output
---@field ed25519 integer bytes of a message that Ed25519 signs
---@field name integer characters of a name

---@class tee.info
---@field tee string? the TEE's own description
---@field tee_version string?
---@field api string? version of the GP TEE Internal Core API
---@field device string? the device's id, a UUID
---@field app string
---@field version string version of luatee's TA
---@field flavour "dev"|"release"
---@field lua string
---@field rollback integer protection of storage against rollback: 0 none, 100 with the help of Linux, 1000 by the TEE
---@field protocol integer
---@field memory integer bytes in use
---@field memory_peak integer
---@field memory_max integer
---@field limits tee.limits

---Returns the properties of the TEE, the TA and the session.
---@return tee.info
function tee.info() end
