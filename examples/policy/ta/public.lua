-- SPDX-License-Identifier: BSD-2-Clause
-- The public half of the key that signs grants, as PEM; made when it is first asked for.
local key <close> = tee.key.open("grants") or
    tee.key.generate {type = "ecdsa-p256", usage = {"sign"}, name = "grants"}
return key:public()
