-- SPDX-License-Identifier: BSD-2-Clause
-- decide(request): asks the rules, and signs a grant if they allow it. Returns the grant and its signature in base64,
-- or nil and the reason. A door trusts the signature, not the Linux that delivers it.
local request = ...
local rules = require "rules"

-- The whole request comes from Linux. Its fields must be words, so that none can look like another line of the grant.
local function word(name)
    local value = type(request) == "table" and request[name]
    if type(value) ~= "string" or #value > 64 or not value:find("^[%w_.-]+$") then
        error("request." .. name .. ": 1 to 64 of A-Z a-z 0-9 _ . - expected", 0)
    end
    return value
end

local who, action, where, nonce = word "who", word "action", word "where", word "nonce"
local amount = request.amount or 0
if math.type(amount) ~= "integer" or amount < 0 then error("request.amount: an integer from 0 expected", 0) end

local rule = rules.actions[action]
if not rule then return nil, "there is no action " .. action end
local allowed, why = rule(who, where, amount)
if not allowed then return nil, why end

local grant = ("luatee grant\npolicy %d\nwho %s\naction %s\nwhere %s\namount %d\nnonce %s\n"):format(
    rules.policy, who, action, where, amount, nonce)
-- The key is opened here, not in a module: Linux can import a module and call its functions.
local key <close> = tee.key.open("grants") or
    tee.key.generate {type = "ecdsa-p256", usage = {"sign"}, name = "grants"}
return grant, tee.base64.encode(key:sign(grant))
