-- SPDX-License-Identifier: BSD-2-Clause
-- Calls the host, and then what the TEE refuses.
return tee.host.seven(), internal_TA_call("bytecode")
