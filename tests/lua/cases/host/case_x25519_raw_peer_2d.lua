-- SPDX-License-Identifier: BSD-2-Clause
-- Wycheproof, x25519_test, tcId 224, 289 and 469: a raw public key that begins with 0x2d, "-", was taken for PEM.

local case = require "case"
local test = require "test"

case.run("x25519_raw_peer_2d", "raw peers of every first byte", function(s)
    test.equal(s:call("peers", test.slow and 16 or 1), {})
end)

case.run("x25519_raw_peer_2d", "a form with another first byte", function(s)
    test.equal(s:call("other_forms"), {})
end)

case.run("x25519_raw_peer_2d", "raw secrets of every first byte", function(s)
    test.equal(s:call("secrets"), {})
end)
