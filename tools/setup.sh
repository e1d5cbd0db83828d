#!/bin/sh
# Make or refresh .venv from the hash-locked requirements: `setup.sh run`, `test` or `bench`.
# It does nothing when nothing changed. It installs system libraries only as root with apt, or by brew.
set -eu
cd "$(dirname "$0")/.."
purpose=${1:-run}
venv=.venv

say() { printf '%s\n' "$*" >&2; }
die() { say "$*"; exit 1; }
is_root() { [ "$(id -u)" = 0 ]; }
has() { command -v "$1" >/dev/null 2>&1; }

apt_install() {
    has apt-get && is_root || return 1
    say "Installing $* ..."
    export DEBIAN_FRONTEND=noninteractive
    apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1 && return 0
    apt-get update -qq >/dev/null 2>&1 || return 1
    apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1
}

find_python() {
    for name in ${PYTHON:-} python3.14 python3.13 python3.12 python3.11 python3; do
        if has "$name" && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$name"
            return 0
        fi
    done
    return 1
}

make_venv() {
    python=$(find_python) || die "Python 3.11 or newer is needed (Debian: apt install python3 python3-venv; macOS: brew install python)."
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        apt_install "python$version-venv" || apt_install python3-venv || true
        "$python" -c 'import ensurepip, venv' 2>/dev/null ||
            die "$python cannot make a virtual environment: install python$version-venv (Debian: apt install python3-venv)."
    fi
    say "Making $venv with $("$python" --version) ..."
    rm -rf "$venv"
    "$python" -m venv "$venv" || die "$python could not make $venv."
    same requirements-uv.txt uv || install_uv
}

same() { cmp -s "$1" "$venv/installed-$2.txt"; }
done_with() { cp "$1" "$venv/installed-$2.txt"; }

install_uv() {
    "$venv/bin/python" -m pip install -q --disable-pip-version-check --require-hashes -r requirements-uv.txt ||
        die "The installer could not be fetched: is there a connection to the package index that pip is set to?"
    done_with requirements-uv.txt uv
}

# uv does not read pip's configuration: hand it the index, if pip was told one and uv was not.
follow_pip() {
    [ -z "${UV_DEFAULT_INDEX:-}${UV_INDEX_URL:-}" ] || return 0
    index=$("$venv/bin/python" -m pip config get global.index-url 2>/dev/null || true)
    index=${PIP_INDEX_URL:-$index}
    [ -z "$index" ] || export UV_DEFAULT_INDEX="$index"
}

install_locked() {
    same "$1" "$2" && return 0
    say "Installing $1 ..."
    same requirements-uv.txt uv || install_uv
    follow_pip
    if ! VIRTUAL_ENV="$PWD/$venv" "$venv/bin/uv" pip install -q --compile-bytecode --require-hashes -r "$1"; then
        say "uv could not install it; trying with pip, which is slower ..."
        "$venv/bin/python" -m pip install -q --disable-pip-version-check --require-hashes -r "$1" ||
            die "The packages in $1 could not be installed."
    fi
    done_with "$1" "$2"
}

pango_is_there() {
    "$venv/bin/python" tools/libraries.py
}

need_pango() {
    [ -f "$venv/has-pango" ] && return 0
    if ! missing=$(pango_is_there); then
        if [ "$(uname)" = Darwin ]; then
            if has brew; then say "Installing pango ..."; brew install -q pango >/dev/null || true; fi
            how="brew install pango"
        else
            apt_install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 libfontconfig1 || true
            how="Debian, Ubuntu: apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
        fi
        missing=$(pango_is_there) ||
            { say "PDF statements need $missing, which is missing here ($how). All else works."; return 0; }
    fi
    : >"$venv/has-pango"
}

need_chromium() {
    for name in ${CHROMIUM:-} chromium chromium-browser google-chrome google-chrome-stable; do
        has "$name" && return 0
    done
    [ -d "/Applications/Google Chrome.app" ] || [ -d "/Applications/Chromium.app" ] && return 0
    apt_install chromium && return 0
    say "Browser tests are skipped: there is no Chromium here (Debian: apt install chromium; macOS: brew install --cask chromium)."
}

[ -x "$venv/bin/python" ] && "$venv/bin/python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || make_venv
install_locked requirements.txt run
[ "$purpose" = run ] || install_locked requirements-dev.txt test
[ "$purpose" != bench ] || install_locked requirements-bench.txt bench
need_pango
[ "$purpose" = run ] || need_chromium
