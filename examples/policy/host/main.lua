-- SPDX-License-Identifier: BSD-2-Clause
-- The part in Linux. It passes a request to the TEE, and the grant to the door. It decides nothing.
local tee = require "tee"

local usage = [[
policy public                                      prints the public key of this TEE's grants
policy ask WHO ACTION WHERE [AMOUNT] [NONCE]       prints a signed grant, or the reason why it is denied
policy attack                                      tries what a hostile Linux could try]]

local commands = {}

function commands.public()
    io.write(tee.call("public"))
end

function commands.ask(who, action, where, amount, nonce)
    local grant, signature = tee.call("decide", {
        who = who, action = action, where = where,
        amount = amount and (math.tointeger(amount) or amount),
        nonce = nonce or "0",
    })
    if not grant then
        io.stderr:write("denied: ", signature, "\n")
        os.exit(1)
    end
    io.write(grant, "signature ", signature, "\n")
end

function commands.attack()
    require "attack"
end

local command = commands[... or ""]
if not command or ... == "ask" and select("#", ...) < 4 then
    io.stderr:write(usage, "\n")
    os.exit(2)
end
command(select(2, ...))
