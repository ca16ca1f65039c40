#!/bin/sh
# Makes everything that the commands of the Makefile need, and nothing twice.
#
#     packaging/setup.sh run          what the window needs
#     packaging/setup.sh run test     and what the tests need, or a window without a display
#
# Debian packages are looked up at every call. The virtual environment carries a stamp with the checksum of
# all that it was made from, written last: whatever was interrupted is done again by the next call.
set -eu
cd "$(dirname "$0")/.."

venv_python=.venv/bin/python
stamp=.venv/made-from

say() { printf '%s\n' "$*"; }

# Names of the given lists that no installed package bears or provides.
missing_packages() {
    command -v dpkg-query >/dev/null 2>&1 || return 0
    dpkg-query -W -f '${db:Status-Status}\t${Package}, ${Provides}\n' |
        awk -F '\t' '
            source == "installed" && $1 == "installed" {
                count = split($2, names, /, */)
                for (i = 1; i <= count; i++) { sub(/ .*/, "", names[i]); present[names[i]] = 1 }
            }
            source == "wanted" && !/^#/ && NF && !($1 in present) { printf "%s ", $1 }
        ' source=installed - source=wanted "$@"
}

install_packages() {
    if [ "$(id -u)" -eq 0 ]; then
        as_root=env
    elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
        as_root='sudo -n env'
    else
        return 1
    fi
    say "Installing Debian packages: $*"
    # a list of words: two commands, the second only after the first
    $as_root DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=120 update </dev/null &&
        $as_root DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o DPkg::Lock::Timeout=120 \
            -o Dpkg::Use-Pty=0 install --no-install-recommends "$@" </dev/null >/dev/null
}

# Whether .venv is whole and was made in this very folder: its pip names the interpreter it runs with.
venv_is_sound() {
    [ -x "$venv_python" ] && grep -qsF "$(pwd -P)/$venv_python" .venv/bin/pip &&
        "$venv_python" -c 'import pip' 2>/dev/null
}

make_venv() {
    python=${PYTHON:-python3}
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
        say "Python 3.11 or newer is needed, and $python is $("$python" -V 2>&1). Name another: make PYTHON=python3.12 ..."
        exit 1
    }
    say "Making the virtual environment .venv"
    if ! "$python" -m venv --clear .venv >/dev/null 2>&1; then
        # without the package python3-venv there is no ensurepip; the pip of the machine brings one
        "$python" -m venv --clear --without-pip .venv
        "$python" -m pip --python "$venv_python" install --quiet --disable-pip-version-check pip
    fi
}

checksum() {
    { pwd -P; cat pyproject.toml constraints.txt packaging/setup.sh; } | cksum
}

install_project() {
    say "Installing the Python packages into .venv (about 250 MB, only this once)"
    rm -f "$stamp"
    set -- "$venv_python" -m pip install --quiet --no-input --disable-pip-version-check -c constraints.txt
    # the builder first, pinned like all else, so that no second one is fetched behind the scenes
    if "$@" hatchling && "$@" --no-build-isolation -e '.[dev]'; then
        # an editable install leaves this undone, and the first start would be slow
        "$venv_python" -m compileall -q gdstudio || true
        checksum >"$stamp.new"
        mv "$stamp.new" "$stamp"
    else
        say "The Python packages could not be installed; the next call tries again."
        exit 1
    fi
}

lists=''
for name in "$@"; do lists="$lists packaging/debian-packages-$name.txt"; done
# shellcheck disable=SC2086  # lists is a list of words
missing=$(missing_packages $lists)
if [ -n "$missing" ]; then
    # shellcheck disable=SC2086
    install_packages $missing || true
    # shellcheck disable=SC2086
    missing=$(missing_packages $lists)
fi
if [ -n "$missing" ]; then
    say "These Debian packages are missing; this line installs them:"
    say "    sudo apt-get update && sudo apt-get install --no-install-recommends -y ${missing% }"
fi

if ! [ -f "$stamp" ] || [ "$(checksum)" != "$(cat "$stamp")" ] || ! [ -x "$venv_python" ]; then
    venv_is_sound || make_venv
    install_project
fi

if [ -n "$missing" ] && ! "$venv_python" -m gdstudio.probes --can-start; then
    say "Without them the window cannot start."
    exit 1
fi
