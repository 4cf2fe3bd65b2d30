#!/bin/sh
# Checks a Countersign bundle with sh, coreutils, openssl 3 and jq; no network.
#   sh verify.sh FOLDER [--log-key FILE] [--witness-key FILE]... [--checkpoint FILE] [--newer-than TIME] [--witness-size N]
# The same checks, in the same order and with the same exit codes as verify.mjs: docs/trail-format.md.
set -u
export LC_ALL=C
exit_code=0
die() { printf 'FAIL  %s\n' "$2"; exit "$1"; }
plain() { tr -cd '\n[:print:]'; }
ok() { printf 'ok    %s\n' "$1" | plain; }
none() { printf -- '-     %s (not checked: %s)\n' "$1" "$2" | plain; }
fails() { printf 'FAIL  %s: %s\n' "$1" "$3" | plain; [ "$exit_code" = 0 ] && exit_code=$2; return 0; }
usage() { echo 'usage: sh verify.sh FOLDER [--log-key FILE] [--witness-key FILE]... [--checkpoint FILE] [--newer-than TIME] [--witness-size N]' >&2; exit 2; }

w=$(mktemp -d) || exit 2
trap 'rm -rf "$w"' EXIT
bundle='' log_key='' older='' newer='' witness_size=''
: > "$w/witnesses"
while [ $# -gt 0 ]; do
  case $1 in
    --log-key) [ -f "${2-}" ] || usage; log_key=$(readlink -f "$2"); shift 2;;
    --witness-key) [ -s "${2-}" ] || usage; { cat "$2"; echo; } | grep -v '^[[:space:]]*$' >> "$w/witnesses"; shift 2;;
    --checkpoint) [ -f "${2-}" ] || usage; older=$(readlink -f "$2"); shift 2;;
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
# a C2SP signed note: its text ends at the last empty line
open_note() { # FILE KEY-TEXT OUT
  n=$(grep -n '^$' "$1" | tail -1 | cut -d: -f1); [ -n "$n" ] || return 9
  head -n $((n - 1)) "$1" > "$3"; name=${2%%+*}
  [ "$(head -1 "$3")" = "$name" ] || return 10
  id=$(key_id "$name" 001 "$2"); key_der "$2" > "$w/note.der"; found=10
  tail -n +$((n + 1)) "$1" > "$w/signatures"
  while read -r dash who what; do
    [ "$dash" = '—' ] || return 9
    [ "$who" = "$name" ] && [ "$(printf %s "$what" | base64 -d 2>/dev/null | head -c 4 | hex)" = "$id" ] || continue
    printf %s "$what" | base64 -d | tail -c +5 > "$w/sig"
    ed25519 "$w/note.der" "$3" "$w/sig" || return 9
    found=0
  done < "$w/signatures"
  return $found
}
note_fault() { case $1 in 10) echo 'it is of another log or under another key';; *) echo 'its signature is wrong, or it is no checkpoint';; esac; }
check_checkpoint() {
  t="the checkpoint is signed by the log's key"
  [ -f checkpoint ] || { fails "$t" 5 'a file it needs is not there'; return; }
  whose='the key that was given'; key_file=$log_key
  if [ -z "$key_file" ]; then key_file=log.key.pub; whose="the bundle's own copy of the key: compare it with yours"; fi
  [ -f "$key_file" ] || { fails "$t" 5 'log.key.pub is not there, and no key was given'; return; }
  log_text=$(head -1 "$key_file")
  open_note checkpoint "$log_text" "$w/text"; r=$?
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

lines_hold='' kind=''
check_lines() {
  t='every entry is whole and hashes to its leaf'
  [ -n "$predicate" ] || { none "$t" 'the manifest does not hold'; return; }
  kind=$(say .scope.kind)
  cat trail.jsonl support.jsonl > "$w/all"
  for f in trail.jsonl support.jsonl; do [ -z "$(tail -c 1 $f | tr -d '\n')" ] || { fails "$t" 3 "$f ends in the middle of a line"; return; }; done
  jq -c . "$w/all" > "$w/parsed" 2>/dev/null && [ "$(now_lines "$w/parsed")" = "$(now_lines "$w/all")" ] || { fails "$t" 12 'a line is no JSON'; return; }
  jq -e -s 'def flat: type=="string" and (test("[\u0000\n]")|not); all(.[]; keys==["leaf","line","payload","salt"] and (.line|flat) and (.leaf|flat)
    and (.payload==null) == (.salt==null) and (.payload==null or ((.payload|flat) and (.salt|flat))))' "$w/all" >/dev/null 2>&1 || { fails "$t" 12 'a line is no entry'; return; }
  jq -r .line "$w/all" > "$w/lines"
  jq -c . "$w/lines" > "$w/parsed" 2>/dev/null && [ "$(now_lines "$w/parsed")" = "$(now_lines "$w/all")" ] || { fails "$t" 12 'a line is no JSON'; return; }
  jq -r .leaf "$w/all" > "$w/leaves"
  jq -r '"\u0000"+.line' "$w/all" | line_digests | cmp -s - "$w/leaves" || { fails "$t" 12 'a line does not hash to its leaf'; return; }
  lines_hold=1
  ok "$t: $(now_lines trail.jsonl) entries"
}

# one level of the tree from the level below, in the files $w/level: pairs are hashed, a last one without a partner goes up
level_up() {
  n=$(wc -l < "$w/level")
  head -n $((n - n % 2)) "$w/level" | paste -d' ' - - | sed 's/^/01/; s/ //' > "$w/pairs"
  tail -n +$((n - n % 2 + 1)) "$w/level" > "$w/odd"
  mkdir "$w/n"; tr -d '\n' < "$w/pairs" | unhex | (cd "$w/n" && split -a 8 -d -b 65 - n)
  { digests "$w/n"; cat "$w/odd"; } > "$w/level"; rm -r "$w/n"
}
tree_root() { # LEAVES N: the root over the first N lines, in base64
  head -n "$2" "$1" > "$w/level"
  while [ "$(wc -l < "$w/level")" -gt 1 ]; do level_up; done
  unhex < "$w/level" | base64
}
# which sibling stands left, by RFC 9162 2.1.3.2: one line a proof step, "L hash" or "R hash"
steps='def run($fn;$sn;$p): if ($p|length)==0 then (if $sn==0 then empty else "X" end)
  elif $sn==0 then "X"
  elif ($fn%2==1) or ($fn==$sn) then
    ("L "+$p[0]), ([$fn,$sn]|until((.[0]%2==1) or (.[0]==0); [(.[0]/2|floor),(.[1]/2|floor)]) as $q | run(($q[0]/2|floor);($q[1]/2|floor);$p[1:]))
  else ("R "+$p[0]), run(($fn/2|floor);($sn/2|floor);$p[1:]) end;
  split("\n")|map(select(.!="")) as $p | run($fn;$size-1;$p)'
in_log() { # SEQ LEAF
  f=proofs/$1.tlog-proof; [ -f "$f" ] || return 5
  [ "$(sed -n 1p "$f")" = c2sp.org/tlog-proof@v1 ] && [ "$(sed -n 2p "$f")" = "index $1" ] || return 13
  h=$2
  for step in $(sed -n '3,/^$/p' "$f" | jq -R -s -r --argjson fn "$1" --argjson size "$size" "$steps" | tr ' ' :); do
    p=$(printf %s "${step#?:}" | base64 -d 2>/dev/null | hex)
    case $step in L:*) pair="01$p$h";; R:*) pair="01$h$p";; *) return 13;; esac
    h=$(printf %s "$pair" | unhex | sha256sum | cut -c1-64)
  done
  [ "$(printf %s "$h" | unhex | base64)" = "$root" ] || return 13
}
check_tree() {
  t='the entries are those of the signed log'
  [ -n "$lines_hold" ] || { none "$t" 'the entries do not hold'; return; }
  n=$(now_lines trail.jsonl)
  [ "$n" = "$(say .entries)" ] || { fails "$t" 13 "$n entries are here, the manifest names $(say .entries)"; return; }
  [ "$kind" != log ] || [ ! -s support.jsonl ] || { fails "$t" 13 'support.jsonl holds an entry beside the whole log'; return; }
  head -n "$n" "$w/lines" > "$w/scope"
  # the chain within the scope: e[i] follows e[i-1]; leaves come beside, so that no hash is computed here
  bad=$(paste -d ' ' "$w/leaves" "$w/lines" | head -n "$n" | jq -R -r -n --argjson s "$(say '.scope|tojson')" '
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" as $none
    | foreach (inputs | {leaf:.[0:64], e:(.[65:]|fromjson)}) as $i ({b:null,inc:{},bad:null};
        $i.e as $e | ($e.incident // "") as $c | (.inc[$c] // {n:-1,l:$none}) as $q
        | .bad = (if ($s.kind=="log" or $s.kind=="period") and $e.seq != (if .b then .b.e.seq+1 elif $s.kind=="log" then 0 else $s.from end) then "found entry \($e.seq) where another belongs"
            elif ($s.kind=="log" or $s.kind=="period") and ((.b==null and $e.seq==0 and $e.prev!=$none) or (.b!=null and $e.prev!=.b.leaf)) then "entry \($e.seq) does not follow the entry before it"
            elif .b!=null and $e.seq<=.b.e.seq then "entry \($e.seq) stands out of order"
            elif $s.kind=="incident" and $e.incident!=$s.incident then "entry \($e.seq) is not of this incident"
            elif ($s.kind=="log" or $s.kind=="incident") and $e.incident!=null and ($e.incidentSeq!=$q.n+1 or $e.incidentPrev!=$q.l) then "entry \($e.seq) does not follow the entry of its incident before it"
            else null end)
        | .b=$i | (if $e.incident!=null then .inc[$c]={n:$e.incidentSeq,l:$i.leaf} else . end);
        .bad // empty)' | head -1)
  [ -z "$bad" ] || { fails "$t" 13 "$bad"; return; }
  [ -n "$size" ] || { none "$t" 'the checkpoint does not hold'; return; }
  if [ "$kind" = log ]; then
    [ "$n" = "$size" ] || { fails "$t" 13 "$n entries are here, the checkpoint covers $size"; return; }
    [ "$(tree_root "$w/leaves" "$n")" = "$root" ] || { fails "$t" 13 'their root is not the one in the checkpoint'; return; }
  else
    jq -r .seq "$w/lines" | paste -d ' ' - "$w/leaves" > "$w/places"
    while read -r seq leaf; do
      in_log "$seq" "$leaf"; r=$?
      [ $r = 0 ] || { fails "$t" $r "entry $seq is not in the signed log"; return; }
    done < "$w/places"
  fi
  ok "$t"
}

check_payloads() {
  t='every payload is the one its entry commits to'
  [ -n "$lines_hold" ] || { none "$t" 'the entries do not hold'; return; }
  jq -r 'select(.payload!=null)|.payload' "$w/all" > "$w/payloads"
  jq -r 'select(.payload!=null)|.salt' "$w/all" > "$w/salts"
  jq -r 'select(.payload!=null)|.line|fromjson|.payload' "$w/all" > "$w/commitments"
  { grep -Evq '^[0-9a-f]{64}$' "$w/salts" || [ "$(now_lines "$w/payloads")" != "$(now_lines "$w/salts")" ]; } && { fails "$t" 14 'a salt is no salt'; return; }
  mkdir "$w/p" "$w/s" "$w/b"
  (cd "$w/p" && split -a 8 -d -l 1 - e) < "$w/payloads"; find "$w/p" -type f -print0 | xargs -0 -r truncate -s -1
  tr -d '\n' < "$w/salts" | unhex | (cd "$w/s" && split -a 8 -d -b 32 - e)
  for f in "$w"/s/*; do [ -f "$f" ] && cat "$f" "$w/p/${f##*/}" > "$w/b/${f##*/}"; done
  digests "$w/b" | cmp -s - "$w/commitments" || { fails "$t" 14 'a payload is not the one its entry commits to'; return; }
  rm -r "$w/p" "$w/s" "$w/b"
  jq -r 'select(.payload==null)|.line|fromjson|.seq' "$w/all" | sort > "$w/bare"
  jq -rs 'map((.line|fromjson) + {told: .payload}) as $a
    | ($a|map(select(.kind=="payload.erased")|{by: .seq, incident, said: (if .told==null then null else (.told|fromjson) end)})) as $x
    | $a[]|select(.told==null and .incident!=null)|. as $b
    | select(any($x[]; .by>$b.seq and .incident==$b.incident and (.said==null or (.said.from<=$b.seq and $b.seq<=.said.to))))|.seq' "$w/all" | sort > "$w/erased"
  left=$(comm -23 "$w/bare" "$w/erased" | head -1)
  if [ -n "$left" ] && [ "$(say '.withheld.names or .withheld.payloads')" != true ]; then fails "$t" 14 "the payload of entry $left is not there"; return; fi
  ok "$t: $(now_lines "$w/bare") left out, $(comm -12 "$w/bare" "$w/erased" | wc -l) of them erased"
}

check_sign_offs() {
  t='every signature by passkey holds over its statement'
  [ -n "$lines_hold" ] || { none "$t" 'the entries do not hold'; return; }
  hidden=$(say '.withheld.names or .withheld.payloads'); count=0; other=0
  jq -c '(.line|fromjson) as $l|select($l.kind|test("^(decision\\.(proposed|signed|rejected)|passkey\\.enrolled)$"))|{k:$l.kind,seq:$l.seq,actor:$l.actor,p:(if .payload==null then null else (.payload|fromjson) end)}' "$w/all" > "$w/kept"
  jq -c 'select(.k=="decision.signed" or .k=="decision.rejected")' "$w/kept" > "$w/signed"
  [ -s "$w/signed" ] || { none "$t" 'no decision was signed in this scope'; return; }
  while read -r s; do
    get() { printf %s "$s" | jq -r "$1"; }
    seq=$(get .seq)
    bad() { fails "$t" 15 "entry $seq: $1"; }
    if [ "$(get '.p==null')" = true ]; then other=$((other + 1)); continue; fi
    id=$(get .p.signOff)
    given=$(jq -c --arg id "$id" 'select(.signOff==$id)' signoffs.jsonl 2>/dev/null | tail -1)
    if [ -z "$given" ] && [ "$hidden" = true ]; then other=$((other + 1)); continue; fi
    if [ "$(get .p.assurance)" != passkey ]; then other=$((other + 1)); continue; fi
    [ -n "$given" ] || { bad 'the assertion is not in the bundle'; return; }
    jq -j --arg d "$(get .p.decision)" 'select(.k=="decision.proposed" and .p!=null and .p.decision==$d)|.p.statement' "$w/kept" > "$w/statement"
    [ -s "$w/statement" ] || { bad 'the statement that was signed is not in the bundle'; return; }
    digest=$(sha256sum < "$w/statement" | cut -c1-64)
    [ "$digest" = "$(get .p.statementSha256)" ] || { bad 'another statement was signed'; return; }
    for part in authenticatorData clientDataJson signature; do printf %s "$given" | jq -r ".$part // \"\"" | base64 -d > "$w/$part" 2>/dev/null; done
    for pair in authenticatorData:authenticatorData clientDataJson:clientData signature:signature; do
      [ "$(sha256sum < "$w/${pair%:*}" | cut -c1-64)" = "$(get ".p.${pair#*:}Sha256")" ] || { bad 'the assertion is not the one that was recorded'; return; }
    done
    [ "$(jq -r 'select(.type=="webauthn.get")|.challenge' "$w/clientDataJson" 2>/dev/null)" = "$(printf %s "$digest" | unhex | basenc --base64url -w0 | tr -d =)" ] || { bad 'the passkey signed another statement'; return; }
    flags=$(printf %d "0x$(tail -c +33 "$w/authenticatorData" | head -c 1 | hex)")
    [ $((flags & 5)) = 5 ] || { bad 'the passkey did not verify the person'; return; }
    enrolled=$(jq -c --arg k "$(get .p.passkey)" 'select(.k=="passkey.enrolled" and .p!=null and .p.passkey==$k)' "$w/kept" | tail -1)
    [ -n "$enrolled" ] || { bad "the passkey's enrolment is not in the bundle"; return; }
    [ "$(printf %s "$enrolled" | jq -r .actor)" = "$(get .actor)" ] || { bad "the passkey is another person's"; return; }
    [ "$(printf %s "$enrolled" | jq .seq)" -lt "$seq" ] || { bad 'the passkey was enrolled after it had signed'; return; }
    printf %s "$enrolled" | jq -r .p.publicKey | unhex > "$w/passkey.der" 2>/dev/null
    { cat "$w/authenticatorData"; openssl dgst -sha256 -binary "$w/clientDataJson"; } > "$w/asserted"
    if openssl pkey -pubin -inform DER -in "$w/passkey.der" -noout -text 2>/dev/null | head -1 | grep -q ED25519; then
      ed25519 "$w/passkey.der" "$w/asserted" "$w/signature" || { bad 'the signature does not verify'; return; }
    else
      openssl dgst -sha256 -verify "$w/passkey.der" -keyform DER -signature "$w/signature" "$w/asserted" >/dev/null 2>&1 || { bad 'the signature does not verify'; return; }
    fi
    count=$((count + 1))
  done < "$w/signed"
  ok "$t: $count by passkey, $other by password or withheld"
}

check_evidence() {
  t='the evidence is what was sealed'
  [ -n "$lines_hold" ] || { none "$t" 'the entries do not hold'; return; }
  [ "$kind" = incident ] || { none "$t" "only an incident's bundle holds evidence"; return; }
  [ -f evidence.jsonl ] || { fails "$t" 5 'a file it needs is not there'; return; }
  last=$(jq -c --arg i "$(say .scope.incident)" '(.line|fromjson) as $l|select($l.kind=="evidence.sealed" and $l.incident==$i)|if .payload==null then "left out" else (.payload|fromjson) end' "$w/all" | tail -1)
  n=$(now_lines evidence.jsonl)
  [ -n "$last" ] || { if [ "$n" = 0 ]; then none "$t" 'no evidence was sealed in this incident'; else fails "$t" 16 'evidence is here that was never sealed'; fi; return; }
  jq -e -s 'def flat: type=="string" and (test("[\u0000\n]")|not); to_entries|all(.[]; .value.position==.key+1 and (.value.id|flat) and (.value.sha256|flat))' evidence.jsonl >/dev/null 2>&1 || { fails "$t" 16 'evidence.jsonl is not in order'; return; }
  with=0
  for sum in $(jq -r .sha256 evidence.jsonl); do
    if [ -f "evidence/$sum" ]; then
      [ "$(sha256sum < "evidence/$sum" | cut -c1-64)" = "$sum" ] || { fails "$t" 16 'the bytes of an item are others'; return; }
      with=$((with + 1))
    elif [ "$(say .withheld.evidence)" != true ]; then fails "$t" 16 'the bytes of an item are not here'; return; fi
  done
  [ "$last" != '"left out"' ] || { none "$t" 'the entry with the root is left out'; return; }
  [ "$(printf %s "$last" | jq .evidenceCount)" = "$n" ] || { fails "$t" 16 "$n items are here, $(printf %s "$last" | jq .evidenceCount) were sealed"; return; }
  jq -r '"\u0000{\"id\":\"\(.id)\",\"position\":\(.position),\"sha256\":\"\(.sha256)\"}"' evidence.jsonl | line_digests > "$w/evidence"
  [ "$(tree_root "$w/evidence" "$n" | base64 -d | hex)" = "$(printf %s "$last" | jq -r .evidenceRoot)" ] || { fails "$t" 16 'its root is not the one that was sealed'; return; }
  ok "$t: $n items, $with with their bytes"
}

ends=''
check_time() {
  t='time never runs backwards'
  [ -n "$lines_hold" ] || { none "$t" 'the entries do not hold'; return; }
  n=$(now_lines trail.jsonl)
  bad=$({ head -n "$n" "$w/lines"; echo null; tail -n +$((n + 1)) "$w/lines"; } | jq -n -r 'foreach inputs as $e ({at:"",bad:null}; if $e==null then .at="" else (.bad = (if $e.at < .at then $e.seq else null end) | .at=$e.at) end; .bad // empty)' | head -1)
  [ -z "$bad" ] || { fails "$t" 17 "entry $bad is dated before the entry above it"; return; }
  ends=$(jq -r --argjson n "$(say '.size-1')" 'select(.seq==$n)|.at' "$w/lines" | head -1)
  ok "$t"
}

check_history() {
  t="the auditor's earlier checkpoint is the start of this log"
  [ -n "$older" ] || { none "$t" 'no earlier checkpoint was given'; return; }
  open_note "$older" "${log_text-}" "$w/older" || { fails "$t" 10 'the earlier checkpoint is not of this log'; return; }
  [ -n "$size" ] && [ -n "$lines_hold" ] || { none "$t" 'the checkpoint or the entries do not hold'; return; }
  n=$(sed -n 2p "$w/older")
  [ "$n" -le "$size" ] || { fails "$t" 18 "the log shrank from $n entries to $size"; return; }
  if [ "$n" = "$size" ]; then found=$root; elif [ "$kind" = log ]; then found=$(tree_root "$w/leaves" "$n"); else none "$t" 'this needs the whole log, and the bundle holds a part of it'; return; fi
  [ "$found" = "$(sed -n 3p "$w/older")" ] || { fails "$t" 18 "its first $n entries are not those of the earlier checkpoint"; return; }
  ok "$t: the first $n entries"
}

check_freshness() {
  t='the log reaches far enough'
  [ -n "$newer$witness_size" ] || { none "$t" "neither a time nor the witness's size was given"; return; }
  if [ -n "$witness_size" ] && [ "${size:-0}" -lt "$witness_size" ]; then fails "$t" 19 "the witness knows $witness_size entries, the bundle ends at ${size:-0}"; return; fi
  end=$ends; [ -z "$cosigned" ] || end=$(date -u -d "@$cosigned" +%Y-%m-%dT%H:%M:%SZ)
  if [ -n "$newer" ] && { [ -z "$end" ] || [ "$(date -u -d "$end" +%s%N)" -le "$(date -u -d "$newer" +%s%N)" ]; }; then fails "$t" 19 "the log ends at ${end:-an unknown time}, not after $newer"; return; fi
  ok "$t: the log ends at ${end:-an unknown time}"
}

for check in sums manifest checkpoint witnesses lines tree payloads sign_offs evidence time history freshness; do "check_$check"; done

echo "log ends at ${ends:--}, size ${size:--}."
if [ "$exit_code" = 0 ]; then echo 'Every check that was made holds.'; else echo "NOT what was written (exit $exit_code)."; fi
[ "$(say '.withheld|[.[]]|any' 2>/dev/null)" = true ] && echo "Left out on purpose: $(say '.withheld|to_entries|map(select(.value).key)|join(", ")')"
echo 'This bundle cannot prove:'
[ -n "$newer$witness_size" ] || echo "  - that nothing was written after ${ends:-its checkpoint}: ask with --newer-than or --witness-size"
if [ -s "$w/witnesses" ]; then echo "  - anything, if the log's key and the witness's key were both stolen and no earlier checkpoint was kept"; else echo "  - that others were shown the same log: give a witness's key"; fi
[ -n "$log_key" ] || echo "  - whose log this is: give your own copy of the log's key"
echo '  - that an entry was true when it was written: only signatures by passkey speak for a person'
[ "$kind" = log ] || echo '  - that nothing else in the log belongs here: only the whole log shows that'
exit "$exit_code"
