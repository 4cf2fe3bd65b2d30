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
    # the first entry under another name stands on the size and root of what is before it
    jq -r '(.line|fromjson) as $l|select($l.kind=="log.continued" and .payload!=null)|(.payload|fromjson) as $p|"\($l.seq) \($p.size) \($p.root)"' "$w/all" > "$w/cited"
    while read -r seq before cited; do
      [ "$before" = "$seq" ] && [ "$(tree_root "$w/leaves" "$seq")" = "$cited" ] || { fails "$t" 13 "entry $seq cites another log than the one before it"; return; }
    done < "$w/cited"
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
  told='(.line|fromjson) as $l|select($l.kind|test("^(decision\\.(proposed|signed|rejected|second_reviewed)|passkey\\.enrolled)$"))|{k:$l.kind,seq:$l.seq,actor:$l.actor,p:(if .payload==null then null else (.payload|fromjson) end)}'
  jq -c "$told" "$w/all" > "$w/kept"
  # the last entry that the checkpoint covers may be a signature that is none of this bundle's
  jq -c "$told" trail.jsonl | jq -c 'select(.k=="decision.signed" or .k=="decision.rejected" or (.k=="decision.second_reviewed" and (.p==null or .p.assurance!=null)))' > "$w/signed"
  [ -s "$w/signed" ] || { none "$t" 'no decision was signed in this scope'; return; }
  while read -r s; do
    get() { printf %s "$s" | jq -r "$1"; }
    seq=$(get .seq)
    bad() { fails "$t" 15 "entry $seq: $1"; }
    if [ "$(get '.p==null')" = true ]; then other=$((other + 1)); continue; fi
    if [ "$(get .k)" = decision.second_reviewed ]; then review=yes; id=$(get .p.decision); else review=; id=$(get .p.signOff); fi
    given=$(jq -c --arg id "$id" --arg r "$review" 'select((if $r=="yes" then .secondReview else .signOff end)==$id)' signoffs.jsonl 2>/dev/null | tail -1)
    if [ -z "$given" ] && [ "$hidden" = true ]; then other=$((other + 1)); continue; fi
    if [ "$(get .p.assurance)" != passkey ]; then other=$((other + 1)); continue; fi
    [ -n "$given" ] || { bad 'the assertion is not in the bundle'; return; }
    if [ -n "$review" ]; then
      printf %s "$given" | jq -j '.statement // ""' > "$w/statement"; said=reviewSha256
    else
      jq -j --arg d "$(get .p.decision)" 'select(.k=="decision.proposed" and .p!=null and .p.decision==$d)|.p.statement' "$w/kept" > "$w/statement"; said=statementSha256
    fi
    [ -s "$w/statement" ] || { bad 'the statement that was signed is not in the bundle'; return; }
    digest=$(sha256sum < "$w/statement" | cut -c1-64)
    if [ -n "$review" ] && ! printf %s "$s" | jq -e --slurpfile t "$w/statement" '$t[0] as $t|$t.act=="give_second_review" and $t.decision==.p.decision and $t.decisionStatementSha256==.p.statementSha256 and $t.outcome==.p.outcome and $t.words==.p.words and ("person:"+$t.person)==.actor' >/dev/null 2>&1; then bad 'the statement says something else than the entry'; return; fi
    [ "$digest" = "$(get ".p.$said")" ] || { bad 'another statement was signed'; return; }
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
  last=$(jq -c --arg i "$(say .scope.incident)" '(.line|fromjson) as $l|select($l.incident==$i and ($l.kind=="evidence.sealed" or $l.kind=="incident.merged"))|(if .payload==null then null else (.payload|fromjson) end) as $p|if $p==null then "left out" elif $l.kind=="evidence.sealed" then $p elif $p.fromId==$i then "merged" else empty end' "$w/all" | tail -1)
  n=$(now_lines evidence.jsonl)
  [ -n "$last" ] || { if [ "$n" = 0 ]; then none "$t" 'no evidence was sealed in this incident'; else fails "$t" 16 'evidence is here that was never sealed'; fi; return; }
  # of the incident that was merged away nothing is left: its records are the other's
  if [ "$last" = '"merged"' ]; then
    if [ "$n" = 0 ]; then ok "$t: 0 items, 0 with their bytes"; else fails "$t" 16 "$n items are here, 0 were sealed"; fi; return
  fi
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

pair_hash() { printf '01%s%s' "$1" "$2" | unhex | sha256sum | cut -c1-64; }
# whether the log begins with the first N entries, of that ROOT: 0 it does, 1 it does not, 2 nothing here tells
begins_with() { # N ROOT
  if [ "$1" = "$size" ]; then [ "$root" = "$2" ]; return; fi
  if [ "$kind" = log ]; then [ "$(tree_root "$w/leaves" "$1")" = "$2" ]; return; fi
  [ -f consistency.jsonl ] && [ "$(jq -r --argjson n "$1" 'select(.size==$n)|"here"' consistency.jsonl 2>/dev/null | head -1)" = here ] || return 2
  # RFC 9162 2.1.4.2; where N is a power of two, the old root itself is the first step
  fn=$(($1 - 1)); sn=$((size - 1)); was=''
  while [ $((fn % 2)) = 1 ]; do fn=$((fn / 2)); sn=$((sn / 2)); done
  { [ "$fn" != 0 ] || echo "$2"; jq -r --argjson n "$1" 'select(.size==$n)|.proof[]' consistency.jsonl; } > "$w/growth" 2>/dev/null
  while read -r step; do
    p=$(printf %s "$step" | base64 -d 2>/dev/null | hex)
    if [ -z "$was" ]; then was=$p; is=$p; continue; fi
    [ "$sn" != 0 ] || return 1
    if [ $((fn % 2)) = 1 ] || [ "$fn" = "$sn" ]; then
      was=$(pair_hash "$p" "$was"); is=$(pair_hash "$p" "$is")
      while [ $((fn % 2)) = 0 ] && [ "$fn" != 0 ]; do fn=$((fn / 2)); sn=$((sn / 2)); done
    else is=$(pair_hash "$is" "$p"); fi
    fn=$((fn / 2)); sn=$((sn / 2))
  done < "$w/growth"
  [ "$sn" = 0 ] && [ -n "$was" ] && [ "$(printf %s "$was" | unhex | base64)" = "$2" ] && [ "$(printf %s "$is" | unhex | base64)" = "$root" ]
}
check_history() {
  t="the auditor's earlier checkpoint is the start of this log"
  [ -n "$older" ] || { none "$t" 'no earlier checkpoint was given'; return; }
  open_note "$older" "$w/older" || { fails "$t" 10 'the earlier checkpoint is not of this log'; return; }
  [ -n "$size" ] && [ -n "$lines_hold" ] || { none "$t" 'the checkpoint or the entries do not hold'; return; }
  n=$(sed -n 2p "$w/older")
  [ "$n" -le "$size" ] || { fails "$t" 18 "the log shrank from $n entries to $size"; return; }
  begins_with "$n" "$(sed -n 3p "$w/older")"
  case $? in
    0) ok "$t: the first $n entries";;
    1) fails "$t" 18 "its first $n entries are not those of the earlier checkpoint";;
    *) none "$t" "the bundle holds a part of the log, and no proof from $n entries";;
  esac
}

check_stamp() {
  t='a time-stamping authority saw the log'
  [ -n "$tsa_ca" ] || { none "$t" 'no CA of a time-stamping authority was given'; return; }
  [ -f timestamp.tsr ] && [ -f timestamp.checkpoint ] || { fails "$t" 20 'the bundle holds no time stamp'; return; }
  [ -n "$size" ] && [ -n "$lines_hold" ] || { none "$t" 'the checkpoint or the entries do not hold'; return; }
  open_note timestamp.checkpoint "$w/stamped" && [ "$(sed -n 2p "$w/stamped")" -le "$size" ] || { fails "$t" 20 'what was stamped is no checkpoint of this log'; return; }
  n=$(sed -n 2p "$w/stamped")
  at=$(openssl ts -reply -in timestamp.tsr -text 2>/dev/null | sed -n 's/^Time stamp: //p' | sed 's/\.[0-9]*//')
  at=$(date -u -d "${at:-none}" +%s 2>/dev/null) || { fails "$t" 20 'the token cannot be read'; return; }
  # the authority's certificates are held against the time of the stamp, not against today
  openssl ts -verify -data timestamp.checkpoint -in timestamp.tsr -CAfile "$tsa_ca" -attime "$at" >/dev/null 2>&1 || { fails "$t" 20 'the token does not hold under the CAs that were given'; return; }
  begins_with "$n" "$(sed -n 3p "$w/stamped")"
  case $? in
    0) ok "$t: its first $n entries were there at $(date -u -d "@$at" +%Y-%m-%dT%H:%M:%SZ)";;
    1) fails "$t" 20 "its first $n entries are not those that were stamped";;
    *) none "$t" "the bundle holds a part of the log, and no proof from $n entries";;
  esac
}

check_freshness() {
  t='the log reaches far enough'
  [ -n "$newer$witness_size" ] || { none "$t" "neither a time nor the witness's size was given"; return; }
  if [ -n "$witness_size" ] && [ "${size:-0}" -lt "$witness_size" ]; then fails "$t" 19 "the witness knows $witness_size entries, the bundle ends at ${size:-0}"; return; fi
  end=$ends; [ -z "$cosigned" ] || end=$(date -u -d "@$cosigned" +%Y-%m-%dT%H:%M:%SZ)
  if [ -n "$newer" ] && { [ -z "$end" ] || [ "$(date -u -d "$end" +%s%N)" -le "$(date -u -d "$newer" +%s%N)" ]; }; then fails "$t" 19 "the log ends at ${end:-an unknown time}, not after $newer"; return; fi
  ok "$t: the log ends at ${end:-an unknown time}"
}

for check in sums manifest checkpoint witnesses lines tree payloads sign_offs evidence time history stamp freshness; do "check_$check"; done

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
