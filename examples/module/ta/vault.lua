-- SPDX-License-Identifier: BSD-2-Clause
local secrets, count = {}, 0

local vault = {capacity = 3} -- a plain value: the host gets a copy when it imports the module

function vault.put(name, secret)
    if not secrets[name] then
        if count == vault.capacity then error("the vault is full", 0) end
        count = count + 1
    end
    secrets[name] = secret
end

function vault.count()
    return count
end

-- Returns an object that lets the host guess a secret, `guesses` times.
function vault.guard(name, guesses)
    local guard = {}
    function guard.guess(guess)
        if guesses == 0 then error("no guesses left", 0) end
        guesses = guesses - 1
        return tee.equal(guess, secrets[name])
    end
    return guard
end

return vault
