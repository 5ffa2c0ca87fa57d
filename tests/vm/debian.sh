# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What is made of packages of other Debian suites, for the virtual machines and the proofs, and kept
# outside the tree.
#
# Owns: the cache: a directory for each thing made, and in it `stamp`: what it was made from. And where
# packages come from: the machine's apt is only asked for its mirror, its sources are never touched.

WGF_VM_CACHE=${WGF_VM_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/wgfence-vm}
KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg

die() {
	echo >&2 "${0##*/}: $*"
	exit 1
}

mirror() {
	apt-get indextargets --format '$(SITE) $(LABEL)' 'Created-By: Packages' |
		awk '$2 == "Debian" { print $1; exit }'
}

# source_of SUITE: its line for sources.list.
source_of() {
	local site

	site=$(mirror)
	[[ -n $site ]] || die "no Debian mirror among the machine's apt sources"
	[[ -s $KEYRING ]] || die "there is no $KEYRING"
	echo "deb [arch=amd64 signed-by=$KEYRING] $site $1 main"
}

# own_apt DIR SUITE: apt-get and apt-cache are that suite's from here on, with sources, state and cache in DIR.
# A mirror may be frozen at a day in the past, hence no Valid-Until; signatures are checked.
own_apt() {
	local apt=$1

	mkdir -p "$apt"/{lists/partial,cache/archives/partial}
	: >"$apt/status"
	source_of "$2" >"$apt/sources.list"
	cat >"$apt/apt.conf" <<-END
		APT::Architecture "amd64";
		APT::Architectures { "amd64"; };
		APT::Sandbox::User "root";
		Acquire::Check-Valid-Until "false";
		Acquire::Languages "none";
		Dir::Cache "$apt/cache";
		Dir::Etc::main "/dev/null";
		Dir::Etc::parts "/dev/null";
		Dir::Etc::preferences "/dev/null";
		Dir::Etc::preferencesparts "/dev/null";
		Dir::Etc::sourcelist "$apt/sources.list";
		Dir::Etc::sourceparts "/dev/null";
		Dir::State::lists "$apt/lists";
		Dir::State::status "$apt/status";
	END
	export APT_CONFIG=$apt/apt.conf
}

# cached NAME STAMP COMMAND...: prints the directory. COMMAND, with an empty directory as its last
# argument, makes it where it is not there or was made from something else; if it fails or is killed,
# what was there before stays.
cached() {
	local dir=$WGF_VM_CACHE/$1 new=$WGF_VM_CACHE/new.$1 stamp=$2 lock

	mkdir -p "$WGF_VM_CACHE"
	exec {lock}>"$dir.lock"
	flock "$lock"
	shift 2
	if [[ $(cat "$dir/stamp" 2>/dev/null) != "$stamp" ]]; then
		rm -rf --one-file-system "$new" # of one that was killed
		mkdir "$new"
		"$@" "$new" >&2
		echo "$stamp" >"$new/stamp"
		rm -rf "$dir"
		mv "$new" "$dir"
	fi
	echo "$dir"
}
