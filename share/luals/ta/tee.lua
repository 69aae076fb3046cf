---@meta
-- SPDX-License-Identifier: BSD-2-Clause
-- What trusted scripts (ta/*.lua) see besides Lua 5.4, for the Lua language server. docs/reference.md has the rules in full. The
-- tests compare this file with the real tables: tests/lua/host/suite_definitions.lua, tests/unit/core/lualib/definitions_test.c.

-- --- stock Lua that is not there ---------------------------------------------------------------------------------------

---@deprecated Not in trusted scripts: modules come from `require`.
function dofile() end

---@deprecated Not in trusted scripts: modules come from `require`.
function loadfile() end

---@deprecated Not in trusted scripts: there is no bytecode.
function string.dump() end

-- --- calls -------------------------------------------------------------------------------------------------------------

---The services of the TEE. Each call has a table of its own.
---@class tee
tee = {}

---Runs the trusted script `name` of the same app, and returns its results. Its errors pass.
---@param name string
---@param ... any
---@return any ...
function tee.call(name, ...) end

---Runs the trusted script `name` of the same app: the historical name of `tee.call`.
---@param name string
---@param ... any
---@return any ...
function internal_TA_call(name, ...) end

---What the host exports: `tee.host.NAME(...)` calls it, if the manifest grants it (`permissions.host`), and waits for its results.
---They are Linux speaking: a wish, and not a fact.
---@type table<string, fun(...: any): any>
tee.host = nil

---Lets a function that crossed go, before the garbage collector does.
---@param f function
function tee.release(f) end

---Units of fuel that this call has used, and those that are left.
---@return integer used
---@return integer left
function tee.fuel() end

-- --- cryptography ------------------------------------------------------------------------------------------------------

---@alias tee.digest_name "sha256"|"sha384"|"sha512"|"sha3-256"|"sha3-384"|"sha3-512"
---@alias tee.hash "sha1"|"sha256"|"sha384"|"sha512"

---n bytes of the TEE's random number generator; n from 0 to 65,536.
---@param n integer
---@return string
function tee.random(n) end

---The digest of data; or without data an object for what comes in pieces.
---@param name tee.digest_name
---@param data string
---@return string digest
---@overload fun(name: tee.digest_name): tee.digest
function tee.digest(name, data) end

---@class tee.digest
local digest = {}

---Goes on with this string.
---@param data string
---@return tee.digest self
function digest:update(data) end

---The digest; ends the object.
---@return string
function digest:final() end

---The HMAC of data; or without data an object for what comes in pieces.
---@param hash tee.hash
---@param key string
---@param data string
---@return string mac
---@overload fun(hash: tee.hash, key: string): tee.mac
function tee.mac(hash, key, data) end

---@class tee.mac
local mac = {}

---Goes on with this string.
---@param data string
---@return tee.mac self
function mac:update(data) end

---The MAC; ends the object.
---@return string
function mac:final() end

---Whether this is the MAC, in constant time; ends the object.
---@param mac string
---@return boolean
function mac:verify(mac) end

---@alias tee.aead_name "aes-gcm"|"aes-ccm"

---Authenticated encryption. Keys have 16, 24 or 32 bytes.
tee.aead = {}

---A box: a fresh random nonce of 12 bytes, the ciphertext, a tag of 16 bytes.
---@param name tee.aead_name
---@param key string
---@param text string
---@param aad? string what must be the same to open it, and is not in the box
---@return string box
function tee.aead.seal(name, key, text, aad) end

---The text; or nil and `not authentic`.
---@param name tee.aead_name
---@param key string
---@param box string
---@param aad? string
---@return string? text
---@return string? why
function tee.aead.open(name, key, box, aad) end

---Ciphertext and tag. Two messages with the same key and nonce give away both.
---@param name tee.aead_name
---@param key string
---@param nonce string 12 bytes; with AES-CCM 7 to 13
---@param text string
---@param aad? string
---@param tag_size? integer 12 to 16; with AES-CCM 4 to 16, even
---@return string box
function tee.aead.seal_with_unique_nonce(name, key, nonce, text, aad, tag_size) end

---The text; or nil and `not authentic`.
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

---Encryption without authentication, for formats that have it so: take `tee.aead` where you can choose.
tee.cipher = {}

---A fresh random IV of 16 bytes, and the ciphertext.
---@param name tee.cipher_name
---@param key string
---@param text string
---@return string data
function tee.cipher.encrypt(name, key, text) end

---The text; or nil and a message.
---@param name tee.cipher_name
---@param key string
---@param data string
---@return string? text
---@return string? why
function tee.cipher.decrypt(name, key, data) end

---The ciphertext.
---@param name tee.cipher_name
---@param key string
---@param iv string 16 bytes
---@param text string
---@return string data
function tee.cipher.encrypt_with_unique_iv(name, key, iv, text) end

---The text; or nil and a message.
---@param name tee.cipher_name
---@param key string
---@param iv string
---@param data string
---@return string? text
---@return string? why
function tee.cipher.decrypt_with_iv(name, key, iv, data) end

---Key derivation.
tee.kdf = {}

---HKDF (RFC 5869): keys from a key, another one for each `info`.
---@param hash tee.hash
---@param secret string
---@param salt string?
---@param info string?
---@param size integer bytes
---@return string
function tee.kdf.hkdf(hash, secret, salt, info, size) end

---PBKDF2 (RFC 8018): a key from a password.
---@param hash tee.hash
---@param password string
---@param salt string
---@param iterations integer
---@param size integer bytes
---@return string
function tee.kdf.pbkdf2(hash, password, salt, iterations, size) end

---Whether two strings are equal, in a time that depends on their lengths alone.
---@param a string
---@param b string
---@return boolean
function tee.equal(a, b) end

---Whether this TEE has all of these: algorithms, types of keys, `"persistent-time"`, `"device-id"`, `"rollback-protection"`.
---@param name string
---@param ... string
---@return boolean
function tee.supports(name, ...) end

-- --- bytes as text, values as bytes ------------------------------------------------------------------------------------

---Base 16.
tee.hex = {}

---@param data string
---@return string text
function tee.hex.encode(data) end

---The bytes; or nil and a message.
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

---The bytes; or nil and a message.
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

---The bytes.
---@param value any
---@param strings? "bytes"|"text" what strings become
---@return string data
function tee.cbor.encode(value, strings) end

---The value; or nil and a message with the place.
---@param data string
---@return any value
---@return string? why
function tee.cbor.decode(data) end

---What is encoded as text.
---@param s string
---@return userdata
function tee.cbor.text(s) end

---The table itself, marked: it is encoded as an array.
---@param t table
---@return table t
function tee.cbor.array(t) end

-- --- keys --------------------------------------------------------------------------------------------------------------

---@alias tee.key_type "aes"|"hmac-sha1"|"hmac-sha256"|"hmac-sha384"|"hmac-sha512"|"ecdsa-p256"|"ecdsa-p384"|"ed25519"|"ecdh-p256"|"x25519"|"rsa-pss"|"rsa-pkcs1"|"rsa-oaep"
---@alias tee.key_use "encrypt"|"decrypt"|"sign"|"verify"|"mac"|"derive"

---What all that make keys take.
---@class tee.key_options
---@field type tee.key_type
---@field size? integer bits
---@field usage? tee.key_use[] all of the type, unless told
---@field extractable? boolean
---@field name? string the key is stored; needs the permission `keys`

---@class tee.import_options: tee.key_options
---@field pem? string
---@field der? string
---@field cose? string
---@field raw? string the secret
---@field public? string the public key

---@class tee.derive_options: tee.key_options
---@field info? string what the key is for
---@field salt? string
---@field peer? string the public key of the other side

---Keys that stay in the TEE.
tee.key = {}

---A new key.
---@param options tee.key_options
---@return tee.key
function tee.key.generate(options) end

---A key that was made elsewhere, in one of its forms; or nil and why it is none.
---@param options tee.import_options
---@return tee.key?
---@return string? why
function tee.key.import(options) end

---A stored key; or nil and a message.
---@param name string
---@return tee.key?
---@return string? why
function tee.key.open(name) end

---Names of the app's stored keys.
---@return string[]
function tee.key.list() end

---Whether there was such a key.
---@param name string
---@return boolean
function tee.key.delete(name) end

---@class tee.key
---@field type tee.key_type
---@field size integer bits
---@field usage tee.key_use[]
---@field extractable boolean
---@field secret boolean whether it has one
---@field name string? of a stored key
local key = {}

---A signature.
---@param data string
---@param form? "der"|"raw"
---@return string signature
function key:sign(data, form) end

---Whether it is a signature, or MAC, by this key.
---@param data string
---@param signature string
---@param form? "der"|"raw"
---@return boolean
function key:verify(data, signature, form) end

---@param text string
---@param aad? string
---@return string box
function key:encrypt(text, aad) end

---The text; or nil and a message.
---@param box string
---@param aad? string
---@return string? text
---@return string? why
function key:decrypt(box, aad) end

---@param data string
---@return string mac
function key:mac(data) end

---A key from this one; or nil and what is wrong with the peer.
---@param options tee.derive_options
---@return tee.key?
---@return string? why
function key:derive(options) end

---@param form? "pem"|"der"|"cose"|"raw"
---@return string
function key:public(form) end

---The secret of an extractable key.
---@param form? "pem"|"der"|"cose"|"raw"
---@return string
function key:export(form) end

---Gives the key back.
function key:close() end

-- --- storage ----------------------------------------------------------------------------------------------------------

---What a store holds: no functions in it.
---@alias tee.stored boolean|number|string|table

---The app's values in secure storage. Needs the permission `storage`.
tee.store = {}

---@param key string 1 to 255 bytes
---@param value tee.stored
function tee.store.put(key, value) end

---The value, a copy of its own; or nil.
---@param key string
---@return tee.stored? value
function tee.store.get(key) end

---Whether there was such a key.
---@param key string
---@return boolean
function tee.store.delete(key) end

---For `for`: the pairs there are now whose keys begin with the prefix, in the order of the keys.
---@param prefix? string
---@return fun(): string?, tee.stored?
function tee.store.pairs(prefix) end

---The functions of a transaction.
---@class tee.transaction
---@field put fun(key: string, value: tee.stored)
---@field get fun(key: string): tee.stored?
---@field delete fun(key: string): boolean
---@field pairs fun(prefix?: string): fun(): string?, tee.stored?

---Calls f, and stores what it changed: all of it, or nothing when it fails.
---@param f fun(t: tee.transaction): ...
---@return ... what f returned
function tee.store.transaction(f) end

---Removes all pairs, also from a store that was damaged.
function tee.store.clear() end

---A counter that never goes back.
---@class tee.counter
local counter = {}

---The app's counter of this name. Needs the permission `counters`.
---@param name string
---@return tee.counter
function tee.counter(name) end

---@return integer
function counter:value() end

---Stored before it returns.
---@param by? integer 1 or more
---@return integer value
function counter:increment(by) end

---Gives a counter that was lost, because storage was damaged, another value.
---@param value integer
---@return integer value
function counter:restart(value) end

---Who protects it from being put back: 0 nobody, 100 with the help of Linux, 1000 the TEE.
---@return integer
function counter:protection() end

-- --- time and identity -------------------------------------------------------------------------------------------------

---Clocks: seconds as a float, in milliseconds.
tee.time = {}

---Time since some beginning, which is the same within a session.
---@return number seconds
function tee.time.system() end

---The host's clock: seconds since 1970, if the host tells the truth.
---@return number seconds
function tee.time.ree() end

---The app's own clock; or nil and a message, when it was not set or the TEE has lost it. Needs the permission `storage`.
---@return number? seconds
---@return string? why
function tee.time.persistent() end

---Sets it. Needs the permission `storage`.
---@param seconds number from 0 to 2^32
function tee.time.set_persistent(seconds) end

---@class tee.trust
---@field system "tee"|"ree"
---@field persistent "tee"|"ree"
---@field ree "ree"

---Who controls each clock.
---@return tee.trust
function tee.time.trust() end

---@class tee.caller
---@field login "public"|"user"|"group"|"application"|"application_user"|"application_group"|"trusted_app"|string
---@field uuid string

---Who opened the session, as Linux told the TEE.
---@return tee.caller
function tee.caller() end

---@class tee.limits
---@field fuel integer of this call
---@field memory integer bytes of the session
---@field message integer bytes of arguments, or results
---@field values integer arguments, or results
---@field value_depth integer tables inside tables
---@field call_depth integer trusted scripts inside each other
---@field host_depth integer calls that wait for the host
---@field functions integer lent in each direction
---@field objects integer digests, MACs and keys in use
---@field keys integer stored keys of the app
---@field counters integer of the app
---@field store_key integer bytes of a key of `tee.store`
---@field store_value integer bytes of a value, encoded
---@field store_keys integer how many
---@field store_size integer bytes of all keys and values of the app
---@field random integer bytes of `tee.random`
---@field pbkdf2 integer iterations times blocks
---@field ed25519 integer bytes that Ed25519 signs
---@field name integer characters of a name

---@class tee.info
---@field tee string? how the TEE describes itself
---@field tee_version string?
---@field api string? of the GP TEE Internal Core API
---@field device string? the device's id, a UUID
---@field app string
---@field version string of luatee's TA
---@field flavour "dev"|"release"
---@field lua string
---@field rollback integer who protects storage from being put back: 0 nobody, 100 with the help of Linux, 1000 the TEE
---@field protocol integer
---@field memory integer bytes in use
---@field memory_peak integer
---@field memory_max integer
---@field limits tee.limits

---What runs the script.
---@return tee.info
function tee.info() end
