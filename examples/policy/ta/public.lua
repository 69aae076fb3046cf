-- SPDX-License-Identifier: BSD-2-Clause
-- Returns the public key of the key that signs grants, as PEM. Makes the key at the first call.
local key <close> = tee.key.open("grants") or
    tee.key.generate {type = "ecdsa-p256", usage = {"sign"}, name = "grants"}
return key:public()
