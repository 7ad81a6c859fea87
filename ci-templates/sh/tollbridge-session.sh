#!/bin/sh
# tollbridge-session: keeps the credentials of a long CI job fresh. POSIX sh, curl, awk and openssl, beside tollbridge-exchange.sh.
#
# `start` shows the bridge the job's token once and leaves a process behind that renews what it got, with a handle that changes
# each time and a key that is in that process's memory only: in no file, no environment and no argument. `get` prints a
# credential in the form that a tool reads; `stop` ends all of it. docs/sessions.md says what a thief of each part can do.
# Functions of the other script read what is set here, and call what is defined here.
# shellcheck disable=SC2034,SC2317
set -u
case $- in *x*) set +x; printf '%s\n' 'tollbridge: tracing (set -x) is off in this script: it would print tokens' >&2 ;; esac
umask 077
LC_ALL=C
export LC_ALL
# What comes exported under these names would be handed to every program that is started here.
unset key handle attempt token config body answer credential text proof results

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd) || exit 2
[ -r "$here/tollbridge-exchange.sh" ] || {
    printf '%s\n' "tollbridge: $here/tollbridge-exchange.sh is missing: it has to stand beside this script" >&2
    exit 2
}
TOLLBRIDGE_AS_LIBRARY=yes
# shellcheck source=/dev/null
. "$here/tollbridge-exchange.sh"

usage() {
    cat <<'HELP'
Usage: tollbridge-session.sh start --dir DIR --url URL --target NAME... SOURCE [options]
       tollbridge-session.sh get --dir DIR --target NAME [--format FORMAT]
       tollbridge-session.sh stop --dir DIR

start   opens a session with the bridge and leaves a process that renews its credentials
get     prints a credential that is good for a while, half a minute at least, or says why there is none
stop    ends the session and everything it was given

  --dir DIR                a folder of this job's own; made (0700) by start, removed by stop
  --url URL                the bridge (also TOLLBRIDGE_URL): https, or http on this machine
  --target NAME            what a credential is for; start takes several
  SOURCE                   one of:
  --token-file FILE        the token to show
  --token-variable NAME    take it from this variable
  --azure-devops           ask Azure Pipelines for it (the step maps System.AccessToken to SYSTEM_ACCESSTOKEN)
  --github                 ask GitHub Actions for it (the job needs permissions: id-token: write)
  --gitlab                 take it from the variable that the job's id_tokens set
  --gitlab-variable NAME   that variable; default TOLLBRIDGE_ID_TOKEN
  --audience TEXT          with --github: whom the token is for; default the bridge's URL
  --ttl SECONDS            how long credentials should live; default as long as allowed
  --out NAME=FORMAT:FILE   start: also keep the credential of target NAME in FILE (0600), renewed
  --watch PID              start: end when this process is gone; default whoever runs start; 0: nobody
  --format FORMAT          get: json, token, env, aws-process, kube-exec or google; default json
  --margin SECONDS         get: for how long it has to be good; default 30
  --ca-file FILE           authorities to believe instead of the platform's, PEM
  --help

The grant needs session: {max: ...}. Exit codes: 0 done; 1 refused; 2 wrong usage; 3 the bridge cannot be reached now.
HELP
}

# A format that does not fit a credential is no reason to end it here.
take_back() { :; }

# Of a credential's life, in hundredths, after which the next one is wanted.
readonly RENEW_AT=55
# Seconds for which a credential has to be good, to be given to a tool.
readonly MARGIN=30

base64url() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }

now() { date +%s; }

new_key() {
    key=$(openssl ecparam -name prime256v1 -genkey -noout 2>/dev/null) || wrong "openssl cannot make a P-256 key"
    # The last 64 bytes of a SubjectPublicKeyInfo are the point. Through files of nobody: base64 here, cut below.
    point=$(printf '%s\n' "$key" | openssl ec -pubout -outform DER 2>/dev/null | tail -c 64 | od -An -v -tx1 | tr -d ' \n')
    [ ${#point} -eq 128 ] || wrong "openssl cannot show the public key"
    jwk="{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"$(hex_base64url "${point%????????????????????????????????????????????????????????????????}")\",\"y\":\"$(hex_base64url "${point#????????????????????????????????????????????????????????????????}")\"}"
}

# Hex as base64url: 12 bits at a time, without the powers that small awks lack.
hex_base64url() {
    printf '%s\n' "$1" | awk '
    function digit(at) { return index("0123456789abcdef", substr($0, at, 1)) - 1 }
    function letter(six) { return substr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", six + 1, 1) }
    {
        whole = length($0)
        for (at = 1; at + 2 <= whole; at += 3) {
            bits = (digit(at) * 16 + digit(at + 1)) * 16 + digit(at + 2)
            out = out letter(int(bits / 64)) letter(bits % 64)
        }
        if (whole - at == 1) {
            bits = digit(at) * 16 + digit(at + 1)
            out = out letter(int(bits / 4)) letter(bits % 4 * 16)
        } else if (whole == at) out = out letter(digit(at) * 4)
        printf "%s", out
    }'
}

# An ECDSA signature as ASN.1 has it (hex on stdin), as JWS has it: r and s of 32 bytes each, hex.
raw_signature() {
    awk '
    function number(    length_, digits) {
        if (substr(text, at, 2) != "02") exit 1
        length_ = 2 * (16 * (index(hex, substr(text, at + 2, 1)) - 1) + index(hex, substr(text, at + 3, 1)) - 1)
        digits = substr(text, at + 4, length_)
        at += 4 + length_
        sub(/^(00)+/, "", digits)
        while (length(digits) < 64) digits = "0" digits
        if (length(digits) != 64) exit 1
        return digits
    }
    { text = text $0 }
    END {
        hex = "0123456789abcdef"
        gsub(/[ \n]/, "", text)
        if (substr(text, 1, 2) != "30") exit 1
        at = 5
        r = number()
        s = number()
        printf "%s%s", r, s
    }'
}

# Sets $proof: a DPoP proof (RFC 9449) for POST to the URL $1, with the nonce that was asked for last.
prove() {
    header=$(printf '{"typ":"dpop+jwt","alg":"ES256","jwk":%s}' "$jwk" | base64url)
    claims=$(printf '{"jti":"%s","htm":"POST","htu":"%s","iat":%s%s}' "$(openssl rand -hex 16)" "$1" "$(now)" \
        "${nonce:+,\"nonce\":\"$nonce\"}" | base64url)
    # What is signed is no secret; the key goes through a pipe.
    printf '%s' "$header.$claims" >"$dir/.signed"
    signature=$(printf '%s\n' "$key" | openssl dgst -sha256 -sign /dev/stdin "$dir/.signed" 2>/dev/null | od -An -v -tx1 | raw_signature)
    rm -f -- "$dir/.signed"
    [ ${#signature} -eq 128 ] || {
        say "tollbridge: openssl cannot sign"
        return 1
    }
    proof="$header.$claims.$(hex_base64url "$signature")"
}

# JSON as curl's configuration wants it.
in_config() { printf '%s' "$1" | awk '{ gsub(/\\/, "\\\\"); gsub(/"/, "\\\""); printf "%s", $0 }'; }

# Posts the JSON $2 to the path $1 with a proof; sets $status and $body. 3: no answer.
post() {
    tries=0
    while :; do
        prove "$url$1" || return 3
        config="url = \"$url$1\"
header = \"Content-Type: application/json\"
header = \"DPoP: $proof\"
data = \"$(in_config "$2")\""
        answer=$(call "the bridge" --dump-header "$dir/.headers" ${ca_file:+--cacert "$ca_file"} && printf '%s\n%s' "$status" "$body")
        code=$?
        config='' proof=''
        [ "$code" -eq 0 ] || return 3
        status=${answer%%
*}
        body=${answer#*
}
        answer=''
        nonce=$(awk 'tolower($1) == "dpop-nonce:" { sub(/\r$/, "", $2); if ($2 ~ /^[A-Za-z0-9._~-]+$/) print $2 }' "$dir/.headers")
        rm -f -- "$dir/.headers"
        [ -n "$nonce" ] && [ "$status" != 200 ] && [ "$tries" -eq 0 ] || return 0
        error=$(printf '%s' "$body" | json error) || error=$(printf '%s' "$body" | json results.0.error) || error=''
        [ "$error" = use_dpop_nonce ] || return 0
        tries=1
    done
}

# The next request's name, for when its answer is lost.
next_attempt() { attempt=$(openssl rand -hex 16); }

# Writes a file of the session as one step.
keep() { put "$dir/$1" "$2"; }

# Takes the results of the answer in $body for the names in $*: writes what came, sets $dues, and $failed to the rest.
take() {
    count=0
    failed=''
    for name in "$@"; do
        results=$(printf '%s' "$body" | json "results.$count") || results=''
        count=$((count + 1))
        if ends=$(printf '%s' "$results" | json expires_at) && ends=$(epoch "$ends"); then
            keep "$name.json" "$results"
            begins=$(now)
            dues=$(printf '%s\n' "$dues" | awk -v name="$name" 'NF == 2 && $1 != name')"
$name $((begins + (ends - begins) * RENEW_AT / 100))"
            hand_out "$name" "$results"
        else
            failed="$failed $name"
            reason=$(printf '%s' "$results" | json reason) || reason='no answer'
            say "$(date -u +%FT%TZ) $name: $(line "$reason") (receipt $(line "$(printf '%s' "$results" | json receipt)"))"
        fi
    done
    results=''
}

# Keeps the files that --out asked for.
hand_out() {
    printf '%s\n' "$outs" | while IFS= read -r wanted; do
        [ "${wanted%%=*}" = "$1" ] || continue
        rest=${wanted#*=}
        format=${rest%%:*}
        (shown "$2" && put "${rest#*:}" "$text") || say "$(date -u +%FT%TZ) ${rest#*:} is not written"
    done
}

# Sets $text to the credential of the result $1 in the form $format.
shown() {
    body=$1
    credential=$(member "$body" access_token) || exit
    expires=$(member "$body" expires_at) || exit
    type=$(member "$body" issued_token_type) || exit
    fits
    text=$(written) || exit
}

targets_json() {
    printf '['
    comma=''
    for name in "$@"; do
        printf '%s{"target":"%s"%s}' "$comma" "$name" "${ttl:+,\"ttl\":$ttl}"
        comma=,
    done
    printf ']'
}

open_session() {
    subject_token
    new_key
    nonce=''
    # shellcheck disable=SC2086 # names have no characters that a shell would split or expand at
    post /credentials "{\"subject_token\":\"$token\",\"session\":true,\"targets\":$(targets_json $targets)}" || exit "$UNAVAILABLE"
    token=''
    if [ "$status" != 200 ]; then
        # The first target's error is the request's.
        first=$(printf '%s' "$body" | json results.0) && body=$first
        refused
    fi
    handle=$(member "$body" handle) || exit
    plain_token "$handle" || wrong "the answer's handle is none"
    heartbeat=$(member "$body" session.heartbeat) || exit
    session=$(member "$body" session.id) || exit
    latest=$(member "$body" session.expires_at) || exit
    dues=''
    # shellcheck disable=SC2086
    take $targets
    if [ -n "$failed" ]; then
        say "tollbridge: not all of the targets were given"
        end_session
        exit "$NO"
    fi
    body=''
    keep handle "$handle"
    next_attempt
}

# Asks for the targets in $*; none: only to be heard. 1: the session is over; 3: again later.
renew() {
    post /session "{\"handle\":\"$handle\",\"attempt\":\"$attempt\",\"targets\":$(targets_json "$@")}" || return 3
    if next=$(printf '%s' "$body" | json handle) && plain_token "$next"; then
        handle=$next
        next=''
        keep handle "$handle"
        next_attempt
        take "$@"
        body=''
        [ -z "$failed" ] || return 3
        return 0
    fi
    reason=$(printf '%s' "$body" | json reason) || reason=''
    receipt=$(printf '%s' "$body" | json receipt) || receipt=''
    say "$(date -u +%FT%TZ) $(line "${reason:-status $status}")${receipt:+ (receipt $(line "$receipt"))}"
    body=''
    [ "$status" = 503 ] || [ -z "$reason" ] && return 3
    printf '%s %s\n' "$(line "$reason")" "$(line "$receipt")" >"$dir/ended"
    return 1
}

end_session() {
    [ -n "$handle" ] || return 0
    config="url = \"$url/revoke\"
data-urlencode = \"token=$handle\""
    (call "the bridge" --max-time 8 ${ca_file:+--cacert "$ca_file"}) && handle='' && rm -f -- "$dir/handle"
    config=''
}

# The process that stays, as start runs it. Its memory has the key and the handle; its arguments and its environment have
# neither.
agent() {
    { read -r key && read -r jwk && read -r handle && read -r attempt && read -r heartbeat && read -r url && read -r ca_file &&
        read -r ttl && read -r watch && read -r dues && read -r outs; } || wrong "agent is what start runs"
    exec </dev/null
    key=$(printf '%s\n' "$key" | openssl base64 -d -A)
    dues=$(printf '%s' "$dues" | tr ';' '\n')
    outs=$(printf '%s' "$outs" | tr ';' '\n')
    nonce=''
    rm -f -- "$errors"
    errors=$dir/.errors
    trap - EXIT
    trap '' HUP INT
    trap 'end_session; rm -rf -- "$dir"; exit 0' TERM
    beat=$(($(now) + heartbeat / 2))
    pause=2
    while :; do
        at=$(now)
        if [ ! -d "$dir" ] || { [ "$watch" -gt 0 ] && ! kill -0 "$watch" 2>/dev/null; }; then
            # The job is gone and nobody said so.
            [ -d "$dir" ] || errors=/dev/null
            end_session
            rm -rf -- "$dir"
            return
        fi
        wanted=$(printf '%s\n' "$dues" | awk -v at="$at" 'NF == 2 && $2 <= at { printf "%s ", $1 }')
        if [ -n "$wanted" ] || [ "$at" -ge "$beat" ]; then
            # shellcheck disable=SC2086
            renew $wanted
            case $? in
                0)
                    pause=2
                    beat=$(($(now) + heartbeat / 2))
                    ;;
                1) return ;;
                *)
                    # The same attempt again: the bridge may have answered, and the answer been lost.
                    rest "$pause"
                    [ "$pause" -ge 15 ] || pause=$((pause * 2))
                    continue
                    ;;
            esac
        fi
        rest 1
    done
}

# A signal ends a wait at once, and a foreground sleep only when it is over.
rest() {
    sleep "$1" &
    wait $!
}

start() {
    [ -n "$targets" ] || wrong "--target is missing"
    [ -n "$source" ] || wrong "give --token-file, --token-variable, --github, --gitlab or --azure-devops"
    [ -n "$url" ] || wrong "--url is missing; give it, or set TOLLBRIDGE_URL"
    url=${url%/}
    checked_url "$url"
    [ -z "$ca_file" ] || [ -r "$ca_file" ] || wrong "--ca-file: $ca_file cannot be read"
    case $ttl in *[!0-9]* | 0*) wrong "--ttl is a positive number of seconds" ;; esac
    case $watch in '' | *[!0-9]*) wrong "--watch is the number of a process" ;; esac
    [ "$source" != variable ] || case $token_variable in '' | [0-9]* | *[!A-Za-z0-9_]*) wrong "--token-variable is the name of a variable" ;; esac
    case $gitlab_variable in '' | [0-9]* | *[!A-Za-z0-9_]*) wrong "--gitlab-variable is the name of a variable" ;; esac
    command -v openssl >/dev/null 2>&1 || wrong "openssl is not installed"
    if ! mkdir -- "$dir" 2>/dev/null; then
        wrong "--dir: $dir cannot be made, or is there already"
    fi
    failed='' handle=''
    trap 'rm -f -- "$errors"; rm -rf -- "$dir"' EXIT
    open_session
    trap 'rm -f -- "$errors"' EXIT
    keep url "$url"
    [ -z "$ca_file" ] || keep ca-file "$ca_file"
    # It gets what it has to know through a pipe, and an environment in which no token is.
    printf '%s\n' "$(printf '%s\n' "$key" | openssl base64 -A)" "$jwk" "$handle" "$attempt" "$heartbeat" "$url" "$ca_file" "$ttl" "$watch" \
        "$(printf '%s' "$dues" | tr '\n' ';')" "$(printf '%s' "$outs" | tr '\n' ';')" |
        env -i PATH="$PATH" HOME="${HOME:-/}" ${https_proxy:+https_proxy="$https_proxy"} ${HTTPS_PROXY:+HTTPS_PROXY="$HTTPS_PROXY"} \
            ${no_proxy:+no_proxy="$no_proxy"} ${NO_PROXY:+NO_PROXY="$NO_PROXY"} ${SSL_CERT_FILE:+SSL_CERT_FILE="$SSL_CERT_FILE"} \
            ${CURL_CA_BUNDLE:+CURL_CA_BUNDLE="$CURL_CA_BUNDLE"} \
            "${TOLLBRIDGE_SH:-sh}" "$here/tollbridge-session.sh" agent --dir "$dir" >"$dir/log" 2>&1 &
    keep pid "$!"
    key='' handle=''
    say "session $session until $latest at the latest; its process is $!"
}

get() {
    file=$dir/$target.json
    case $target in '' | .* | *[!A-Za-z0-9._-]*) wrong "--target is the name of one target" ;; esac
    waited=0
    while :; do
        results=$(cat -- "$file" 2>/dev/null) || wrong "the session in $dir has no target $target"
        ends=$(printf '%s' "$results" | json expires_at) || wrong "$file is damaged"
        ends=$(epoch "$ends") || wrong "$file is damaged"
        [ "$((ends - $(now)))" -lt "$least" ] || break
        if [ "$((ends - $(now)))" -gt 0 ] && [ "$waited" -ge 5 ]; then
            break
        fi
        if [ -r "$dir/ended" ]; then
            IFS=' ' read -r reason receipt <"$dir/ended"
            say "refused: $reason (receipt $receipt)"
            say "The session is over, and so is this credential."
            exit "$NO"
        fi
        [ "$waited" -lt 20 ] || {
            say "tollbridge: $target is out of date and cannot be renewed now; $dir/log says why"
            exit "$UNAVAILABLE"
        }
        waited=$((waited + 1))
        sleep 1
    done
    shown "$results"
    printf '%s\n' "$text"
}

stop() {
    [ -d "$dir" ] || exit "$DONE"
    # Where the process is gone already, the files are enough to end what they hold.
    handle=$(cat -- "$dir/handle" 2>/dev/null) || handle=''
    url=$(cat -- "$dir/url" 2>/dev/null) || url=''
    ca_file=$(cat -- "$dir/ca-file" 2>/dev/null) || ca_file=''
    pid=$(cat -- "$dir/pid" 2>/dev/null) || pid=''
    case $pid in
        '' | *[!0-9]*) ;;
        *)
            # Another process may have its number by now.
            if [ ! -r "/proc/$pid/cmdline" ] || tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -q "tollbridge-session.sh agent"; then
                kill -TERM "$pid" 2>/dev/null
            fi
            waited=0
            while [ -d "$dir" ] && kill -0 "$pid" 2>/dev/null && [ "$waited" -lt 10 ]; do
                sleep 1
                waited=$((waited + 1))
            done
            ;;
    esac
    [ -d "$dir" ] || exit "$DONE"
    code=$DONE
    if [ -n "$handle" ] && [ -n "$url" ]; then
        plain_token "$handle" || wrong "$dir/handle is damaged"
        checked_url "$url"
        end_session
        [ -z "$handle" ] || code=$UNAVAILABLE
    fi
    rm -rf -- "$dir"
    exit "$code"
}

url=${TOLLBRIDGE_URL:-} target='' targets='' source='' token_file='' audience='' ttl='' format=json dir='' outs='' ca_file=''
gitlab_variable=TOLLBRIDGE_ID_TOKEN token_variable='' watch=$PPID least=$MARGIN

case ${1:-} in
    start | get | stop | agent)
        command=$1
        shift
        ;;
    --help | -h)
        usage
        exit "$DONE"
        ;;
    *) wrong "say start, get or stop" ;;
esac

while [ $# -gt 0 ]; do
    flag=$1
    shift
    case $flag in --*=*) set -- "${flag#*=}" "$@" && flag=${flag%%=*} ;; esac
    case $flag in
        --help | -h)
            usage
            exit "$DONE"
            ;;
        --github) chosen github && continue ;;
        --gitlab) chosen gitlab && continue ;;
        --azure-devops) chosen azure && continue ;;
        --dir | --url | --target | --token-file | --token-variable | --gitlab-variable | --audience | --ttl | --out | --watch | --format | --margin | --ca-file)
            [ $# -gt 0 ] || wrong "$flag needs a value"
            ;;
        *) wrong "$flag is no option of this script" ;;
    esac
    case $flag in
        --dir) dir=$1 ;;
        --url) url=$1 ;;
        --target)
            # The shell splits the list at spaces.
            case $1 in '' | .* | *[!A-Za-z0-9._-]*) wrong "--target is the name of a target" ;; esac
            target=$1
            targets="$targets $1"
            ;;
        --token-file) chosen file && token_file=$1 ;;
        --token-variable) chosen variable && token_variable=$1 ;;
        --gitlab-variable) gitlab_variable=$1 ;;
        --audience) audience=$1 ;;
        --ttl) ttl=$1 ;;
        --out)
            case $1 in
                [A-Za-z0-9]*=json:?* | [A-Za-z0-9]*=token:?* | [A-Za-z0-9]*=env:?* | [A-Za-z0-9]*=aws-process:?* | [A-Za-z0-9]*=kube-exec:?* | [A-Za-z0-9]*=google:?*) ;;
                *) wrong "--out is NAME=FORMAT:FILE" ;;
            esac
            case $1 in *[\;]*) wrong "--out: the file's name has a semicolon" ;; esac
            outs="$outs
$1"
            ;;
        --watch) watch=$1 ;;
        --format) format=$1 ;;
        --margin)
            case $1 in '' | *[!0-9]*) wrong "--margin is a number of seconds" ;; esac
            least=$1
            ;;
        --ca-file) ca_file=$1 ;;
    esac
    shift
done

case $dir in
    '') wrong "--dir is missing" ;;
    /*) ;;
    # The process that stays may find itself in another folder.
    *) dir=$PWD/$dir ;;
esac
case $format in json | token | env | aws-process | kube-exec | google) ;; *) wrong "--format is one of json, token, env, aws-process, kube-exec, google" ;; esac
command -v curl >/dev/null 2>&1 || wrong "curl is not installed"
command -v awk >/dev/null 2>&1 || wrong "awk is not installed"
# As a program of its own it would have tokens among its arguments.
case $(command -V printf) in *builtin*) ;; *) wrong "this shell has no printf of its own: use dash, busybox sh or bash" ;; esac
errors=$(mktemp "${TMPDIR:-/tmp}/tollbridge.XXXXXX") || exit "$USAGE"
trap 'rm -f -- "$errors"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
case $command in
    start) start ;;
    get) get ;;
    stop) stop ;;
    agent) agent ;;
esac
exit "$DONE"
