-- SPDX-License-Identifier: BSD-2-Clause
-- Published vectors of NIST's CAVP, RFC 3686, and Ed25519's authors, as they lie in Debian's package
-- python3-cryptography-vectors: vectors(FOLDER, STEP, try) calls try{name, good, operation, argument...} for every
-- STEP-th. good is what must come of the operation (ta/compute.lua).

local records = require "records"
local folder, step, try

local function bytes(hex)
    return (hex:gsub("..", function(digits) return string.char(tonumber(digits, 16)) end))
end

-- A number of n bytes.
local function number(hex, n)
    local digits = hex:gsub("^0+", "")
    return #digits <= 2 * n and bytes(("0"):rep(2 * n - #digits) .. digits)
end

-- Reads a file; f(record, section, its name for messages).
local function each(path, mark, f)
    local count = 0
    records(folder .. "/" .. path, mark, step, function(record, section)
        count = count + 1
        f(record, section, ("%s, record %d"):format(path, (count - 1) * step + 1))
    end)
    if count == 0 then error(path .. ": no records") end
end

local function digests()
    for _, hash in ipairs {{"sha256", "SHA2/SHA256"}, {"sha384", "SHA2/SHA384"}, {"sha512", "SHA2/SHA512"},
        {"sha3-256", "SHA3/SHA3_256"}, {"sha3-384", "SHA3/SHA3_384"}, {"sha3-512", "SHA3/SHA3_512"}} do
        for _, kind in ipairs {"ShortMsg", "LongMsg"} do
            each("hashes/" .. hash[2] .. kind .. ".rsp", "MD", function(r, _, name)
                try(name, bytes(r.MD), "digest", hash[1], bytes(r.Msg):sub(1, r.Len // 8))
            end)
        end
    end
end

local function aes(bits)
    local function cipher(path, mode)
        each("ciphers/AES/" .. path, "PLAINTEXT", function(r, _, name)
            try(name, bytes(r.CIPHERTEXT), "cipher", mode, bytes(r.KEY), bytes(r.IV), bytes(r.PLAINTEXT))
        end)
    end
    for _, kind in ipairs {"GFSbox", "KeySbox", "VarKey", "VarTxt", "MMT"} do
        cipher(("CBC/CBC%s%s.rsp"):format(kind, bits), "aes-cbc")
    end
    cipher(("CTR/aes-%s-ctr.txt"):format(bits), "aes-ctr")

    -- Other sizes of nonces and tags than these are not to be had; suite_aead tests that.
    local function gcm(kind, f)
        each(("ciphers/AES/GCM/gcm%s%s.rsp"):format(kind, bits), "CT", function(r, _, name)
            if r.IVlen == "96" and r.Taglen + 0 >= 96 then f(r, name, r.Taglen // 8) end
        end)
    end
    gcm("EncryptExtIV", function(r, name, tag)
        try(name, bytes(r.CT .. r.Tag), "seal", "aes-gcm", bytes(r.Key), bytes(r.IV), bytes(r.PT), bytes(r.AAD), tag)
    end)
    gcm("Decrypt", function(r, name, tag)
        try(name, not r.FAIL and bytes(r.PT), "open", "aes-gcm", bytes(r.Key), bytes(r.IV), bytes(r.CT .. r.Tag),
            bytes(r.AAD), tag)
    end)

    local function ccm(kind, f)
        each(("ciphers/AES/CCM/%s%s.rsp"):format(kind, bits), "CT", function(r, section, name)
            -- What holds is said in three places, and a field of no bytes is written as one.
            local function length(field) return tonumber(r[field] or section:match(field .. " = (%d+)")) end
            f(r, name, bytes(r.Adata):sub(1, length "Alen"), r.Payload and bytes(r.Payload):sub(1, length "Plen"),
                length "Tlen")
        end)
    end
    for _, kind in ipairs {"VADT", "VNT", "VPT", "VTT"} do
        ccm(kind, function(r, name, aad, text, tag)
            try(name, bytes(r.CT), "seal", "aes-ccm", bytes(r.Key), bytes(r.Nonce), text, aad, tag)
            try(name .. ", open", text, "open", "aes-ccm", bytes(r.Key), bytes(r.Nonce), bytes(r.CT), aad, tag)
        end)
    end
    ccm("DVPT", function(r, name, aad, text, tag)
        try(name, r.Result == "Pass" and text, "open", "aes-ccm", bytes(r.Key), bytes(r.Nonce), bytes(r.CT), aad, tag)
    end)
end

local CURVES = {["P-256"] = {type = "ecdsa-p256", hash = "SHA-256", size = 32, id = 1},
    ["P-384"] = {type = "ecdsa-p384", hash = "SHA-384", size = 48, id = 2}}
local ECDSA = "asymmetric/ECDSA/FIPS_186-3/"

-- An uncompressed point (SEC 1); one whose coordinate is too long for the curve cannot be written.
local function point(x, y, n)
    local first, second = number(x, n), number(y, n)
    return first and second and "\4" .. first .. second
end

local function ecdsa()
    each(ECDSA .. "PKV.rsp", "Qx", function(r, section, name)
        local curve = CURVES[section]
        local public = curve and point(r.Qx, r.Qy, curve.size)
        if public then try(name, r.Result:find("^P") ~= nil, "public", curve.type, public) end
    end)
    for _, file in ipairs {"SigVer.rsp", "SigGen.txt"} do
        each(ECDSA .. file, "Msg", function(r, section, name)
            local curve = CURVES[section:match("P%-%d+")]
            if not curve or section:match(",(.*)") ~= curve.hash then return end
            local n = curve.size
            try(name, not r.Result or r.Result:find("^P") ~= nil, "verify", curve.type, "public", point(r.Qx, r.Qy, n),
                bytes(r.Msg), number(r.R, n) .. number(r.S, n))
            if r.d then
                try(name .. ", sign", true, "sign", curve.type, curve.id, number(r.d, n), number(r.Qx, n), number(r.Qy, n),
                    bytes(r.Msg))
            end
        end)
    end
end

local function ecdh()
    each("asymmetric/ECDH/KASValidityTest_ECCStaticUnified_NOKC_ZZOnly_init.fax", "COUNT", function(r, section, name)
        if not section:find("^EC ") then return end
            try(name, r.Result:find("^P") ~= nil, "agree", 1, number(r.dsIUT, 32), number(r.QsIUTx, 32), number(r.QsIUTy, 32),
            point(r.QsCAVSx, r.QsCAVSy, 32), bytes(r.Z))
    end)
end

local function der(tag, ...)
    local content = table.concat {...}
    local n = #content
    return string.char(tag) .. (n < 128 and string.char(n) or n < 256 and string.pack(">BB", 0x81, n) or
        string.pack(">BI2", 0x82, n)) .. content
end

local function integer(hex)
    local digits = bytes(#hex % 2 == 0 and hex or "0" .. hex):gsub("^\0+", "")
    return der(2, digits:byte() >= 128 and "\0" .. digits or digits)
end

-- SubjectPublicKeyInfo, RFC 3279, section 2.3.1.
local function rsa_public(n, e)
    return der(0x30, der(0x30, bytes "06092a864886f70d010101", bytes "0500"), der(3, "\0", der(0x30, integer(n), integer(e))))
end

local function rsa()
    -- NIST's vectors of PSS have salts of other sizes than tee.key takes: good ones and bad ones are refused.
    for file, type in pairs {["SigVer15_186-3.rsp"] = "rsa-pkcs1", ["SigVerPSS_186-3.rsp"] = "rsa-pss"} do
        each("asymmetric/RSA/FIPS_186-2/" .. file, "Msg", function(r, section, name)
            if r.SHAAlg ~= "SHA256" or tonumber(section:match("%d+")) < 2048 then return end
            try(name, r.Result:find("^P") ~= nil and type ~= "rsa-pss", "verify", type, "der", rsa_public(r.n, r.e),
                bytes(r.Msg), bytes(r.S))
        end)
    end
end

local function ed25519()
    local line_number = 0
    for line in io.lines(folder .. "/asymmetric/Ed25519/sign.input") do
        if line_number % step == 0 then
            local secret, public, message, signed = line:match("^(%x+):(%x+):(%x*):(%x+):$")
            try("Ed25519, line " .. line_number + 1, bytes(public .. signed:sub(1, 128)) .. "yesno", "ed25519",
                bytes(secret:sub(1, 64)), bytes(message))
        end
        line_number = line_number + 1
    end
end

return function(...)
    folder, step, try = ...
    digests()
    for _, bits in ipairs {"128", "192", "256"} do aes(bits) end
    ecdsa()
    ecdh()
    rsa()
    ed25519()
end
