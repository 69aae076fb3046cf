-- SPDX-License-Identifier: BSD-2-Clause
-- A growing array: the sieve of Eratosthenes.
local n = ...
local composite, primes = {}, 0
for i = 1, n do composite[i] = false end
for i = 2, n do
    if not composite[i] then
        primes = primes + 1
        for j = i * i, n, i do composite[j] = true end
    end
end
return primes
