-- SPDX-License-Identifier: BSD-2-Clause
-- Calls the export `ask`, and returns what that does.
return tee.host.ask(...)
