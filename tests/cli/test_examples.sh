# SPDX-License-Identifier: BSD-2-Clause
# The example apps do what README says they do.

examples=$(dirname "$EXAMPLE")

begin "confirm, yes"
run luatee run "--tee=$BACKEND" -u "$examples/confirm" y
exits 0
prints "paid 5" "Pay 500 to the baker? [y/n] y" "paid 500"
silent

begin "confirm, no"
run luatee run "--tee=$BACKEND" -u "$examples/confirm" n
exits 0
prints "paid 5" "Pay 500 to the baker? [y/n] n" "refused: not confirmed"
silent

begin "sort"
run luatee run "--tee=$BACKEND" -u "$examples/sort"
exits 0
prints "washers nuts screws bolts springs"
silent

begin "module"
run luatee run "--tee=$BACKEND" -u "$examples/module"
exits 0
prints "2 of 3" "red?${tab}false" "blue?${tab}true" "false${tab}no guesses left"
silent
