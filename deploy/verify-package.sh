#!/usr/bin/env bash
# Checks, offline, what the service has signed: a hand-over package (zip), a proof of filing or an exported tree head (JSON).
#
#   verify-package.sh FILE [--key public-key.pem]
#
# The key is the service's, got from the service itself or from somebody who is trusted (GET /api/v1/signing-key). Without
# it the key inside the file is taken: that shows that the file is whole, and not who made it.
#
# Every byte of a package counts: the archive's own structure, the signature of manifest.json, the hash of each file, both
# bag manifests (RFC 8493), the signature of the ledger's tree head, and each ledger entry's leaf hash and inclusion proof
# up to that head (RFC 9162). The first thing that is wrong is named on stderr, and the exit code is 1. Otherwise the last
# line begins with OK. Needs bash 4.4, coreutils, unzip and openssl; writes nothing but a temporary directory.
set -euo pipefail
export LC_ALL=C

wrong() {
  printf 'WRONG: %s\n' "$*" >&2
  exit 1
}

usage() {
  echo "Usage: verify-package.sh FILE [--key public-key.pem]" >&2
  exit 2
}

file='' trusted=''
while [ $# -gt 0 ]; do
  case $1 in
    --key)
      [ $# -ge 2 ] || usage
      trusted=$2
      shift 2
      ;;
    --key=*)
      trusted=${1#--key=}
      shift
      ;;
    -*) usage ;;
    *)
      [ -z "$file" ] || usage
      file=$1
      shift
      ;;
  esac
done
[ -n "$file" ] || usage
[[ -f $file && -r $file ]] || wrong "$file cannot be read"
case $file in -*) file=./$file ;; esac
for tool in od openssl sha256sum stat unzip; do
  command -v "$tool" >/dev/null || wrong "the program $tool is missing"
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# --- Keys and signatures -------------------------------------------------------------------------------------------------

# key_id PEM: in REPLY, how the service names the key: SHA-256 of its SubjectPublicKeyInfo. Fails where it is no key.
key_id() {
  openssl pkey -pubin -in "$1" -outform DER -out "$work/key.der" 2>/dev/null || return 1
  REPLY=$(sha256sum <"$work/key.der")
  REPLY=${REPLY%% *}
}

# signed_by PEM SIGNATURE TEXT
signed_by() {
  openssl dgst -sha256 -verify "$1" -signature "$2" "$3" >/dev/null 2>&1
}

# choose_key PEM NAME: sets key and id; the key of the file itself only where none is trusted.
choose_key() {
  if [ -n "$trusted" ]; then
    key=$trusted
    key_id "$key" || wrong "$key is not a public key"
  else
    key=$1
    key_id "$key" || wrong "$2 is not a public key"
    echo "Note: no --key was given. The key of the file itself is used, which does not show who made it."
  fi
  id=$REPLY
}

# --- Hashes and Merkle proofs --------------------------------------------------------------------------------------------

# node LEFT RIGHT: in REPLY, SHA-256(0x01 || LEFT || RIGHT). Paths of neighbours share most of their nodes.
declare -A nodes=()
node() {
  local pair=$1$2 bytes='\x01' i hash
  if [ -z "${nodes[$pair]-}" ]; then
    for ((i = 0; i < ${#pair}; i += 2)); do bytes+="\\x${pair:i:2}"; done
    hash=$(printf '%b' "$bytes" | sha256sum)
    nodes[$pair]=${hash%% *}
  fi
  REPLY=${nodes[$pair]}
}

# included POSITION SIZE LEAF ROOT PATH: RFC 9162 section 2.1.3.2. PATH is comma-separated, from the leaf upwards.
included() {
  local fn=$1 sn=$(($2 - 1)) hash=$3 root=$4 path=$5 sibling siblings
  IFS=, read -r -a siblings <<<"$path"
  for sibling in "${siblings[@]}"; do
    if [[ ! $sibling =~ ^[0-9a-f]{64}$ ]] || ((sn == 0)); then return 1; fi
    if ((fn & 1 || fn == sn)); then
      node "$sibling" "$hash"
      while ((fn != 0 && !(fn & 1))); do ((fn >>= 1, sn >>= 1)) || true; done
    else
      node "$hash" "$sibling"
    fi
    hash=$REPLY
    ((fn >>= 1, sn >>= 1)) || true
  done
  ((sn == 0)) && [ "$hash" = "$root" ]
}

# --- Zip: each byte that is not content has one value that it may have -----------------------------------------------------

# bytes OFFSET COUNT: in REPLY, as hex.
bytes() {
  REPLY=$(od -An -v -tx1 -j "$1" -N "$2" -- "$file" | tr -d ' \n')
}

# number HEX: in REPLY, what the little-endian bytes stand for.
number() {
  local big='' i
  for ((i = ${#1} - 2; i >= 0; i -= 2)); do big+=${1:i:2}; done
  [ "${#big}" -gt 0 ] || big=0
  REPLY=$((16#$big))
}

# little NUMBER COUNT: in REPLY, that many little-endian bytes as hex.
little() {
  local big i
  printf -v big '%0*x' $(($2 * 2)) "$1"
  REPLY=''
  for ((i = ${#big} - 2; i >= 0; i -= 2)); do REPLY+=${big:i:2}; done
}

# text HEX: in REPLY, as characters.
text() {
  local escaped='' i
  for ((i = 0; i < ${#1}; i += 2)); do escaped+="\\x${1:i:2}"; done
  printf -v REPLY '%b' "$escaped"
}

declare -A sizes=()
members=() root='' previous='its start'

# check_zip: fills members (below the one directory, root) and sizes.
check_zip() {
  local total end count length start tail directory at=0 place=0
  total=$(stat -L -c %s -- "$file")
  ((total >= 22)) || wrong "the archive is cut off"
  bytes $((total - 22)) 22
  end=$REPLY
  [ "${end:0:8}" = 504b0506 ] || wrong "the archive is cut off, or something was added to it"
  number "${end:20:4}"
  count=$REPLY
  number "${end:24:8}"
  length=$REPLY
  number "${end:32:8}"
  start=$REPLY
  if ((start == 0xffffffff && total >= 98)); then
    bytes $((total - 98 + 48)) 8
    number "$REPLY"
    start=$REPLY
  fi
  ((start >= 0 && length >= 46 && length < 16777216 && start + length < total)) || wrong "the archive's directory is not where its end says"
  bytes "$start" "$length"
  directory=$REPLY
  bytes $((start + length)) $((total - start - length))
  tail=$REPLY

  while ((at < ${#directory})); do
    check_member
  done
  ((place == start)) || wrong "the archive has bytes that belong to no member"
  ((${#members[@]} == count)) || wrong "the archive's end counts $count members, its directory has ${#members[@]}"
  expect_end
  [ "$tail" = "$REPLY" ] || wrong "the archive's end is not as it was written"
}

# check_member: the next one of the directory; uses check_zip's variables.
check_member() {
  local entry=${directory:at} crc size name hex large='' far='' version=1400 extra='' expected little_size
  [[ ${#entry} -ge 92 && ${entry:0:8} == 504b0102 ]] || wrong "the archive's directory is damaged after $previous"
  number "${entry:56:4}"
  hex=${entry:92:REPLY * 2}
  text "$hex"
  name=$REPLY
  [[ $name =~ ^[A-Za-z0-9._-]+/[A-Za-z0-9._/-]+$ && $name != *..* && $name != *//* && $name != /* ]] || wrong "the archive has a member with a name that it must not have"
  crc=${entry:32:8}
  number "${entry:40:8}"
  size=$REPLY
  if ((size == 0xffffffff)); then
    large=1
    number "${entry:92 + ${#hex} + 8:16}"
    size=$REPLY
  fi
  if ((place >= 0xffffffff)); then far=1; fi
  ((size >= 0 && place + size < start)) || wrong "${name#*/}: its size in the archive's directory is wrong"
  if [ -n "$large$far" ]; then version=2d00; fi

  # The directory's entry.
  little "$size" 8
  little_size=$REPLY
  if [ -n "$large" ]; then extra+=$little_size$little_size; fi
  if [ -n "$far" ]; then
    little "$place" 8
    extra+=$REPLY
  fi
  if [ -n "$extra" ]; then
    little $((${#extra} / 2)) 2
    extra=0100$REPLY$extra
  fi
  expected=504b0102${version:0:2}03${version}08000000'0000'2100$crc
  if [ -n "$large" ]; then
    expected+=ffffffffffffffff
  else
    expected+=${little_size:0:8}${little_size:0:8}
  fi
  little $((${#hex} / 2)) 2
  expected+=$REPLY
  little $((${#extra} / 2)) 2
  expected+=${REPLY}0000000000000000a481
  if [ -n "$far" ]; then
    expected+=ffffffff
  else
    little "$place" 4
    expected+=$REPLY
  fi
  expected+=$hex$extra
  [ "${entry:0:${#expected}}" = "$expected" ] || wrong "${name#*/}: its entry in the archive's directory is not as it was written"
  ((at += ${#expected}))

  # Its own header, and what follows its content.
  little $((${#hex} / 2)) 2
  if [ -n "$large" ]; then
    expected=504b03042d000800000000002100'00000000'ffffffffffffffff${REPLY}1400${hex}01001000'0000000000000000'0000000000000000
  else
    expected=504b030414000800000000002100'00000000'0000000000000000${REPLY}0000$hex
  fi
  bytes "$place" $((${#expected} / 2))
  [ "$REPLY" = "$expected" ] || wrong "${name#*/}: its header in the archive is not as it was written"
  ((place += ${#expected} / 2 + size))
  if [ -n "$large" ]; then
    expected=504b0708$crc$little_size$little_size
  else
    expected=504b0708$crc${little_size:0:8}${little_size:0:8}
  fi
  bytes "$place" $((${#expected} / 2))
  [ "$REPLY" = "$expected" ] || wrong "${name#*/}: its size or checksum in the archive is not as it was written"
  ((place += ${#expected} / 2))

  if [ -z "$root" ]; then root=${name%%/*}; fi
  [ "${name%%/*}" = "$root" ] || wrong "$name is not in the bag's directory $root"
  name=${name#*/}
  [ -z "${sizes[$name]-}" ] || wrong "$name is there twice"
  sizes[$name]=$size
  members+=("$name")
  previous=$name
}

# expect_end: in REPLY, what follows the directory; uses check_zip's variables.
expect_end() {
  local record='' n4 n8 length8 start8
  little "${#members[@]}" 2
  n4=$REPLY
  if ((start >= 0xffffffff)); then
    little "${#members[@]}" 8
    n8=$REPLY
    little "$length" 8
    length8=$REPLY
    little "$start" 8
    start8=$REPLY
    little $((start + length)) 8
    record=504b06062c000000000000002d032d00'00000000'00000000$n8$n8$length8$start8
    record+=504b0607'00000000'${REPLY}01000000
  fi
  little "$length" 4
  record+=504b0506'00000000'$n4$n4$REPLY
  if ((start >= 0xffffffff)); then
    record+=ffffffff
  else
    little "$start" 4
    record+=$REPLY
  fi
  REPLY=${record}0000
}

# --- The package ----------------------------------------------------------------------------------------------------------

# take PATH AS: copies a small member into the temporary directory.
take() {
  [ -n "${sizes[$1]-}" ] || wrong "$1 is missing"
  unzip -p "$file" "$root/$1" >"$work/$2" 2>/dev/null || true
}

# hash PATH: in REPLY, SHA-256 of a member's content. What unzip says of its checksum is left to the comparison that follows.
hash() {
  REPLY=$({ unzip -p "$file" "$root/$1" 2>/dev/null || true; } | sha256sum)
  REPLY=${REPLY%% *}
}

check_package() {
  local path size sha256 originals=0 payload=0 payload_bytes=0 manifest lines='' taglines='' head_line
  check_zip

  # Who signed, and what: from here on manifest.json is believed.
  take manifest.json manifest.json
  take manifest.json.sig manifest.json.sig
  take tagmanifest-sha256.txt tagmanifest-sha256.txt
  take public-key.pem public-key.pem
  choose_key "$work/public-key.pem" public-key.pem
  signed_by "$key" "$work/manifest.json.sig" "$work/manifest.json" || unsigned
  manifest=$(<"$work/manifest.json")
  [[ $manifest =~ \"type\":\"hand_over_package\",\"version\":1[,}] ]] || wrong "manifest.json: this is no package of a kind known here"

  # Each file that it names.
  declare -A listed=()
  while IFS=$'\t' read -r path sha256 size; do
    [ -n "${sizes[$path]-}" ] || wrong "$path is missing"
    hash "$path"
    [[ $REPLY == "$sha256" && ${sizes[$path]} == "$size" ]] || wrong "$path is not the file that was signed: its SHA-256 is $REPLY, not $sha256"
    listed[$path]=$sha256
    case $path in
      data/*)
        lines+="$sha256  $path"$'\n'
        ((payload += 1, payload_bytes += size))
        ;;
      *) taglines+="$sha256  $path"$'\n' ;;
    esac
  done < <(grep -oE '\{"path":"[A-Za-z0-9._/-]+","sha256":"[0-9a-f]{64}","size":[0-9]+\}' "$work/manifest.json" \
    | sed -E 's/^\{"path":"([^"]*)","sha256":"([^"]*)","size":([0-9]+)\}$/\1\t\2\t\3/')
  for path in "${members[@]}"; do
    case $path in
      manifest.json | manifest.json.sig | tagmanifest-sha256.txt) ;;
      *) [ -n "${listed[$path]-}" ] || wrong "$path is not listed in manifest.json" ;;
    esac
  done
  for path in bagit.txt bag-info.txt manifest-sha256.txt public-key.pem data/report.json data/provenance.jsonld \
    data/custody/entries.jsonl data/custody/proofs.tsv data/custody/tree-head.json data/custody/tree-head.json.sig; do
    [ -n "${listed[$path]-}" ] || wrong "$path is missing"
  done

  # The bag.
  take bagit.txt bagit.txt
  take bag-info.txt bag-info.txt
  take manifest-sha256.txt manifest-sha256.txt
  printf 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n' | cmp -s - "$work/bagit.txt" || wrong "bagit.txt is not that of BagIt 1.0"
  printf '%s' "$lines" | cmp -s - "$work/manifest-sha256.txt" || wrong "manifest-sha256.txt lists other files than manifest.json"
  grep -qx "Payload-Oxum: $payload_bytes.$payload" "$work/bag-info.txt" || wrong "bag-info.txt counts other files than there are"
  for path in manifest.json manifest.json.sig; do
    hash "$path"
    taglines+="$REPLY  $path"$'\n'
  done
  printf '%s' "$taglines" | sort -k 2 | cmp -s - "$work/tagmanifest-sha256.txt" || wrong "tagmanifest-sha256.txt is not that of these files"

  # The ledger.
  take data/custody/tree-head.json tree-head.json
  take data/custody/tree-head.json.sig tree-head.json.sig
  take data/custody/entries.jsonl entries.jsonl
  take data/custody/proofs.tsv proofs.tsv
  signed_by "$key" "$work/tree-head.json.sig" "$work/tree-head.json" || wrong "data/custody/tree-head.json: its signature is wrong"
  head_line=$(<"$work/tree-head.json")
  [[ $manifest == *"\"treeHead\":$head_line,"* ]] || wrong "data/custody/tree-head.json is not the tree head that manifest.json names"
  check_entries "$head_line"

  # No original without a custody entry that has its hash.
  for path in "${members[@]}"; do
    case $path in
      data/originals/*)
        ((originals += 1))
        grep -qF "\"sha256\":\"${listed[$path]}\"" "$work/entries.jsonl" || wrong "$path: no ledger entry has its SHA-256"
        ;;
    esac
  done
  echo "OK: $root, ${#members[@]} files, $originals originals, $entries ledger entries under the tree head of size $head_size, key $id"
}

# unsigned: says which of the three it was, by what the bag's own manifest tells.
unsigned() {
  local path own
  for path in manifest.json manifest.json.sig; do
    hash "$path"
    grep -qxF "$REPLY  $path" "$work/tagmanifest-sha256.txt" || wrong "$path is not the file that was signed: the signature does not verify"
  done
  if [ -n "$trusted" ] && key_id "$work/public-key.pem"; then
    own=$REPLY
    [ "$own" = "$id" ] || wrong "manifest.json was signed with another key: $own, not $id"
  fi
  if [ -z "$trusted" ]; then
    wrong "public-key.pem is not the key that signed manifest.json, or manifest.json.sig is not its signature"
  fi
  wrong "manifest.json.sig is not a signature of manifest.json with the key $id"
}

# check_entries TREE-HEAD: each entry against the head; sets entries and head_size.
check_entries() {
  local entry proof position leaf path root_hash computed last=-1
  entries=0
  [[ $1 =~ ^\{\"at\":\"[0-9TZ:.-]+\",\"root\":\"([0-9a-f]{64})\",\"size\":([0-9]{1,18})\}$ ]] || wrong "data/custody/tree-head.json cannot be read"
  root_hash=${BASH_REMATCH[1]} head_size=${BASH_REMATCH[2]}
  exec 3<"$work/entries.jsonl" 4<"$work/proofs.tsv"
  while IFS= read -r entry <&3; do
    ((entries += 1))
    IFS= read -r proof <&4 || wrong "data/custody/proofs.tsv: ledger entry $entries has no proof"
    [[ $proof =~ ^([0-9]{1,18})$'\t'([0-9a-f]{64})$'\t'([0-9a-f,]*)$ ]] || wrong "data/custody/proofs.tsv: line $entries cannot be read"
    position=${BASH_REMATCH[1]} leaf=${BASH_REMATCH[2]} path=${BASH_REMATCH[3]}
    ((position > last && position < head_size)) || wrong "data/custody/proofs.tsv: line $entries: position $position is out of order, or beyond the tree head"
    last=$position
    computed=$({ printf '\0'; printf '%s' "$entry"; } | sha256sum)
    [ "${computed%% *}" = "$leaf" ] || wrong "data/custody/entries.jsonl: line $entries: ledger entry at position $position was edited: its leaf hash is ${computed%% *}, not $leaf"
    included "$position" "$head_size" "$leaf" "$root_hash" "$path" || wrong "data/custody/proofs.tsv: line $entries: ledger entry at position $position is not in the tree of the signed head"
  done
  if IFS= read -r proof <&4; then wrong "data/custody/entries.jsonl: the entry of line $((entries + 1)) is missing"; fi
  exec 3<&- 4<&-
  ((entries > 0)) || wrong "data/custody/entries.jsonl has no entry"
}

# --- A proof of filing, a tree head -----------------------------------------------------------------------------------------

# member NAME: in REPLY, a string of the JSON document. What is signed has no other escapes than these.
member() {
  local pattern="\"$1\"[[:space:]]*:[[:space:]]*\"(([^\"\\\\]|\\\\.)*)\"" quote='"'
  [[ $json =~ $pattern ]] || return 1
  REPLY=${BASH_REMATCH[1]}
  REPLY=${REPLY//\\u0022/$quote}
  REPLY=${REPLY//\\\"/$quote}
  REPLY=${REPLY//\\u002[Bb]/+}
  REPLY=${REPLY//\\\//\/}
  REPLY=${REPLY//\\n/$'\n'}
  [[ $REPLY != *\\* ]]
}

check_statement() {
  local statement what count
  json=$(tr -d '\0' <"$file")
  if member statement; then
    what=statement
  elif member signedText; then
    what=signedText
  else
    wrong "$file is no package, no proof of filing and no tree head"
  fi
  statement=$REPLY
  printf '%s' "$statement" >"$work/statement"
  member signature || wrong "the signature is missing"
  printf '%s' "$REPLY" | base64 -d >"$work/signature" 2>/dev/null || wrong "the signature is not base64"
  : >"$work/public-key.pem"
  if member publicKey; then printf '%s\n' "$REPLY" >"$work/public-key.pem"; fi
  choose_key "$work/public-key.pem" "the key of the file"
  if [ -s "$work/public-key.pem" ]; then
    key_id "$work/public-key.pem" || wrong "publicKey is not a public key"
    [ "$REPLY" = "$id" ] || wrong "publicKey is another key: $REPLY, not $id"
  elif [ "$what" = statement ]; then
    wrong "publicKey is missing"
  fi
  member keyId || wrong "keyId is missing"
  [ "$REPLY" = "$id" ] || wrong "keyId names another key: $REPLY, not $id"
  if [ "$what" = statement ]; then
    if ! member algorithm || [ "$REPLY" != ECDSA-P256-SHA256 ]; then wrong "the algorithm is not ECDSA-P256-SHA256"; fi
  fi
  signed_by "$key" "$work/signature" "$work/statement" || wrong "the $what or its signature was changed: it does not verify with the key $id"
  if [ "$what" = signedText ]; then
    [[ $statement =~ ^\{\"at\":\"([0-9TZ:.-]+)\",\"root\":\"([0-9a-f]{64})\",\"size\":([0-9]+)\}$ ]] || wrong "what was signed is no tree head"
    local at=${BASH_REMATCH[1]} root=${BASH_REMATCH[2]} size=${BASH_REMATCH[3]}
    if ! member root || [ "$REPLY" != "$root" ]; then wrong "root is not the one that was signed"; fi
    [[ $json =~ \"size\":[[:space:]]*${size}[,}[:space:]] ]] || wrong "size is not the one that was signed"
    echo "OK: tree head of size $size at $at, root $root, key $id"
    return
  fi
  [[ $statement =~ \"reference\":\"([A-Za-z0-9-]+)\",\"submittedAt\":\"([0-9TZ:.-]+)\",\"type\":\"proof_of_filing\",\"version\":1\}$ ]] || wrong "what was signed is no proof of filing"
  local reference=${BASH_REMATCH[1]} at=${BASH_REMATCH[2]}
  count=$(grep -oE '"sha256":"[0-9a-f]{64}","size":[0-9]+' "$work/statement" | wc -l || true)
  sed -E 's/\},?\{?/\n/g' "$work/statement" | sed -nE 's/.*"sha256":"([0-9a-f]{64})","size":([0-9]+),.*/\1  \2 bytes/p'
  echo "OK: proof of filing of $reference, submitted at $at, with $((count)) files, key $id"
}

bytes 0 4
if [ "$REPLY" = 504b0304 ]; then
  check_package
elif [ "$REPLY" = 504b0506 ] || [ "$(head -c 1 -- "$file" | tr -d '\0')" != '{' ]; then
  wrong "$file is no package, or its first bytes were changed"
else
  check_statement
fi
