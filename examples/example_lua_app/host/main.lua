-- The host part runs in Linux. TA_call runs a trusted script inside the TEE and returns its results.
print(TA_call("stringappend", {"string1", "string2"}))
return TA_call("2cubicx", 5)
