# SPDX-License-Identifier: BSD-2-Clause
# A machine that is not ready: no TEE device, no TA, a TA of another version.

if [ -e /dev/tee0 ]; then
    skip "no TEE device: there is one"
else
    begin "no TEE device"
    run luatee run --tee=optee -u "$EXAMPLE"
    exits 3
    prints
    says /dev/tee0 --tee=sim
fi

if [ "$BACKEND" = sim ]; then
    begin "the TA is not installed"
    mkdir -p "$work/empty"
    run env "LUATEE_SIM_TA_DIR=$work/empty" "$LUATEE" run --tee=sim -u "$EXAMPLE"
    exits 3
    prints
    says "not installed"
elif [ -d /lib/optee_armtz ]; then
    begin "the TA is not installed"
    mv /lib/optee_armtz /lib/optee_armtz.away
    mkdir /lib/optee_armtz
    run luatee run --tee=optee -u "$EXAMPLE"
    rmdir /lib/optee_armtz
    mv /lib/optee_armtz.away /lib/optee_armtz
    exits 3
    prints
    says "not installed" .ta
else
    skip "the TA is not installed: TAs lie elsewhere on this machine"
fi

if [ "$BACKEND" = sim ] && [ -n "$OTHER_TA" ]; then
    begin "a TA that speaks another protocol version"
    run env "LUATEE_SIM_TA_DIR=$OTHER_TA" "$LUATEE" run --tee=sim -u "$EXAMPLE"
    exits 3
    prints
    says "protocol 2" "protocol 99"
else
    skip "a TA of another protocol version: none was built for this backend"
fi

begin "after all that it works"
run luatee run "--tee=$BACKEND" -u "$EXAMPLE"
exits 0
prints string1string2 250
