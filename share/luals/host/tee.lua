---@meta tee
-- SPDX-License-Identifier: BSD-2-Clause
-- What host scripts (host/*.lua) can use besides Lua 5.4, for the Lua language server: `require "tee"`, and TA_call,
-- which `luatee run` adds. docs/reference.md has the full rules. tests/lua/host/suite_definitions.lua compares this
-- file with the real tables.

---Runs a trusted script in the session of `luatee run`, and returns its results. The historical name of `tee.call`.
---@param name string
---@param ... any
---@return any ...
function TA_call(name, ...) end

---@class teelib
---@field _VERSION string version of luatee
local tee = {}

---Runs a trusted script in the session of `luatee run`, and returns its results.
---@param name string
---@param ... any
---@return any ...
function tee.call(name, ...) end

---Loads a trusted module and returns its value. The module's functions run in the TEE.
---@param name string
---@return any
function tee.import(name) end

---Offers a function to the trusted scripts of every session as `tee.host.NAME`; nil removes it.
---@param name string
---@param f function?
function tee.export(name, f) end

---Releases a function of the TEE, before the garbage collector does.
---@param f function
function tee.release(f) end

---Returns the properties of the session's TEE and TA.
---@return tee.info
function tee.info() end

---Returns functions that call with these options.
---@param options tee.call_options
---@return tee.caller_with_options
function tee.with(options) end

---Opens another session. `backend`, `plaintext` and `login` default to those of the session of `luatee run`.
---@param options tee.open_options
---@return tee.session
function tee.open(options) end

---@alias tee.backend "auto"|"optee"|"sim"
---@alias tee.login "public"|"user"|"group"|"application"|"application_user"|"application_group"

---@class tee.open_options
---@field app string the app's folder
---@field backend? tee.backend
---@field stored? boolean run what is in secure storage
---@field plaintext? boolean run ta/NAME.lua
---@field fuel? integer a limit below the manifest's
---@field memory? integer a limit below the manifest's, in bytes; 131072 or more
---@field login? tee.login the identity; trusted scripts read it with tee.caller()
---@field group? integer the group's number, for the logins group and application_group

---@class tee.call_options
---@field deadline? number seconds after which the call is cancelled

---@class tee.caller_with_options
---@field call fun(name: string|function, ...: any): any ... a script, or a function of the TEE
---@field import fun(name: string): any

---@class tee.info
---@field backend "optee"|"sim"
---@field app string
---@field version string version of the TA
---@field flavour "dev"|"release"
---@field lua string
---@field tee string the TEE's own description
---@field tee_version string
---@field api string version of the GP TEE Internal Core API
---@field device string the device's id, a UUID
---@field protocol integer
---@field memory integer bytes in use by the session
---@field memory_peak integer
---@field memory_max integer its quota in bytes
---@field rollback integer protection of storage against rollback: 0 none, 100 with the help of Linux, 1000 by the TEE
---@field publishers string[] ids of the publisher keys that the TA was built with
---@field refused string[] those of them that are revoked: the TA rejects their packages

---A session. close(), <close> or the garbage collector ends it.
---@class tee.session
local session = {}

---Runs a trusted script.
---@param name string
---@param ... any
---@return any ...
function session:call(name, ...) end

---Loads a trusted module and returns its value.
---@param name string
---@return any
function session:import(name) end

---Offers a function to this session's trusted scripts; nil removes it.
---@param name string
---@param f function?
function session:export(name, f) end

---Releases a function of the TEE.
---@param f function
function session:release(f) end

---Returns the properties of the session's TEE and TA.
---@return tee.info
function session:info() end

---Returns functions that call with these options.
---@param options tee.call_options
---@return tee.caller_with_options
function session:with(options) end

---Ends the session.
function session:close() end

return tee
