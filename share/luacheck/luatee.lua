-- SPDX-License-Identifier: BSD-2-Clause
-- Globals of luatee's scripts, for luacheck. Use it in .luacheckrc:
--     stds = dofile("/usr/local/share/luatee/luacheck/luatee.lua")
--     files["**/ta/*.lua"].std = "luatee_ta"
--     files["**/host/*.lua"].std = "lua54+luatee_host"
-- tests/lua/host/suite_definitions.lua compares this file with the real tables.

-- "a b" becomes {fields = {a = {}, b = {}}}.
local function fields(names)
    local t = {}
    for name in names:gmatch("%S+") do t[name] = {} end
    return {fields = t}
end

-- A value whose fields are not known.
local any = {other_fields = true, read_only = false}

local ta = {read_globals = {
    coroutine = fields "close create isyieldable resume running status wrap yield",
    math = fields [[abs acos asin atan atan2 ceil cos cosh deg exp floor fmod frexp huge ldexp log log10 max maxinteger min
        mininteger modf pi pow rad random randomseed sin sinh sqrt tan tanh tointeger type ult]],
    string = fields "byte char find format gmatch gsub len lower match pack packsize rep reverse sub unpack upper",
    table = fields "concat insert move pack remove sort unpack",
    utf8 = fields "char charpattern codepoint codes len offset",
    tee = {fields = {
        aead = fields "open open_with_nonce seal seal_with_unique_nonce",
        base64 = fields "decode encode",
        cbor = fields "array decode encode null text",
        cipher = fields "decrypt decrypt_with_iv encrypt encrypt_with_unique_iv",
        hex = fields "decode encode",
        host = any,
        kdf = fields "hkdf pbkdf2",
        key = fields "delete generate import list open",
        store = fields "clear delete get pairs put transaction",
        time = fields "persistent ree set_persistent system trust",
    }},
    _ENV = {other_fields = true, read_only = false}, -- not a field of _G
    _G = {other_fields = true, read_only = false},
}}
for name in ([[call caller counter digest equal fuel info mac random release supports]]):gmatch("%S+") do
    ta.read_globals.tee.fields[name] = {}
end
for name in ([[_VERSION assert collectgarbage error getmetatable internal_TA_call ipairs load next pairs pcall print rawequal rawget
    rawlen rawset require select setmetatable tonumber tostring type warn xpcall]]):gmatch("%S+") do
    ta.read_globals[name] = {}
end

return {
    luatee_ta = ta,
    luatee_host = {read_globals = {TA_call = {}}},
}
