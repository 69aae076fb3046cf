-- SPDX-License-Identifier: BSD-2-Clause
-- An object: its balance is out of everybody's reach but by its functions.
local balance = ...
local account = {}

function account.balance() return balance end

function account.deposit(amount)
    balance = balance + amount
    return balance
end

function account.withdraw(amount)
    if amount > balance then error("not enough", 0) end
    balance = balance - amount
    return balance
end

function account.move(amount, other)
    account.withdraw(amount)
    other.deposit(amount)
end

return account
