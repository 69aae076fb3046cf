# SPDX-License-Identifier: BSD-2-Clause
# An apt of our own for each suite of Debian, on any Debian: own lists, cache and state under DIR, nothing of the system's is
# touched. Sourced by fetch.sh, which defines die() and say().
#
#   apt_use DIR SUITE KIND...   makes apt-get and apt-cache follow the configuration in DIR ($APT_CONFIG), which is written for
#                               the lists of that suite; KIND is deb or deb-src. Fetches the lists when they are not there.
#   apt_update                  fetches the lists of that configuration again
#   apt_is_new                  true when this run has fetched them
# The first two return 1 when the lists cannot be fetched, and have shown why.

apt_keyring=/usr/share/keyrings/debian-archive-keyring.gpg
apt_updated=

# The mirror this machine already uses for Debian itself. LUATEE_MIRROR=URI overrides it.
apt_mirror() {
    if [ -n "${LUATEE_MIRROR:-}" ]; then
        echo "$LUATEE_MIRROR"
        return
    fi
    # Main archive only: security and -updates suites live elsewhere or have a dash; other vendors' paths do not end so.
    apt-get indextargets --format '$(RELEASE) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' |
        awk '$1 !~ /[-\/]/ && $2 == "main" && $3 !~ /^cdrom:/ {
                 if (any == "") any = $3
                 if (best == "" && $3 ~ /\/debian\/?$/) best = $3
             }
             END { print best != "" ? best : any }'
}

# How this machine reaches its mirror: proxies and the like, but nothing that loosens what apt verifies.
apt_transport() {
    apt-config dump |
        grep -E '^Acquire::(http|https|ForceIPv[46]|Retries|Check-Date|Check-Valid-Until|Max-FutureTime)\b' || true
}

apt_use() {
    apt_dir=$1
    apt_suite=$2
    shift 2
    [ -r "$apt_keyring" ] || die "no $apt_keyring: install the package debian-archive-keyring"
    mirror=$(unset APT_CONFIG; apt_mirror)
    [ -n "$mirror" ] || die "apt on this machine knows no Debian mirror; name one: LUATEE_MIRROR=URI"
    mkdir -p "$apt_dir/lists/partial" "$apt_dir/cache/archives/partial" "$apt_dir/log" "$apt_dir/etc/apt.conf.d" \
        "$apt_dir/etc/preferences.d"
    : >>"$apt_dir/status"
    {
        (unset APT_CONFIG; apt_transport)
        cat <<CONF
Dir "$apt_dir";
Dir::State "$apt_dir";
Dir::State::lists "$apt_dir/lists";
Dir::State::status "$apt_dir/status";
Dir::Cache "$apt_dir/cache";
Dir::Log "$apt_dir/log";
Dir::Etc "$apt_dir/etc";
Dir::Etc::netrc "/etc/apt/auth.conf";
Dir::Etc::netrcparts "/etc/apt/auth.conf.d";
APT::Architecture "arm64";
APT::Architectures { "arm64"; };
APT::Sandbox::User "root";
Acquire::Languages "none";
CONF
    } >"$apt_dir/apt.conf"
    for kind; do
        echo "$kind [signed-by=$apt_keyring] $mirror $apt_suite main"
    done >"$apt_dir/etc/sources.list"
    APT_CONFIG=$apt_dir/apt.conf
    export APT_CONFIG

    for kind; do
        case $kind in
            deb) set -- "$apt_dir"/lists/*_Packages ;;
            deb-src) set -- "$apt_dir"/lists/*_Sources ;;
        esac
        [ -e "$1" ] || { apt_update; return; }
    done
}

apt_is_new() {
    case $apt_updated in *"|$apt_dir|"*) return 0 ;; *) return 1 ;; esac
}

apt_update() {
    say "fetching the package lists of Debian's suite $apt_suite"
    # Without Error-Mode apt-get update calls a failed download a success with warnings.
    apt-get -q -o APT::Update::Error-Mode=any update >"$apt_dir/log/update" 2>&1 </dev/null || {
        grep -E '^(E|W|Err)' "$apt_dir/log/update" >&2 || cat "$apt_dir/log/update" >&2
        return 1
    }
    apt_updated="$apt_updated|$apt_dir|"
}
