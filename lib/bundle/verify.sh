#!/bin/sh
# Checks a Countersign bundle with sh, coreutils, openssl 3 and jq; no network.
#   sh verify.sh FOLDER [--log-key FILE]... [--witness-key FILE]... [--checkpoint FILE] [--tsa-ca FILE] [--newer-than TIME] [--witness-size N]
# The same checks, in the same order and with the same exit codes as verify.mjs: docs/trail-format.md.
set -u
export LC_ALL=C
exit_code=0
die() { printf 'FAIL  %s\n' "$2"; exit "$1"; }
plain() { tr -cd '\n[:print:]'; }
ok() { printf 'ok    %s\n' "$1" | plain; }
none() { printf -- '-     %s (not checked: %s)\n' "$1" "$2" | plain; }
fails() { printf 'FAIL  %s: %s\n' "$1" "$3" | plain; [ "$exit_code" = 0 ] && exit_code=$2; return 0; }
usage() { echo 'usage: sh verify.sh FOLDER [--log-key FILE]... [--witness-key FILE]... [--checkpoint FILE] [--tsa-ca FILE] [--newer-than TIME] [--witness-size N]' >&2; exit 2; }

# bytes from and to lower-case hex, and from the key of a C2SP verifier key to a file for openssl
unhex() { tr a-f A-F | basenc --base16 -d; }
hex() { basenc --base16 -w0 | tr A-F a-f; }
key_der() { printf '\060\052\060\005\006\003\053\145\160\003\041\000'; printf %s "$1" | sed 's/^[^+]*+[^+]*+//' | base64 -d | tail -c 32; }
# the id that a key of this name, type (octal) and verifier key must have
key_id() { { printf '%s\n' "$1"; printf "\\$2"; printf %s "$3" | sed 's/^[^+]*+[^+]*+//' | base64 -d | tail -c 32; } | sha256sum | cut -c1-8; }
ed25519() { openssl pkeyutl -verify -pubin -keyform DER -inkey "$1" -rawin -in "$2" -sigfile "$3" >/dev/null 2>&1; }
digests() { find "$1" -type f -print0 | sort -z | xargs -0 -r sha256sum | cut -c1-64; }
line_digests() { mkdir "$w/h"; (cd "$w/h" && split -a 8 -d -l 1 - e); find "$w/h" -type f -print0 | xargs -0 -r truncate -s -1; digests "$w/h"; rm -r "$w/h"; }
now_lines() { [ -s "$1" ] && wc -l < "$1" || echo 0; }
# the verifier keys (C2SP) in a file, one a line; none of them is anything else
keys_in() {
  keys=$(grep -v '^[[:space:]]*$' "$1" | tr -d '\r') || return 1
  printf '%s\n' "$keys" | while read -r key more; do
    [ -z "$more" ] && printf %s "$key" | grep -Eq '^[^+]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}$' || exit 1
    [ "$(key_id "${key%%+*}" 001 "$key")" = "$(printf %s "${key#*+}" | cut -c1-8)" ] || exit 1
    printf '%s\n' "$key"
  done
}
# whether NAME is the log's name ORIGIN or one it had before it was frozen: x went on as x/2, that as x/3
is_name_of() {
  [ "$1" != "$2" ] || return 0
  first=${2%/*}; number=${2##*/}
  case $number in ''|0*|1|*[!0-9]*) return 1;; esac
  [ "$1" != "$first" ] || return 0
  earlier=${1##*/}
  case $earlier in ''|0*|1|*[!0-9]*) return 1;; esac
  [ "${1%/*}" = "$first" ] && [ "$earlier" -lt "$number" ]
}

w=$(mktemp -d) || exit 2
trap 'rm -rf "$w"' EXIT
bundle='' log_key='' older='' tsa_ca='' newer='' witness_size=''
: > "$w/witnesses"
: > "$w/log.keys"
while [ $# -gt 0 ]; do
  case $1 in
    --log-key) [ -f "${2-}" ] || usage; log_key=given; keys_in "$2" > "$w/keys" || usage; cat "$w/keys" >> "$w/log.keys"; shift 2;;
    --witness-key) [ -s "${2-}" ] || usage; { cat "$2"; echo; } | grep -v '^[[:space:]]*$' >> "$w/witnesses"; shift 2;;
    --checkpoint) [ -f "${2-}" ] || usage; older=$(readlink -f "$2"); shift 2;;
    --tsa-ca) openssl x509 -in "${2-}" -noout >/dev/null 2>&1 || usage; tsa_ca=$(readlink -f "$2"); shift 2;;
    --newer-than) newer=${2-}; date -u -d "$newer" +%s >/dev/null 2>&1 || usage; shift 2;;
    --witness-size) witness_size=${2-}; case $witness_size in ''|*[!0-9]*) usage;; esac; shift 2;;
    -*) usage;;
    *) [ -z "$bundle" ] || usage; bundle=$1; shift;;
  esac
done
[ -n "$bundle" ] || usage
[ -d "$bundle" ] || die 3 'the bundle cannot be read: unpack it first and name the folder'
cd "$bundle" || exit 3
[ -z "$(find . ! -type f ! -type d)" ] || die 4 'the bundle holds something else than plain files'

check_sums() {
  t='every file is there, no other is, and each has its sha256'
  for f in SHA256SUMS manifest.dsse.json trail.jsonl support.jsonl checkpoint; do [ -f "$f" ] || { fails "$t" 5 "$f is not there"; return; }; done
  if grep -Evq '^[0-9a-f]{64}  [A-Za-z0-9][A-Za-z0-9._/-]*$' SHA256SUMS || grep -q '\.\./\|/\.\.' SHA256SUMS || [ -n "$(tail -c 1 SHA256SUMS | tr -d '\n')" ]; then fails "$t" 7 'SHA256SUMS is not a list of sums'; return; fi
  cut -c67- SHA256SUMS | sort > "$w/listed"
  [ -z "$(uniq -d "$w/listed")" ] || { fails "$t" 7 'SHA256SUMS is not a list of sums'; return; }
  find . -type f | cut -c3- | grep -vx SHA256SUMS | sort > "$w/there"
  gone=$(comm -23 "$w/listed" "$w/there" | head -1); [ -z "$gone" ] || { fails "$t" 5 "$gone is not there"; return; }
  more=$(comm -13 "$w/listed" "$w/there" | head -1 | tr -cd '[:print:]'); [ -z "$more" ] || { fails "$t" 6 "$more is not in SHA256SUMS"; return; }
  sha256sum --quiet --strict -c SHA256SUMS > "$w/changed" 2>/dev/null || { fails "$t" 7 "$(head -1 "$w/changed" | cut -d: -f1 | tr -cd '[:print:]') is not what it was"; return; }
  ok "$t: $(now_lines "$w/listed") files"
}

predicate=''
check_manifest() {
  t='the manifest is signed, by a key that the worker put on the trail'
  jq -e '.payloadType=="application/vnd.in-toto+json" and (.signatures|length)==1' manifest.dsse.json >/dev/null 2>&1 || { fails "$t" 8 'manifest.dsse.json is no manifest of a bundle'; return; }
  jq -r .payload manifest.dsse.json | base64 -d > "$w/body" 2>/dev/null || { fails "$t" 8 'manifest.dsse.json is no manifest of a bundle'; return; }
  jq -e '._type=="https://in-toto.io/Statement/v1" and .predicateType=="urn:countersign:bundle:v1" and .predicate.v==1' "$w/body" >/dev/null 2>&1 || { fails "$t" 8 'manifest.dsse.json is no manifest of a bundle'; return; }
  predicate=$(jq -c .predicate "$w/body")
  n=$(printf %s "$predicate" | jq .keyEntry)
  cat support.jsonl trail.jsonl 2>/dev/null | grep -F export.key_published | jq -r --argjson n "$n" '(.line|fromjson) as $l | select($l.seq==$n and $l.kind=="export.key_published" and $l.role=="countersign_worker") | .payload|fromjson|.key' 2>/dev/null | head -1 > "$w/export.key"
  [ -s "$w/export.key" ] || { fails "$t" 8 "entry $n of the trail does not publish its key"; return; }
  key_der "$(cat "$w/export.key")" > "$w/export.der"
  { printf 'DSSEv1 28 application/vnd.in-toto+json %s ' "$(wc -c < "$w/body")"; cat "$w/body"; } > "$w/pae"
  jq -r '.signatures[0].sig' manifest.dsse.json | base64 -d > "$w/sig" 2>/dev/null
  ed25519 "$w/export.der" "$w/pae" "$w/sig" || { fails "$t" 8 'its signature is wrong'; return; }
  jq -r '.subject[]|.digest.sha256+"  "+.name' "$w/body" > "$w/named"
  grep -v '  manifest\.dsse\.json$' SHA256SUMS | cmp -s - "$w/named" || { fails "$t" 8 'it names other files than SHA256SUMS'; return; }
  ok "$t: $(cut -d+ -f1 "$w/export.key"), entry $n"
}
say() { printf %s "$predicate" | jq -r "$1"; }

size='' root=''
# a C2SP signed note, by any of the log's keys that bears its name; its text ends at the last empty line
open_note() { # FILE OUT
  n=$(grep -n '^$' "$1" | tail -1 | cut -d: -f1); [ -n "$n" ] || return 9
  head -n $((n - 1)) "$1" > "$2"; name=$(head -1 "$2"); found=10
  tail -n +$((n + 1)) "$1" > "$w/signatures"
  while read -r dash who what; do
    [ "$dash" = '—' ] || return 9
    [ "$who" = "$name" ] || continue
    id=$(printf %s "$what" | base64 -d 2>/dev/null | head -c 4 | hex)
    key=$(grep -F "$name+$id+" "$w/log.keys" | head -1); [ -n "$key" ] || continue
    key_der "$key" > "$w/note.der"; printf %s "$what" | base64 -d | tail -c +5 > "$w/sig"
    ed25519 "$w/note.der" "$2" "$w/sig" || return 9
    found=0
  done < "$w/signatures"
  return $found
}
note_fault() { case $1 in 10) echo 'it is of another log or under another key';; *) echo 'its signature is wrong, or it is no checkpoint';; esac; }
check_checkpoint() {
  t="the checkpoint is signed by the log's key"
  [ -f checkpoint ] || { fails "$t" 5 'a file it needs is not there'; return; }
  whose='the key that was given'
  if [ -z "$log_key" ]; then
    [ -f log.key.pub ] || { fails "$t" 5 'log.key.pub is not there, and no key was given'; return; }
    whose="the bundle's own copy of the key: compare it with yours"
    keys_in log.key.pub > "$w/log.keys" || { : > "$w/log.keys"; fails "$t" 9 'log.key.pub holds no key'; return; }
  fi
  origin=$(head -1 checkpoint)
  while IFS=+ read -r name _; do
    is_name_of "$name" "$origin" || { : > "$w/log.keys"; fails "$t" 10 "a key is of the log $name, this is $origin"; return; }
  done < "$w/log.keys"
  open_note checkpoint "$w/text"; r=$?
  [ $r = 0 ] || { fails "$t" $r "$(note_fault $r)"; return; }
  size=$(sed -n 2p "$w/text"); root=$(sed -n 3p "$w/text")
  if [ -n "$predicate" ] && { [ "$(say .log)" != "$(head -1 "$w/text")" ] || [ "$(say .size)" != "$size" ]; }; then size=''; root=''; fails "$t" 9 'it is not the one that the manifest names'; return; fi
  ok "$t: $size entries, root $root; $whose"
}

cosigned=''
check_witnesses() {
  t='a witness cosigned the checkpoint'
  [ -s "$w/witnesses" ] || { none "$t" "no witness's key was given"; return; }
  [ -n "$size" ] || { none "$t" 'the checkpoint does not hold'; return; }
  n=$(grep -n '^$' checkpoint | tail -1 | cut -d: -f1); tail -n +$((n + 1)) checkpoint > "$w/signatures"
  while read -r key; do
    name=${key%%+*}; id=$(key_id "$name" 004 "$key"); key_der "$key" > "$w/witness.der"; at=''
    while read -r dash who what; do
      [ "$who" = "$name" ] && [ "$(printf %s "$what" | base64 -d 2>/dev/null | head -c 4 | hex)" = "$id" ] || continue
      at=$(printf %d "0x$(printf %s "$what" | base64 -d | tail -c +5 | head -c 8 | hex)")
      printf %s "$what" | base64 -d | tail -c +13 > "$w/sig"
      { printf 'cosignature/v1\ntime %s\n' "$at"; cat "$w/text"; } > "$w/cosigned"
      ed25519 "$w/witness.der" "$w/cosigned" "$w/sig" || { fails "$t" 11 "the cosignature of $name is wrong"; return; }
    done < "$w/signatures"
    [ -n "$at" ] || { fails "$t" 11 "$name did not cosign it"; return; }
    cosigned=$at
  done < "$w/witnesses"
  [ -n "$cosigned" ] || { fails "$t" 11 'no key of a witness could be read'; return; }
  ok "$t: the last at $(date -u -d "@$cosigned" +%Y-%m-%dT%H:%M:%SZ)"
}

